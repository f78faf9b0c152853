"""Words of a text, split in the same way as sql/migrations/0007_search.sql, and their English stems."""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from app.lean_imports import skip_init

skip_init("snowballstemmer")  # the package loads the stemmers of all its languages, which take 4 MB and 50 ms

from snowballstemmer.english_stemmer import EnglishStemmer  # noqa: E402

CJK = "ぁ-ゖゝ-ゟァ-ヺー-ヿ㐀-䶿一-鿿々〆가-힣"
CJK_RUN = re.compile(f"[{CJK}]+")
WORD = re.compile(rf"(?:(?![{CJK}])[^\W_])+")
# Characters that only change how others look: soft hyphens, variation selectors, skin tones.
APPEARANCE = re.compile(r"[\u00ad\u2060\ufe00-\ufe0f\ufeff\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]")
EMOJI = (
    r"\u2190-\u21ff\u231a-\u23ff\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u2712\u2714-\u27bf\u2934\u2935"
    r"\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff"
)
FLAG = r"[\U0001f1e6-\U0001f1ff]{2}"
SYMBOL = re.compile(rf"{FLAG}|[{EMOJI}]|[0-9#*]\u20e3")
# 👩‍💻 is found by 👩, by 💻 and, best, by itself; the flag of Scotland by 🏴 and by itself.
SYMBOL_SEQUENCE = re.compile(rf"[{EMOJI}](?:(?:\u200d[{EMOJI}])+|[\U000e0020-\U000e007f]+)")

# C++, C# and .NET are found as written, and by their letters.
TECHNICAL_NAME = re.compile(r"(?<![a-z0-9.+#])(?:[a-z][a-z0-9]*(?:\+\+|#)|\.[a-z][a-z0-9]*)(?![a-z0-9+#])")


def normalised(text: str) -> str:
    """The text in NFKC form and lower case, without characters that only change how others look."""
    return unicodedata.normalize("NFKC", APPEARANCE.sub("", text)).lower()


def word_spans(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each word of a normalised text; in CJK text of each pair of neighbouring characters.

    An emoji or arrow is a word, and so are a sequence of emoji that is shown as one and a name such as C++.
    """
    for pattern in (WORD, SYMBOL, SYMBOL_SEQUENCE, TECHNICAL_NAME):
        for match in pattern.finditer(text):
            yield match.span()
    for match in CJK_RUN.finditer(text):
        start, end = match.span()
        if end - start == 1:
            yield start, end
        for place in range(start, end - 1):
            yield place, place + 2


def words_of(text: str) -> frozenset[str]:
    """The distinct words of a text, normalised."""
    plain = normalised(text)[: max(2 * len(text), 1000)]  # ﷺ becomes 18 characters
    return frozenset(plain[start:end] for start, end in word_spans(plain))


# How often is not when: "the nightly job" differs from "the job of last night", although their stems are the same.
# What is important is imported no more than custom is a customer.
KEPT_WHOLE = frozenset({"important", "hourly", "nightly", "weekly", "monthly", "quarterly", "yearly"})


class _OfThread(threading.local):
    """A stemmer holds the word that it is stemming, so each thread has its own."""

    def __init__(self) -> None:
        self.stemmer = EnglishStemmer()


@cache
def _of_thread() -> _OfThread:
    return _OfThread()


@lru_cache(maxsize=16_384)  # a stem takes about 0.1 ms
def stem(word: str) -> str:
    """The Snowball (Porter2) stem of a lower-case English word; a word of another script stays as it is."""
    if word in KEPT_WHOLE:
        return word
    result: str = _of_thread().stemmer.stemWord(word)
    return result
