"""A query that is ready to be searched."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.memory.search.ranking import QueryWeights
from app.memory.search.reasons import HIRAGANA
from app.models.ports import Vector
from sql.repositories.search import QueryWord, Totals
from sql.repositories.search_ratings import SearchedQuery
from sql.service_rows import EmbeddingModelRow

# The rarest words that together occur in at most this many entries find candidates. More frequent words only add to the
# scores of these candidates.
MAX_LEXICAL_ENTRIES = 3000
MAX_TRANSLATED_ENTRIES = 500  # the same for translations, which are many


@dataclass(frozen=True, slots=True)
class Query:
    """A query: where it searches, its words with their weights, and its vector, if there is one.

    `text` is what was asked. `across` is the part of the vector that finds other languages. `synonyms` are words of the
    same concepts that occur, `translations` words of the other language that occur.
    """

    text: str
    scopes: Sequence[UUID]
    words: Sequence[QueryWord]
    totals: Totals
    weights: QueryWeights
    model: EmbeddingModelRow | None = None
    vector: Vector | None = None
    across: Vector | None = None
    synonyms: Sequence[QueryWord] = ()
    translations: Sequence[QueryWord] = ()

    @property
    def keys(self) -> list[int]:
        """The keys that find candidates by words."""
        return [
            *rare_keys(self.words),
            *rare_keys(self.synonyms),
            *rare_keys(self.translations, MAX_TRANSLATED_ENTRIES),
        ]

    @property
    def searched(self) -> SearchedQuery:
        """The query as ratings of hits are compared with it.

        In Japanese by terms alone: the offline vectors of two questions with the same end have a cosine of up to 0.9.
        """
        terms = sorted({word.term for word in self.words if HIRAGANA.fullmatch(word.term) is None})
        if self.weights.japanese or self.model is None:
            return SearchedQuery(self.text, terms)
        return SearchedQuery(self.text, terms, self.model.id, self.vector)


def rare_keys(words: Sequence[QueryWord], most: int = MAX_LEXICAL_ENTRIES) -> list[int]:
    """The keys of the rarest terms that together occur in at most `most` entries; at least one, if there are any."""
    keys, entries = list[int](), 0
    for word in sorted(words, key=lambda word: word.documents):
        entries += word.documents
        if keys and entries > most:
            break
        keys += word.keys
    return keys
