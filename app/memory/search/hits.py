"""Makes hits of ranked candidates: their texts, snippets and reasons."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.memory.search.groups import Group
from app.memory.search.ranking import QueryWeights, Ranked
from app.memory.search.reasons import reasons_of
from app.memory.search.snippets import INDEXED_CHARACTERS, snippet
from resolvers.ports import Hit, HitReason
from sql.repositories.search import list_contents, list_decision_statuses
from sql.statements import Connection

LONG_CHARACTERS = 5000  # a snippet of a longer text takes a millisecond or more


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """What a search returns: `count` hits; `explain` adds the next candidates.

    `joined`: records that say one thing are one hit, and what has too little in common with the query is none.
    `timed`: the question names a time, and only entries of it are searched. `rated`: the ratings of the user count.
    """

    count: int
    excluded: UUID | None = None
    joined: bool = False
    explain: bool = False
    timed: bool = False
    rated: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The best groups and the candidates that lost, the texts of those that still exist, and the statuses of decisions.

    No connection is needed any more.
    """

    groups: Sequence[Group]
    lost: Sequence[tuple[Ranked, HitReason]]
    contents: Mapping[UUID, str]
    statuses: Mapping[UUID, str]


async def load_found(
    connection: Connection, user_id: str, groups: Sequence[Group], lost: Sequence[tuple[Ranked, HitReason]]
) -> Found:
    members = [each for group in groups for each in (group.head, *group.also)]
    candidates = [each.candidate for each in (*members, *(each for each, _ in lost))]
    ids = [each.subject_id for each in candidates]
    contents = await list_contents(connection, user_id, ids, characters=INDEXED_CHARACTERS)
    decisions = [each.subject_id for each in candidates if each.kind == "decision"]
    statuses = await list_decision_statuses(connection, user_id, decisions) if decisions else {}
    return Found(groups, lost, contents, statuses)


async def to_hits(found: Found, weights: QueryWeights, *, timed: bool) -> list[Hit]:
    """The hits, then the candidates that lost, each with the reason why as its last one."""
    hits = list[Hit]()
    for group in found.groups:
        members = [await _to_hit(each, found, weights, timed) for each in (group.head, *group.also)]
        existing = [each for each in members if each is not None]
        hits += [replace(existing[0], also=existing[1:])] if existing else []
    for each, reason in found.lost:
        lost = await _to_hit(each, found, weights, timed)
        if lost is not None:
            hits.append(replace(lost, reasons=[*lost.reasons, reason]))
    return hits


async def _to_hit(ranked: Ranked, found: Found, weights: QueryWeights, timed: bool) -> Hit | None:
    """None when the entry was deleted meanwhile."""
    candidate = ranked.candidate
    content = found.contents.get(candidate.subject_id)
    if content is None:
        return None
    if len(content) > LONG_CHARACTERS:
        await asyncio.sleep(0)  # other requests run between the snippets of 100 long texts
    return Hit(
        kind=candidate.kind,
        subject_id=candidate.subject_id,
        project_id=candidate.project_id,
        score=ranked.score,
        similarity=candidate.similarity,
        content=content,
        snippet=snippet(content, weights.by_word),
        occurred_at=candidate.occurred_at,
        status=found.statuses.get(candidate.subject_id),
        reasons=reasons_of(ranked, weights, timed=timed),
        rating=ranked.rating,
    )
