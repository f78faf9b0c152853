"""Where the words of a text lie, cut as sql/migrations/0007_search.sql cuts them."""

import re
import unicodedata
from collections.abc import Iterator

CJK = "ぁ-ゖゝ-ゟァ-ヺー-ヿ㐀-䶿一-鿿々〆가-힣"
CJK_RUN = re.compile(f"[{CJK}]+")
WORD = re.compile(rf"(?:(?![{CJK}])[^\W_])+")


def normalised(text: str) -> str:
    """Compatible forms made one, in lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def word_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each word of a normalised text begins and ends; of CJK text each pair of neighbouring characters."""
    for match in WORD.finditer(text):
        yield match.span()
    for match in CJK_RUN.finditer(text):
        start, end = match.span()
        if end - start == 1:
            yield start, end
        for place in range(start, end - 1):
            yield place, place + 2
