"""Splits a text into the parts of its times, in one pass."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import count

from app.language.times import english, japanese
from app.language.times.numeric import NUMERIC_RULES
from app.language.times.parts import Join, Nothing, Part, PartOfDay, Relation, Repeat, Token, Unread, Zone
from app.language.times.zones import ZONE_RULES

READ_CHARACTERS = 2000
ZONES_AND_MARKS = (*ZONE_RULES, *english.MARKS)  # the English rules contain them, for the other places


def _characters(rules: Sequence[tuple[str, object]]) -> str:
    """The characters beyond ASCII of the patterns: a part can begin with no other one."""
    return "".join(sorted({character for pattern, _ in rules for character in pattern if not character.isascii()}))


LETTERS = "(?<![a-z_])(?=[a-z])"
DIGITS = "(?=[0-9@()+~'-])"
KANJI = f"(?=[{_characters((*japanese.RULES, *ZONES_AND_MARKS))}])"
# Rules, with the places where their parts may begin. Earlier rules win at the same place.
PLACES = (
    (DIGITS, NUMERIC_RULES),
    (f"(?:{DIGITS}|{KANJI})", japanese.RULES),
    (KANJI, ZONES_AND_MARKS),
    (f"(?:{DIGITS}|{LETTERS})", english.RULES),
)
RULES = tuple(rule for _, rules in PLACES for rule in rules)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


@cache
def _any() -> re.Pattern[str]:
    """All rules as one pattern, so that a text is read in one pass; a rule is matched again for its groups.

    Compiled for the first text, because it takes a tenth of a second and most processes read none.
    """
    number = count()
    places = []
    for place, rules in PLACES:
        named = "|".join(f"(?P<rule{next(number)}>{pattern})" for pattern, _ in rules)
        places.append(f"{place}(?:{named})")
    return re.compile("|".join(places), re.ASCII)


GAP = re.compile(r"[\s,、]{0,3}")


@dataclass(frozen=True, slots=True)
class Plain:
    """A text in half-width forms and lower case; `places` maps each of its characters to the original text."""

    text: str
    places: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original text, its end exclusive."""
        return self.places[start], self.places[end - 1] + 1 if end > start else self.places[start]


def normalise(text: str) -> Plain:
    """The first characters of the text, in half-width forms and lower case."""
    if text.isascii():
        return Plain(text[:READ_CHARACTERS].lower(), range(min(len(text), READ_CHARACTERS)))
    characters: list[str] = []
    places: list[int] = []
    for index, character in enumerate(text[:READ_CHARACTERS]):
        for each in unicodedata.normalize("NFKC", character).lower().replace("’", "'"):
            characters.append(each)
            places.append(index)
    del characters[READ_CHARACTERS:]
    return Plain("".join(characters), tuple(places))


@lru_cache(maxsize=256)  # a sentence is read several times: as a request, as a deadline, as a change
def scan(plain: str) -> tuple[Token, ...]:
    """The parts of times in the text, in order. A part that no calendar or clock has is Unread."""
    tokens = list[Token]()
    for found in _any().finditer(plain):
        pattern, build = RULES[int(str(found.lastgroup)[4:])]
        match = _compiled(pattern).match(plain, found.start())
        if match is None or match.end() == match.start():
            continue
        try:
            parts = build(match)
        except (ValueError, OverflowError):
            parts = Unread()
        each: tuple[Part, ...] = parts if isinstance(parts, tuple) else (parts,)
        tokens += [Token(match.start(), match.end(), part) for part in each]
    return tuple(tokens)


@dataclass(frozen=True, slots=True)
class Group:
    """The parts of one time. `modifies`: it describes a noun ("the 3pm meeting", 「金曜の会議」)."""

    tokens: tuple[Token, ...]
    deadline: bool
    starts: bool
    modifies: bool

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end


def group(plain: str, tokens: Sequence[Token]) -> list[Group]:
    """The times of the text: parts with nothing between them, without the joining words around them."""
    runs: list[list[Token]] = []
    for token in tokens:
        if isinstance(token.part, Nothing):
            runs.append([])
        elif runs and runs[-1] and GAP.fullmatch(plain[runs[-1][-1].end : token.start]):
            runs[-1].append(token)
        else:
            runs.append([token])
    return [found for run in runs if (found := _to_group(plain, run)) is not None]


def _to_group(plain: str, run: list[Token]) -> Group | None:
    inner = [index for index, token in enumerate(run) if not isinstance(token.part, Join)]
    if not inner or not _says_time([run[index].part for index in inner]):
        return None
    before, after = run[: inner[0]], run[inner[-1] + 1 :]
    kept = run[inner[0] : inner[-1] + 1]
    roles = [token.part.role for token in run if isinstance(token.part, Join)]
    first_after = after[0].part.role if after and isinstance(after[0].part, Join) else None
    last_before = before[-1].part.role if before and isinstance(before[-1].part, Join) else None
    if last_before == "since":
        return None  # "since Monday the build fails" states no coming time
    if any(isinstance(token.part, Repeat) for token in kept):
        kept += [token for token in after if isinstance(token.part, Join) and token.part.role == "limit"]
    end = kept[-1].end
    of_noun = first_after == "of" and after[0].start == end and len(plain) > after[0].end
    return Group(
        tuple(kept),
        deadline="deadline" in roles,
        starts=first_after == "start",
        modifies=of_noun or last_before == "the" or plain.startswith("'s", end),
    )


def _says_time(parts: Sequence[Part]) -> bool:
    """Whether it is more than a zone, a greeting ("good morning") or the word "after"."""
    return any(
        not isinstance(part, Zone | Relation) and not (isinstance(part, PartOfDay) and part.weak) for part in parts
    )
