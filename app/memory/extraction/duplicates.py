"""Whether a new sentence says the same as one that is remembered, or the same and more.

Words that only stress and the endings of Japanese sentences count for nothing. One other name or number, or a negation,
makes another statement, however alike the two are.
"""

import re

from app.memory.context.variety import words_of

SAME_MEANING = 0.95
MOSTLY = 0.5  # of the words of a sentence that says more
STRESS = frozenset((
    "a", "an", "the", "really", "very", "quite", "much", "strongly", "also", "too", "just", "now", "currently", "still",
    "please", "always", "usually", "so", "ok", "okay", "well", "actually", "definitely",
))  # fmt: skip
ENDING = re.compile(r"[ぁ-ゖゝ-ゟ]+")
NEGATED = re.compile(r"\b(?:not|no|never|without|neither|nor)\b|n['’]t\b|ない|ません|ず(?:に|、)", re.IGNORECASE)
NUMBER = re.compile(r"\d+")


def says_the_same(new: str, old: str, similarity: float | None) -> bool:
    """Whether the old sentence says all that the new one does; `similarity` is their cosine, None when unknown."""
    if _negated(new) != _negated(old) or set(NUMBER.findall(new)) - set(NUMBER.findall(old)):
        return False
    return _telling(new) <= _telling(old) or (similarity or 0.0) >= SAME_MEANING


def says_more(new: str, old: str) -> bool:
    """Whether the new sentence says all that the old one does, and something else."""
    telling, told = _telling(new), _telling(old)
    return _negated(new) == _negated(old) and told < telling and len(told) >= MOSTLY * len(telling)


def _telling(text: str) -> frozenset[str]:
    words = words_of(text)
    return frozenset(word for word in words - STRESS if not ENDING.fullmatch(word)) or words


def _negated(text: str) -> bool:
    return NEGATED.search(text) is not None
