"""Finds technologies in a text. Two technologies that serve the same purpose exclude each other."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache

from app.language.data import read_data

# "Go" is also a verb: it is the language only after "in", "with", "using" ..., or before a noun such as "service".
GO = re.compile(
    r"(?:\b(?:in|with|using|to|use|learn) |^)Go(?= |[.,]|$)(?! (?:to|on|ahead|back|through|over|with)\b)|\bGo (?:linter|service|module|code|"
    r"program|tool|backend)\b|Go(?:言語|[でへはを]|に(?!な)|の(?:バージョン|コード|サービス|実装))"
)
WHOLE_WORD = r"(?<![A-Za-z0-9_]){}(?![A-Za-z0-9_])"
SOURCE_BEFORE = re.compile(
    r"(?:\bfrom|\binstead of|\brather than|\breplac\w+|\bdrop(?:ping)?|\bremov\w+|\bleav\w+|\bnot|\boff)\s+(?:the |our |old )?(?:\w+ )?$",
    re.IGNORECASE,
)
SOURCE_AFTER = re.compile(
    r"^\s*(?:から(?!(?:メール|通知)?を?(?:配信|送信|送|届|通知|発送|発行|呼))|の?代わり|をやめ|ではなく|でなく|を(?:廃止|撤去|削除)| dumps?\b)"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A technology in a text; `source` when the text asks to replace or remove it. `start` and `end`: its place."""

    purpose: str
    name: str
    source: bool
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


_DATA = read_data(__file__, "technologies.toml")
PURPOSES: dict[str, dict[str, str]] = _DATA["purposes"]  # the pattern of each technology, without its word boundaries
ALL_PURPOSES = frozenset(PURPOSES)
LOOK_AROUND = re.compile(r"\(\?<?[=!](?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)")
FLAGS = re.compile(r"\(\?(?:-?i)?:|\\[a-z]|\[[^\]]*\]|\{[\d,]*\}")
RUN = re.compile(r"[^\W_]{2,}(?![?*])")
LONGEST_PART = 3  # characters


def parts_of(pattern: str) -> frozenset[str]:
    """Parts of two or three characters of which every match has one, in lower case; "" when a match may have none."""
    alternatives = FLAGS.sub(" ", LOOK_AROUND.sub(" ", pattern.lower())).split("|")
    runs = [RUN.findall(each) for each in alternatives]
    if not all(runs):
        return frozenset({""})
    return frozenset(run[:LONGEST_PART] if len(run) > LONGEST_PART else run[:2] for each in runs for run in each)


def _parts_in(text: str) -> frozenset[str]:
    plain = text.lower()
    return frozenset({"", *(plain[place : place + size] for place in range(len(plain)) for size in (2, LONGEST_PART))})


@lru_cache(maxsize=1024)
def pattern_of(purpose: str, name: str) -> re.Pattern[str]:
    """Compiled when a text may name the technology: a conversation names few of the hundreds."""
    return re.compile(WHOLE_WORD.format(f"(?:{PURPOSES[purpose][name]})"), re.IGNORECASE)


# All technologies in order, and the places of those that have a part in common.
_ALL = [(purpose, name) for purpose, technologies in PURPOSES.items() for name in technologies]
_PLACES: dict[str, list[int]] = {}
for _place, (_purpose, _name) in enumerate(_ALL):
    for _part in parts_of(PURPOSES[_purpose][_name]):
        _PLACES.setdefault(_part, []).append(_place)
SEVERAL: dict[str, tuple[str, re.Pattern[str], str]] = {
    name: (each["purpose"], re.compile(each["when"], re.IGNORECASE), each["otherwise"])
    for name, each in _DATA["several"].items()
}


def mentions_of(text: str, purposes: Collection[str] = ALL_PURPOSES) -> list[Mention]:
    """The technologies in the text, each once per purpose."""
    found = {}
    for purpose, name in candidates_of(text):
        if purpose not in purposes:
            continue
        if (match := pattern_of(purpose, name).search(text)) and _serves(name, purpose, text):
            found[purpose, name] = Mention(purpose, name, _is_source(text, match), *match.span())
    if "language" in purposes and (match := GO.search(text)):
        found["language", "Go"] = Mention("language", "Go", _is_source(text, match), *match.span())
    return list(found.values())


def candidates_of(text: str) -> list[tuple[str, str]]:
    """The technologies that the text may name, by the parts that every match has."""
    places = {place for part in _parts_in(text) for place in _PLACES.get(part, ())}
    return [_ALL[place] for place in sorted(places)]


def _serves(name: str, purpose: str, text: str) -> bool:
    """Whether the technology serves this purpose in this text; a technology may serve several."""
    if name not in SEVERAL:
        return True
    special, when, otherwise = SEVERAL[name]
    return purpose == (special if when.search(text) else otherwise)


def _is_source(text: str, match: re.Match[str]) -> bool:
    before, after = text[max(0, match.start() - 40) : match.start()], text[match.end() : match.end() + 20]
    return SOURCE_BEFORE.search(before) is not None or SOURCE_AFTER.search(after) is not None


def rivals_of(text: str) -> list[str]:
    """The lower-case names of all technologies that serve the purposes of those in the text; used as search terms."""
    purposes = {mention.purpose for mention in mentions_of(text)}
    return sorted({name.lower() for purpose in purposes for name in PURPOSES[purpose]})
