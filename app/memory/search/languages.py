"""Keeps places among the hits for texts of the other language, for users who write both.

A text of the question's own language shares words with it, so it outscores one that says the same in the other
language. The best texts of the other language are found by the part of the vector that compares meaning alone, and get
every second place from the third on, as far as they are near enough.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import sqrt
from uuid import UUID

from app.memory.search.ranking import QueryWeights, Ranked, lexical_share

PLACES = (2, 4, 6, 8)  # from 0
# The cosine of a passage with a vector whose other half is zero is at most sqrt(0.5).
WHOLE = sqrt(2)
NEAR = 0.2  # cosine of the sentences; less is no answer in another language
SHARED = 0.1  # of the words of the question, translated or not; less is chance
MEANING = 1.2  # its weight next to that of the shared words, which are names in most cases


def keep_places(
    ranked: Sequence[Ranked], weights: QueryWeights, near: Mapping[UUID, float], *, translated: bool = False
) -> list[Ranked]:
    """The ranked candidates with those of the other language at their places, unless as many are there already.

    `near`: the similarities of the entries nearest to the question in meaning alone. A hit that moves up gets the score
    of the one that it precedes, so that scores still order the hits.
    """
    foreign = [
        each
        for each in ranked
        if each.candidate.japanese != weights.japanese
        and (_is_near(each, near) or (translated and lexical_share(each.candidate, weights) >= SHARED))
    ]
    if not foreign:
        return list(ranked)
    foreign.sort(key=lambda each: _score(each, weights, near), reverse=True)
    result = list(ranked)
    for count, place in enumerate(PLACES, 1):
        if sum(each.candidate.japanese != weights.japanese for each in result[: place + 1]) >= count:
            continue
        above = {each.candidate.subject_id for each in result[:place]}
        moved = next((each for each in foreign if each.candidate.subject_id not in above), None)
        if moved is None:
            break
        _move(result, moved, place)
    return result


def _move(result: list[Ranked], moved: Ranked, place: int) -> None:
    """Moves a candidate up to the place, with a score that fits there."""
    rest = [each for each in result if each.candidate.subject_id != moved.candidate.subject_id]
    score = rest[place].score if place < len(rest) else moved.score
    result[:] = [*rest[:place], replace(moved, score=max(score, moved.score), placed=True), *rest[place:]]


def _is_near(each: Ranked, near: Mapping[UUID, float]) -> bool:
    return WHOLE * near.get(each.candidate.subject_id, 0.0) > NEAR


def _score(each: Ranked, weights: QueryWeights, near: Mapping[UUID, float]) -> float:
    return lexical_share(each.candidate, weights) + MEANING * WHOLE * near.get(each.candidate.subject_id, 0.0)
