"""Words of a text, split in the same way as sql/migrations/0007_search.sql, and their English stems."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

CJK = "ぁ-ゖゝ-ゟァ-ヺー-ヿ㐀-䶿一-鿿々〆가-힣"
CJK_RUN = re.compile(f"[{CJK}]+")
WORD = re.compile(rf"(?:(?![{CJK}])[^\W_])+")


def normalised(text: str) -> str:
    """The text in NFKC form and lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def word_spans(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each word of a normalised text; in CJK text of each pair of neighbouring characters."""
    for match in WORD.finditer(text):
        yield match.span()
    for match in CJK_RUN.finditer(text):
        start, end = match.span()
        if end - start == 1:
            yield start, end
        for place in range(start, end - 1):
            yield place, place + 2


def words_of(text: str) -> frozenset[str]:
    """The distinct words of a text, normalised."""
    plain = normalised(text)
    return frozenset(plain[start:end] for start, end in word_spans(plain))


# How often is not when: "the nightly job" differs from "the job of last night", although their stems are the same.
KEPT_WHOLE = frozenset({"hourly", "nightly", "weekly", "monthly", "quarterly", "yearly"})


@cache
def _stemmer() -> Any:
    import snowballstemmer  # only here: it loads the stemmers of all its languages, in about 50 ms

    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=16_384)  # a stem takes about 0.1 ms
def stem(word: str) -> str:
    """The Snowball (Porter2) stem of a lower-case English word; a word of another script stays as it is."""
    if word in KEPT_WHOLE:
        return word
    result: str = _stemmer().stemWord(word)
    return result
