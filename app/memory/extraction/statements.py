"""Finds statements that are worth remembering, and compares them, by rules for English and Japanese."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from app.language.data import read_data
from app.language.words import words_of

DATA = read_data(__file__, "statements.toml")
# A full stop before a small letter or digit is in a name or number: example.com, v1.2.
SENTENCE = re.compile(r"(?:[^.!?。！？\n]|\.(?=[a-z0-9]))+(?:[.!?。！？]+|(?=\n)|$)|\n")
# Quotations, code, tags and lines of logs.
QUOTED = re.compile(
    r"```.*?(?:```|\Z)|^[ \t]*>[^\n]*|<[^<>]{1,200}>"
    r"|^[ \t]*\[?(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d[^\n]*|^[ \t]*\[?(?:INFO|WARN|ERROR|DEBUG)\b[^\n]*",
    re.DOTALL | re.MULTILINE,
)
NOT_OWN = re.compile("|".join(DATA["not_own"]), re.IGNORECASE | re.MULTILINE)
LEADS = re.compile(DATA["leads"], re.IGNORECASE)
TYPED_CHARACTERS = 2000  # a longer message is pasted, but for its first and its last paragraph
PARAGRAPHS = re.compile(r"\n[ \t]*\n")
LONGEST, SHORTEST = 300, 6
COMPARED_CHARACTERS = 4000  # a person may write a memory of 256 KB
NO_STATEMENT = re.compile("|".join(DATA["not_statements"]), re.IGNORECASE)
# Comparison: words of emphasis and the endings of Japanese sentences are ignored. A different name or number, or a
# negation, makes a different statement, however similar the sentences are.
SAME_MEANING = 0.95  # cosine
LEAST_SHARE = 0.5  # the part of the words of an extension that the existing memory has
EMPHASIS = frozenset(DATA["emphasis"])
ENDING = re.compile(r"[ぁ-ゖゝ-ゟ]+")
NEGATED = re.compile(r"\b(?:not|no|never|without|neither|nor)\b|n['’]t\b|ない|ません|ず(?:に|、)", re.IGNORECASE)
NUMBER = re.compile(r"\d+")
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
    """At most `most` statements worth remembering; quotations, code and pasted text are ignored."""
    sentences = (" ".join(match[0].split()) for match in SENTENCE.finditer(_own_words(text)))
    return list(islice((found for sentence in sentences if (found := _read(sentence)) is not None), most))


def _own_words(text: str) -> str:
    """What the user seems to have written: an instruction in a pasted page must not become a memory."""
    own = QUOTED.sub("\n", text)
    pasted = NOT_OWN.search(own)
    if pasted is not None:
        own = own[: pasted.start()]
    if len(own) > TYPED_CHARACTERS and len(paragraphs := PARAGRAPHS.split(own)) > 2:
        own = f"{paragraphs[0]}\n{paragraphs[-1]}"
    return own


def _read(sentence: str) -> Statement | None:
    if not SHORTEST <= len(sentence) <= LONGEST:
        return None
    plain = LEADS.sub("", unicodedata.normalize("NFKC", sentence))
    if len(plain) > LONGEST or NO_STATEMENT.search(plain):
        return None
    if WORKING.search(plain):
        return Statement(sentence, "fact", working=True)
    for tag, pattern in RULES:
        if match := pattern.search(plain):
            slot = next((group for group in match.groups() if group), "")
            return Statement(sentence, tag, slot.rstrip(".!").strip(" 、,").lower() or None)
    return None


def slot_of(content: str) -> str | None:
    """The slot of a remembered sentence."""
    statement = _read(content)
    return None if statement is None else statement.slot


def is_duplicate(new: str, old: str, similarity: float | None) -> bool:
    """Whether `old` already says all that `new` says; `similarity` is their cosine, None when unknown."""
    if is_negated(new) != is_negated(old) or set(NUMBER.findall(new)) - set(NUMBER.findall(old[:COMPARED_CHARACTERS])):
        return False
    return _content_words(new) <= _content_words(old[:COMPARED_CHARACTERS]) or (similarity or 0.0) >= SAME_MEANING


def is_extension(new: str, old: str) -> bool:
    """Whether `new` says all that `old` says, and more."""
    if len(old) > COMPARED_CHARACTERS:
        return False
    words, known = _content_words(new), _content_words(old)
    return is_negated(new) == is_negated(old) and known < words and len(known) >= LEAST_SHARE * len(words)


def shared_words(one: str, other: str) -> float:
    """The part of the words of the text with fewer words that the other one has, in 0..1."""
    words, others = _content_words(one[:COMPARED_CHARACTERS]), _content_words(other[:COMPARED_CHARACTERS])
    return len(words & others) / max(1, min(len(words), len(others)))


def _content_words(text: str) -> frozenset[str]:
    words = words_of(text)
    return frozenset(word for word in words - EMPHASIS if not ENDING.fullmatch(word)) or words


def is_negated(text: str) -> bool:
    return NEGATED.search(text) is not None
