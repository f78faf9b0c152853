"""Compares a new memory with an existing one: a duplicate, or an extension of it.

Words of emphasis and the endings of Japanese sentences are ignored. A different name or number, or a negation, makes a
different statement, however similar the sentences are.
"""

import re

from app.language.data import read_data
from app.language.words import words_of

SAME_MEANING = 0.95  # cosine
LEAST_SHARE = 0.5  # the part of the words of an extension that the existing memory has
EMPHASIS = frozenset(read_data(__file__, "emphasis.toml")["words"])
ENDING = re.compile(r"[ぁ-ゖゝ-ゟ]+")
NEGATED = re.compile(r"\b(?:not|no|never|without|neither|nor)\b|n['’]t\b|ない|ません|ず(?:に|、)", re.IGNORECASE)
NUMBER = re.compile(r"\d+")


def is_duplicate(new: str, old: str, similarity: float | None) -> bool:
    """Whether `old` already says all that `new` says; `similarity` is their cosine, None when unknown."""
    if _negated(new) != _negated(old) or set(NUMBER.findall(new)) - set(NUMBER.findall(old)):
        return False
    return _content_words(new) <= _content_words(old) or (similarity or 0.0) >= SAME_MEANING


def is_extension(new: str, old: str) -> bool:
    """Whether `new` says all that `old` says, and more."""
    words, known = _content_words(new), _content_words(old)
    return _negated(new) == _negated(old) and known < words and len(known) >= LEAST_SHARE * len(words)


def _content_words(text: str) -> frozenset[str]:
    words = words_of(text)
    return frozenset(word for word in words - EMPHASIS if not ENDING.fullmatch(word)) or words


def _negated(text: str) -> bool:
    return NEGATED.search(text) is not None
