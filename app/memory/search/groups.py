"""Joins hits that say one thing: a message with the intent, the decision and the memories that were made from it.

Of two groups about a fact that changed, the present one comes first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.memory.search.ranking import Ranked
from sql.repositories.search_groups import list_made_records, list_replaced_records
from sql.statements import Connection

MOST_IN_GROUP = 5


@dataclass(frozen=True, slots=True)
class Group:
    """The best hit, and the others that say the same."""

    head: Ranked
    also: Sequence[Ranked] = ()


async def group_hits(
    connection: Connection, user_id: str, ranked: Sequence[Ranked], *, joined: bool = True
) -> list[Group]:
    """The hits in groups, best first; each hit alone unless `joined`."""
    ids = [each.candidate.subject_id for each in ranked]
    made = await list_made_records(connection, user_id, ids)
    replaced = await list_replaced_records(connection, user_id, sorted({*ids, *(effect for _, effect in made)}))
    groups = join(ranked, made if joined else [])
    return present_first(groups, made, replaced) if replaced else groups


def join(ranked: Sequence[Ranked], made: Iterable[tuple[UUID, UUID]]) -> list[Group]:
    """`made`: pairs of a record and one that was made from it."""
    names = {each.candidate.subject_id: each.candidate.subject_id for each in ranked}
    for cause, effect in made:
        if effect in names:
            names[effect], old = names[cause], names[effect]
            names.update({each: names[cause] for each, name in names.items() if name == old})
    members = dict[UUID, list[Ranked]]()
    for each in ranked:
        members.setdefault(names[each.candidate.subject_id], []).append(each)
    return [Group(first, also[:MOST_IN_GROUP]) for first, *also in members.values()]


def present_first(
    groups: Sequence[Group], made: Iterable[tuple[UUID, UUID]], replaced: Mapping[UUID, UUID]
) -> list[Group]:
    """The groups, each after the one with the record that replaced one of its own.

    A record belongs to the group of its message even when it is not a hit itself: a replaced memory is archived.
    """
    by_head = {group.head.candidate.subject_id: group for group in groups}
    records = {name: _records(group, made) for name, group in by_head.items()}
    order = list(by_head)
    for name in by_head:
        newer = {_newest(each, replaced) for each in records[name] if each in replaced} - records[name]
        place = order.index(name)
        later = next((each for each in order[place + 1 :] if records[each] & newer), None)
        if later is not None:
            order.remove(later)
            order.insert(place, later)
            by_head[later] = _raised(by_head[later], by_head[name].head.score)
    return [by_head[name] for name in order]


def _records(group: Group, made: Iterable[tuple[UUID, UUID]]) -> set[UUID]:
    ids = {each.candidate.subject_id for each in (group.head, *group.also)}
    return ids | {effect for cause, effect in made if cause in ids}


def _raised(group: Group, score: float) -> Group:
    """With the score of the group that it moves before, so that scores still order the hits."""
    return replace(group, head=replace(group.head, score=max(group.head.score, score)))


def _newest(record: UUID, replaced: Mapping[UUID, UUID]) -> UUID:
    seen = {record}
    while (following := replaced.get(record)) is not None and following not in seen:
        seen.add(following)
        record = following
    return record
