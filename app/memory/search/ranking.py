"""Scores hits: words and meaning on one scale, plus a share of the scores of neighbouring messages.

The lexical score is a share of the highest score that the query allows (the sum of its idf), the semantic score is the
cosine. Neither depends on the other hits, so scores are comparable across pages and filters.
Japanese has weights of its own: its terms are pairs of characters, which are many and common, so idf and length count
more; the offline vectors cover it less well; a word in Latin letters is one term where a Japanese word is several, so
it counts as several. The weights were chosen on two English conversations and half of each Japanese data set;
`tests/bench/retrieval.py` reports the results on the rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from uuid import UUID

from app.language.text import is_japanese
from app.language.words import CJK_RUN
from sql.repositories.search import Candidate, QueryWord, Totals


@dataclass(frozen=True, slots=True)
class Balance:
    """Weights of a language: `slope` is BM25's b, `power` the exponent of idf, `meaning` the weight of the cosine.

    `spelled` is the weight of a word that is not written in CJK characters.
    """

    slope: float
    power: float
    meaning: float
    spelled: float


ENGLISH = Balance(slope=0.2, power=1.0, meaning=0.7, spelled=1.0)
JAPANESE = Balance(slope=0.7, power=1.5, meaning=0.3, spelled=3.0)

# The share of a neighbouring message's score. An answer follows its question, so the message before counts most.
NEIGHBOURS = {-1: 0.43, 1: 0.26, -2: 0.17, 2: 0.09}
REACH = 2


@dataclass(frozen=True, slots=True)
class QueryWeights:
    """The weights of a query's words: by key for scoring, their sum `most` in one scope, and the plain idf by word."""

    by_key: Mapping[int, float]
    by_word: Mapping[str, float]
    most: float
    balance: Balance


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its fused score."""

    candidate: Candidate
    score: float


def idf(documents: int, total: int) -> float:
    """BM25's idf: ln(1 + (N - n + 0.5) / (n + 0.5)). The counts are updated separately, so n may exceed N."""
    return log(1 + (max(total - documents, 0) + 0.5) / (documents + 0.5))


def weigh(query: str, words: Sequence[QueryWord], totals: Totals) -> QueryWeights:
    balance = JAPANESE if is_japanese(query) else ENGLISH
    by_word = {word.word: idf(max(word.documents, 0), totals.documents) for word in words}
    weights = {
        word.word: by_word[word.word] ** balance.power * (1.0 if CJK_RUN.match(word.word) else balance.spelled)
        for word in words
    }
    by_key = {key: weights[word.word] for word in words for key in word.keys}
    return QueryWeights(by_key, by_word, sum(weights[word.word] for word in words), balance)


def rank(candidates: Sequence[Candidate], weights: QueryWeights) -> list[Ranked]:
    """All candidates, best first; equal scores in descending order of id."""
    own = {each.subject_id: _own_score(each, weights) for each in candidates}
    turns = {(each.conversation_id, each.place): own[each.subject_id] for each in candidates if each.place is not None}
    ranked = [Ranked(each, own[each.subject_id] + _neighbour_score(each, turns)) for each in candidates]
    return sorted(ranked, key=lambda each: (each.score, each.candidate.subject_id.bytes), reverse=True)


def _own_score(candidate: Candidate, weights: QueryWeights) -> float:
    lexical = candidate.lexical / weights.most if weights.most else 0.0
    return lexical + weights.balance.meaning * max(candidate.similarity or 0.0, 0.0)


def _neighbour_score(candidate: Candidate, turns: Mapping[tuple[UUID | None, int], float]) -> float:
    if candidate.place is None:
        return 0.0
    conversation, place = candidate.conversation_id, candidate.place
    return sum(weight * turns.get((conversation, place + step), 0.0) for step, weight in NEIGHBOURS.items())
