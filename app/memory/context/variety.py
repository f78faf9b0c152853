"""No piece twice, and no five paraphrases of one fact."""

from collections.abc import Iterable

from app.language.words import normalised, word_spans

SAME = 0.6  # of all their words two texts share so many: they say the same


def words_of(text: str) -> frozenset[str]:
    plain = normalised(text)
    return frozenset(plain[start:end] for start, end in word_spans(plain))


class Variety:
    """Remembers what was taken, and says whether another text brings anything new."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = [words_of(text) for text in taken]

    def admits(self, text: str) -> bool:
        """Whether the text is new; if so it is taken."""
        words = words_of(text)
        if not words or any(_says_the_same(words, other) for other in self._taken):
            return False
        self._taken.append(words)
        return True


def _says_the_same(one: frozenset[str], other: frozenset[str]) -> bool:
    shared = len(one & other)
    return shared >= SAME * len(one | other) or shared == len(one)
