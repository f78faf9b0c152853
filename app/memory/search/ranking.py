"""Scores hits: words and meaning on one scale, plus a share of the scores of neighbouring messages.

The lexical score is a share of the highest score that the query allows (the sum of its idf), the semantic score is the
cosine. Neither depends on the other hits, so scores are comparable across pages and filters.
Japanese has weights of its own: its terms are pairs of characters, which are many and common, so idf and length count
more; the offline vectors cover it less well; a word in Latin letters is one term where a Japanese word is several, so
it counts as several. The weights were chosen on the development sets that `tests/bench/retrieval.py` measures.
A long answer of the assistant shares terms with most questions and gets a score from everything next to it, so the
share of the neighbours shrinks with the length of an entry.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from math import log
from uuid import UUID

from app.language.text import is_japanese
from app.language.words import CJK_RUN
from sql.repositories.search import Candidate, QueryWord, Totals


@dataclass(frozen=True, slots=True)
class Balance:
    """Weights of a language: `slope` is BM25's b, `power` the exponent of idf, `meaning` the weight of the cosine.

    `spelled` is the weight of a word that is not written in CJK characters. `across` is the weight of the cosine of an
    embedder for all languages.
    """

    slope: float
    power: float
    meaning: float
    across: float
    spelled: float


ENGLISH = Balance(slope=0.4, power=1.0, meaning=0.7, across=1.0, spelled=1.0)
JAPANESE = Balance(slope=0.7, power=1.5, meaning=0.3, across=0.7, spelled=3.0)

# The share of a neighbouring message's score. An answer follows its question, so the message before counts most.
NEIGHBOURS = {-1: 0.43, 1: 0.26, -2: 0.17, 2: 0.09}
REACH = 2
NEIGHBOURS_LENGTH = 40  # terms; a longer entry gets a smaller share of its neighbours' scores

OF_ASSISTANT = 0.95


@dataclass(frozen=True, slots=True)
class QueryWeights:
    """The weights of a query's words: by key for scoring, their sum `most` in one scope, and the plain idf by word.

    `meaning` is the weight of the cosine; `japanese`: the language of the query.
    """

    by_key: Mapping[int, float]
    by_word: Mapping[str, float]
    most: float
    balance: Balance
    meaning: float
    japanese: bool


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its fused score, and the part of it that comes from the messages next to it.

    `placed`: it has a place that is kept for its language. `rating`: that of its user for the query; `marked`: the one
    that counts, which may be that of a record that says the same.
    """

    candidate: Candidate
    score: float
    neighbours: float = 0.0
    placed: bool = False
    rating: str | None = None
    marked: str | None = None


def idf(documents: int, total: int) -> float:
    """BM25's idf: ln(1 + (N - n + 0.5) / (n + 0.5)). The counts are updated separately, so n may exceed N."""
    return log(1 + (max(total - documents, 0) + 0.5) / (documents + 0.5))


def weigh(query: str, words: Sequence[QueryWord], totals: Totals) -> QueryWeights:
    japanese = is_japanese(query)
    balance = JAPANESE if japanese else ENGLISH
    by_word = {word.word: idf(max(word.documents, 0), totals.documents) for word in words}
    weights = {
        word.word: by_word[word.word] ** balance.power * (1.0 if CJK_RUN.match(word.word) else balance.spelled)
        for word in words
    }
    by_key = {key: weights[word.word] for word in words for key in word.keys}
    most = sum(weights[word.word] for word in words)
    return QueryWeights(by_key, by_word, most, balance, balance.meaning, japanese)


def rank(candidates: Sequence[Candidate], weights: QueryWeights) -> list[Ranked]:
    """All candidates, best first; equal scores in descending order of id."""
    own = {each.subject_id: _own_score(each, weights) for each in candidates}
    turns = {(each.conversation_id, each.place): own[each.subject_id] for each in candidates if each.place is not None}
    ranked = list[Ranked]()
    for each in candidates:
        neighbours = _neighbour_score(each, turns)
        ranked.append(Ranked(each, own[each.subject_id] + neighbours, neighbours))
    return in_order(ranked)


def in_order(ranked: Iterable[Ranked]) -> list[Ranked]:
    return sorted(ranked, key=lambda each: (each.score, each.candidate.subject_id.bytes), reverse=True)


def prefer_user(ranked: Sequence[Ranked], of_assistant: Set[UUID]) -> list[Ranked]:
    """The assistant repeats what the user said, so of two equal messages that of the user comes first."""
    return in_order(
        replace(each, score=each.score * OF_ASSISTANT) if each.candidate.subject_id in of_assistant else each
        for each in ranked
    )


def _own_score(candidate: Candidate, weights: QueryWeights) -> float:
    return lexical_share(candidate, weights) + weights.meaning * max(candidate.similarity or 0.0, 0.0)


def lexical_share(candidate: Candidate, weights: QueryWeights) -> float:
    """The lexical score as a share of the highest that the query allows."""
    return candidate.lexical / weights.most if weights.most else 0.0


def _neighbour_score(candidate: Candidate, turns: Mapping[tuple[UUID | None, int], float]) -> float:
    if candidate.place is None:
        return 0.0
    conversation, place = candidate.conversation_id, candidate.place
    share = min(1.0, NEIGHBOURS_LENGTH / max(candidate.length, 1))
    return share * sum(weight * turns.get((conversation, place + step), 0.0) for step, weight in NEIGHBOURS.items())
