"""Reads what a text is about and what it asks for: its terms, actions, direction, negation and absolute claims."""

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from app.language.text import is_japanese
from app.language.words import stem

READ_CHARACTERS = 600
CLAIM_CHARACTERS = 400
WORD = re.compile(r"[A-Za-z][A-Za-z0-9_+#-]*|\d+(?:\.\d+)*")
JAPANESE_RUN = re.compile(r"[ァ-ヶー]{2,}|[一-龯々]{2,}|[一-龯](?=[のをにがはで])")


def _any_of(patterns: Sequence[str], ending: str = "") -> re.Pattern[str]:
    """A pattern for any of these; English ones match whole words with this ending."""
    bounded = (rf"\b(?:{each}){ending}\b" if each[0].isascii() and each[0] != "\\" else each for each in patterns)
    return re.compile("|".join(bounded), re.IGNORECASE)


_DATA = tomllib.loads(Path(__file__).with_name("wording.toml").read_text("utf-8"))
STOP = frozenset(_DATA["stop"])
GENERIC_JAPANESE = frozenset(_DATA["generic_japanese"])
ARTEFACTS = frozenset(_DATA["artefacts"])
SYNONYMS: dict[str, str] = _DATA["synonyms"]
NEGATION = re.compile(_DATA["negation"], re.IGNORECASE)
ACTIONS = {name: _any_of(patterns, "(?:s|es|d|ed|ing)?") for name, patterns in _DATA["actions"].items()}
AXES = {name: (_any_of(ends["one"]), _any_of(ends["other"])) for name, ends in _DATA["axes"].items()}
NO_TOPIC = (*ACTIONS.values(), *(end for ends in AXES.values() for end in ends))

_CLAIMS = _DATA["absolute_claims"]
ENGLISH_CLAIMS = [re.compile(pattern, re.IGNORECASE) for pattern in _CLAIMS["english"]]
ENGLISH_EXCEPTIONS = re.compile(_CLAIMS["english_exceptions"], re.IGNORECASE)
ABSOLUTE = re.compile(_CLAIMS["absolute"])
JAPANESE_RULE, JAPANESE_EVENT, JAPANESE_DEADLINE = (
    re.compile(_CLAIMS[name].replace("{absolute}", _CLAIMS["absolute"]))
    for name in ("japanese_rule", "japanese_event", "japanese_deadline")
)


@dataclass(frozen=True, slots=True)
class Wording:
    """`directions` maps an axis to the end that the text asks for, 0 or 1; a negation reverses it."""

    terms: frozenset[str]
    numbers: frozenset[str]
    names: frozenset[str]
    actions: frozenset[str]
    directions: dict[str, int]
    negated: bool

    @property
    def artefacts(self) -> frozenset[str]:
        return self.terms & _stems_of_artefacts()


def read_wording(text: str) -> Wording:
    """The wording of a sentence or an intent; of a long text only its first 600 characters."""
    return _read_wording(text[:READ_CHARACTERS])


@lru_cache(maxsize=4096)  # the same records are compared with each new intent; only beginnings, which are small
def _read_wording(text: str) -> Wording:
    plain = unicodedata.normalize("NFKC", text)[:READ_CHARACTERS]
    negated = NEGATION.search(plain) is not None
    actions = frozenset(name for name, pattern in ACTIONS.items() if pattern.search(plain))
    directions = {}
    for axis, (one, other) in AXES.items():
        this, that = one.search(plain), other.search(plain)
        if (this is None) != (that is None):
            # 禁止 is both a negation and an end of the axis, so it must not count twice.
            reversed_ = negated and not (axis == "being" and "禁止" in plain) and axis != "need"
            directions[axis] = int(this is None) ^ int(reversed_)
    return Wording(_terms(plain), *_particulars(plain), actions, directions, negated)


def _terms(plain: str) -> frozenset[str]:
    words = {word.lower() for word in WORD.findall(plain) if not word[0].isdigit()}
    synonyms = _stems_of_synonyms()
    terms = {synonyms.get(stem(word), stem(word)) for word in words if _is_topic(word)}
    for run in JAPANESE_RUN.findall(plain):
        parts = [run] if len(run) <= 2 or "ァ" <= run[0] <= "ー" else [run[i : i + 2] for i in range(len(run) - 1)]
        terms |= {synonyms.get(part, part) for part in parts if part not in GENERIC_JAPANESE and _is_topic(part)}
    return frozenset(terms)


def _is_topic(word: str) -> bool:
    """Whether the word names a subject; words for actions and directions do not."""
    if word in STOP or len(word) == 1:
        return False
    if stem(word) in _stems_of_artefacts():
        return True
    return not any(pattern.fullmatch(word) for pattern in NO_TOPIC)


def _particulars(plain: str) -> tuple[frozenset[str], frozenset[str]]:
    """Numbers and names, by which two texts with the same terms differ."""
    numbers = frozenset(word for word in WORD.findall(plain) if word[0].isdigit()) | frozenset(
        re.findall(r"\d+(?:\.\d+)*", plain)
    )
    capitalised = re.findall(r"(?<=[a-z,;:] )[A-Z][\w.]+", plain)
    people = re.findall(r"[一-龯]{1,4}(?=さん|様|氏|社)", plain)
    return numbers, frozenset(word.lower() for word in capitalised) | frozenset(people)


@cache
def _stems_of_synonyms() -> dict[str, str]:
    return {stem(word): stem(meaning) for word, meaning in SYNONYMS.items()}


@cache
def _stems_of_artefacts() -> frozenset[str]:
    return frozenset(stem(word) for word in ARTEFACTS)


def find_absolute_claim(text: str) -> str | None:
    """The words of an absolute claim ("always", "never", 必ず, 絶対); None when the text makes none."""
    for sentence in re.split(r"(?<=[.!?。！？\n])\s*", text[:2000]):
        if sentence.rstrip().endswith(("?", "？")):
            continue
        sentence = sentence[:CLAIM_CHARACTERS]  # one pattern reads the rest of the sentence after each word
        found = _claim_in_japanese(sentence) if is_japanese(sentence) else _claim_in_english(sentence)
        if found:
            return found
    return None


def _claim_in_english(sentence: str) -> str | None:
    if ENGLISH_EXCEPTIONS.search(sentence):
        return None
    return next((match[0] for pattern in ENGLISH_CLAIMS if (match := pattern.search(sentence.strip()))), None)


def _claim_in_japanese(sentence: str) -> str | None:
    if JAPANESE_EVENT.search(sentence) or JAPANESE_DEADLINE.search(sentence) or not JAPANESE_RULE.search(sentence):
        return None
    found = ABSOLUTE.search(sentence)
    return found[0] if found else None
