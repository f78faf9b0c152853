"""Finds statements that are worth remembering in a message, by rules for English and Japanese."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from app.language.data import read_data

DATA = read_data(__file__, "statements.toml")
SENTENCE = re.compile(r"[^.!?。！？\n]+(?:[.!?。！？]+|(?=\n)|$)|\n")
QUOTED = re.compile(r"```.*?(?:```|\Z)|^[ \t]*>.*$|<[^<>]{1,200}>", re.DOTALL | re.MULTILINE)
LONGEST, SHORTEST = 300, 6
NO_STATEMENT = re.compile("|".join(DATA["not_statements"]), re.IGNORECASE)
Tag = Literal["preference", "profile", "fact", "decision"]


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the user to remember. A later statement with the same `slot`, its subject, replaces it."""

    content: str
    tag: Tag
    slot: str | None = None
    working: bool = False


RULES: tuple[tuple[Tag, re.Pattern[str]], ...] = tuple(
    (rule["tag"], re.compile(rule["pattern"], re.IGNORECASE)) for rule in DATA["rules"]
)
WORKING = re.compile("|".join(DATA["working"]), re.IGNORECASE)


def find_statements(text: str, most: int = 3) -> list[Statement]:
    """At most `most` statements worth remembering; quotations and code are ignored."""
    found = list[Statement]()
    for match in SENTENCE.finditer(QUOTED.sub("\n", text)):
        statement = _read(" ".join(match[0].split()))
        if statement is not None and len(found) < most:
            found.append(statement)
    return found


def _read(sentence: str) -> Statement | None:
    plain = unicodedata.normalize("NFKC", sentence)
    if not SHORTEST <= len(plain) <= LONGEST or NO_STATEMENT.search(plain):
        return None
    if WORKING.search(plain):
        return Statement(sentence, "fact", working=True)
    for tag, pattern in RULES:
        if match := pattern.search(plain):
            slot = next((group for group in match.groups() if group), None)
            return Statement(sentence, tag, None if slot is None else slot.strip(" 、,").lower())
    return None


def slot_of(content: str) -> str | None:
    """The slot of a remembered sentence."""
    statement = _read(content)
    return None if statement is None else statement.slot
