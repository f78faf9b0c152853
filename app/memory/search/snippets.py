"""The part of a found text that matches a query best."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice

from app.language.text import ELLIPSIS, cut_before
from app.language.words import WORD, normalised

INDEXED_CHARACTERS = 50_000  # as many as the search index reads of a text; see index_entry() in sql/migrations
SNIPPET_LENGTH = 160
LEAD = 40  # characters before the first match
MAX_WORDS = 64  # the words of a query with the highest weights
MAX_PLACES = 50  # of each word


def snippet(text: str, by_word: Mapping[str, float], *, length: int = SNIPPET_LENGTH) -> str:
    """At most `length` characters around the best matches; the beginning when no word matches.

    `by_word` has the weight of each word of the query, normalised. Each word is looked up a limited number of times.
    """
    plain = " ".join(text[:INDEXED_CHARACTERS].split())
    more = len(text) > INDEXED_CHARACTERS
    if len(plain) <= length and not more:
        return plain
    start = max(_best_start(plain, by_word, length - LEAD) - LEAD, 0)
    start = cut_before(plain, min(start, max(len(plain) - length, 0)))
    if start:
        start = _word_start(plain, start)
    end = cut_before(plain, min(start + length, len(plain)))
    return (ELLIPSIS if start else "") + plain[start:end].strip() + (ELLIPSIS if more or end < len(plain) else "")


def _best_start(plain: str, by_word: Mapping[str, float], reach: int) -> int:
    """The start of the first window of `reach` characters in which the query's words have the highest weight."""
    lowered = normalised(plain)[:INDEXED_CHARACTERS]
    words = sorted(by_word, key=lambda word: -by_word[word])[:MAX_WORDS]
    found = sorted((place, word) for word in words for place in _places(lowered, word))
    best, best_weight = 0, 0.0
    inside, weight, last = Counter[str](), 0.0, 0
    for start, first in found:
        while last < len(found) and found[last][0] < start + reach:
            word = found[last][1]
            weight += by_word[word] if not inside[word] else 0.0
            inside[word] += 1
            last += 1
        if weight > best_weight + 1e-9:
            best, best_weight = start, weight
        inside[first] -= 1
        weight -= by_word[first] if not inside[first] else 0.0
    if best and len(plain) != len(lowered):
        return _original_place(plain, best)
    return best


def _places(lowered: str, word: str) -> Iterator[int]:
    """Where the word occurs; words of letters and digits only as whole words."""
    places = islice(_occurrences(lowered, word), MAX_PLACES)
    if WORD.fullmatch(word) is None:
        return places
    return (
        place
        for place in places
        if not WORD.match(lowered[place - 1 : place]) and not WORD.match(lowered, place + len(word))
    )


def _occurrences(lowered: str, word: str) -> Iterator[int]:
    place = lowered.find(word)
    while place >= 0:
        yield place
        place = lowered.find(word, place + len(word))


def _original_place(plain: str, place: int) -> int:
    """The place in the text whose normal form is longer or shorter: ㌖ is five characters, ﾀﾞ is one."""
    return max(bisect_right(range(len(plain) + 1), place, key=lambda end: len(normalised(plain[:end]))) - 1, 0)


def _word_start(plain: str, start: int) -> int:
    """The start of the next word, if it is near."""
    space = plain.find(" ", start, start + LEAD // 2)
    return start if space < 0 else space + 1
