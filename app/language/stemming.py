"""English stems, so that forms of one word compare as equal. Search stems in PostgreSQL, with the same algorithm."""

from functools import cache, lru_cache
from typing import Any

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
