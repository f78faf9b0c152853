"""The part of a text that shows why it was found."""

from collections.abc import Mapping

from app.language.truncation import ELLIPSIS, cut_before
from app.language.words import normalised, word_spans

LENGTH = 160
LEAD = 40  # how much is shown before the first match


def snippet(text: str, by_word: Mapping[str, float], *, length: int = LENGTH) -> str:
    """At most `length` characters of plain text around the densest matches; the beginning where no word matches."""
    plain = " ".join(text.split())
    if len(plain) <= length:
        return plain
    start = max(_best_start(plain, by_word, length) - LEAD, 0)
    start = cut_before(plain, min(start, len(plain) - length))
    if start:
        start = _word_start(plain, start)
    end = cut_before(plain, min(start + length, len(plain)))
    return (ELLIPSIS if start else "") + plain[start:end].strip() + (ELLIPSIS if end < len(plain) else "")


def _best_start(plain: str, by_word: Mapping[str, float], length: int) -> int:
    """Where the window begins in which the query's words, each counted once, are worth most; the first such."""
    lowered = normalised(plain)
    if len(lowered) != len(plain):  # a form that becomes longer, such as ㌖, shifts places; near is good enough
        lowered = plain.lower()
    matches = [(start, lowered[start:end]) for start, end in word_spans(lowered) if lowered[start:end] in by_word]
    matches.sort()
    best, best_worth = 0, 0.0
    for place, (start, _) in enumerate(matches[:500]):
        inside = {word for at, word in matches[place : place + length] if at < start + length - LEAD}
        worth = sum(by_word[word] for word in inside)
        if worth > best_worth:
            best, best_worth = start, worth
    return best


def _word_start(plain: str, start: int) -> int:
    """The beginning of the next word, where one begins soon."""
    space = plain.find(" ", start, start + LEAD // 2)
    return start if space < 0 else space + 1
