"""Finds the work that overlaps other work, in paths or in the meaning of its description."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.language.words import normalised
from app.tools.paths import common_path

if TYPE_CHECKING:
    from app.language.lexicon import Word

MOST = 5
READ_CHARACTERS = 600
MOST_WORDS = 60  # each word of one text is compared with each of the other
# Of 0..1; from tests/data/overlaps.toml, where work on two parts of one thing has up to 0.64.
ALIKE = 0.66


@dataclass(frozen=True, slots=True)
class Work:
    """What is compared of an intent. Without a text, only its paths."""

    text: str
    paths: Sequence[str] = ()

    @property
    def characters(self) -> int:
        return len(self.text) + sum(map(len, self.paths))


def find_overlaps(own: Work, others: Sequence[Work]) -> list[tuple[int, str | None]]:
    """The places of the first others that overlap, at most MOST, with the path of both, or None for the same meaning.

    It takes up to a second, so it must not run in the event loop.
    """
    found: list[tuple[int, str | None]] = []
    for place, other in enumerate(others):
        path = common_path(own.paths, other.paths)
        if path is not None or (own.text and other.text and are_alike(own.text, other.text)):
            found.append((place, path))
        if len(found) == MOST:
            break
    return found


def are_alike(one: str, other: str) -> bool:
    """Whether two descriptions name the same work, in either language."""
    from app.gate.likeness import likeness  # imported with the first comparison, because its word lists take 1 MB

    words, other_words = words_to_compare(one), words_to_compare(other)
    return likeness(words, other_words).covered + likeness(other_words, words).covered >= 2 * ALIKE


def words_to_compare(text: str) -> "Sequence[Word]":
    """The first words of a text that say something."""
    from app.gate.likeness import content_of

    return content_of(normalised(text[:READ_CHARACTERS]))[:MOST_WORDS]
