"""Moves what the user rated (relevance feedback): a bounded factor on the score, for this user alone.

A rating also counts for the records that say the same as the rated one: the message that a memory was made from, and
the memories that were made from a message.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from app.memory.search.ranking import Ranked, in_order
from sql.repositories.search_groups import list_made_records
from sql.repositories.search_ratings import SearchedQuery, list_ratings
from sql.statements import Connection

# A useful hit of half the score of another one comes before it; the others come after what has half their score.
FACTORS: Mapping[str, float] = {"useful": 2.0, "wrong": 0.5, "outdated": 0.5}
LOWERED = frozenset({"wrong", "outdated"})


async def apply_ratings(
    connection: Connection, user_id: str, query: SearchedQuery, ranked: Sequence[Ranked]
) -> list[Ranked]:
    """The candidates in their order after the ratings; unchanged, and one statement, without ratings."""
    ids = [each.candidate.subject_id for each in ranked]
    own = await list_ratings(connection, user_id, ids, query)
    if not own:
        return list(ranked)
    return rated(ranked, own, _spread(own, await list_made_records(connection, user_id, ids)))


def rated(ranked: Sequence[Ranked], own: Mapping[UUID, str], ratings: Mapping[UUID, str]) -> list[Ranked]:
    """`own`: the ratings of the records themselves; `ratings`: those that count for them."""
    return in_order(
        replace(
            each,
            score=each.score * FACTORS[ratings[each.candidate.subject_id]],
            neighbours=each.neighbours * FACTORS[ratings[each.candidate.subject_id]],
            rating=own.get(each.candidate.subject_id),
            marked=ratings[each.candidate.subject_id],
        )
        if each.candidate.subject_id in ratings
        else each
        for each in ranked
    )


def lowered(ranked: Sequence[Ranked]) -> set[UUID]:
    """The records that got a lower score."""
    return {each.candidate.subject_id for each in ranked if each.marked in LOWERED}


def _spread(own: Mapping[UUID, str], made: Sequence[tuple[UUID, UUID]]) -> dict[UUID, str]:
    """The ratings, also of the records that were made from a rated one or that it was made from."""
    ratings = dict(own)
    for cause, effect in made:
        for rated_id, other in ((cause, effect), (effect, cause)):
            if rated_id in own:
                ratings.setdefault(other, own[rated_id])
    return ratings
