"""How a hit's score is made: words and meaning on one scale, and what the neighbouring turns add.

Words count as a share of the best score that the query could give (the sum of its idf), meaning as the cosine: two
scales that stay the same whatever else was found, so scores compare across pages and filters. Japanese is balanced
otherwise than English: pairs of characters are many and common, so rare ones count more and length more, the offline
vectors know less of it, and a word in Latin letters, which is one term where a Japanese word is several, counts as
several too. The weights were picked on two English conversations and on half of each Japanese set;
`tests/bench/retrieval.py` reports the rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from uuid import UUID

from app.language.detection import is_japanese
from app.language.words import CJK_RUN
from sql.repositories.search import Candidate, QueryWord, Totals


@dataclass(frozen=True, slots=True)
class Balance:
    """`slope` is BM25's b, `power` is put on idf, `meaning` is what the cosine counts beside the words.

    `spelled` is what a word counts that is not written in CJK characters.
    """

    slope: float
    power: float
    meaning: float
    spelled: float


ENGLISH = Balance(slope=0.2, power=1.0, meaning=0.7, spelled=1.0)
JAPANESE = Balance(slope=0.7, power=1.5, meaning=0.3, spelled=3.0)

# What a turn's neighbours add: an answer follows its question, so the turn before counts most.
NEIGHBOURS = {-1: 0.43, 1: 0.26, -2: 0.17, 2: 0.09}
REACH = 2


@dataclass(frozen=True, slots=True)
class QueryWeights:
    """What a query's words are worth: by key as they are scored, their sum, and the plain idf by word."""

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
    """BM25's: ln(1 + (N - n + 0.5) / (n + 0.5)). The counts may lag behind each other, hence the bound."""
    return log(1 + (max(total - documents, 0) + 0.5) / (documents + 0.5))


def weigh(query: str, words: Sequence[QueryWord], totals: Totals) -> QueryWeights:
    balance = JAPANESE if is_japanese(query) else ENGLISH
    by_word = {word.word: idf(max(word.documents, 0), totals.documents) for word in words}
    by_key = {
        word.key: by_word[word.word] ** balance.power * (1.0 if CJK_RUN.match(word.word) else balance.spelled)
        for word in words
    }
    return QueryWeights(by_key, by_word, sum(by_key.values()), balance)


def rank(candidates: Sequence[Candidate], weights: QueryWeights) -> list[Ranked]:
    """All candidates, the best first; equal ones by their ids, the latest first."""
    own = {each.subject_id: _own_score(each, weights) for each in candidates}
    turns = {(each.conversation_id, each.place): own[each.subject_id] for each in candidates if each.place is not None}
    ranked = [Ranked(each, own[each.subject_id] + _beside(each, turns)) for each in candidates]
    return sorted(ranked, key=lambda each: (each.score, each.candidate.subject_id.bytes), reverse=True)


def _own_score(candidate: Candidate, weights: QueryWeights) -> float:
    lexical = candidate.lexical / weights.most if weights.most else 0.0
    return lexical + weights.balance.meaning * max(candidate.similarity or 0.0, 0.0)


def _beside(candidate: Candidate, turns: Mapping[tuple[UUID | None, int], float]) -> float:
    if candidate.place is None:
        return 0.0
    conversation, place = candidate.conversation_id, candidate.place
    return sum(weight * turns.get((conversation, place + step), 0.0) for step, weight in NEIGHBOURS.items())
