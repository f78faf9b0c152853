"""Splits text into words, in the same way as sql/migrations/0007_search.sql."""

import re
import unicodedata
from collections.abc import Iterator

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
