"""One thing said once is one hit, and the present fact comes before the one that it replaced."""

from uuid import UUID, uuid4

import pytest

from app.memory.search.groups import Group, join, present_first
from app.memory.search.ranking import Ranked
from sql.repositories.nearest import SearchFilter
from tests.decided import decide_with
from tests.memory.conftest import Memory
from tests.memory.test_languages import candidate

ANYTHING = SearchFilter()


def hits(*scores: float) -> list[Ranked]:
    return [Ranked(candidate(japanese=False), score) for score in scores]


def ids(ranked: list[Ranked]) -> list[UUID]:
    return [each.candidate.subject_id for each in ranked]


def shape(groups: list[Group], ranked: list[Ranked]) -> list[list[int]]:
    """The groups as places in the ranking."""
    known = ids(ranked)
    return [[known.index(each.candidate.subject_id) for each in (group.head, *group.also)] for group in groups]


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ([], [[0], [1], [2], [3]]),
        ([(0, 2)], [[0, 2], [1], [3]]),
        ([(3, 1)], [[0], [1, 3], [2]]),
        ([(1, 0), (1, 2)], [[0, 1, 2], [3]]),  # the intent and the decision of one message
        ([(0, 1), (1, 2), (2, 3)], [[0, 1, 2, 3]]),
        ([(0, 1), (2, 3), (1, 2)], [[0, 1, 2, 3]]),
    ],
)
def test_records_made_from_each_other_are_one_group(made: list[tuple[int, int]], expected: list[list[int]]) -> None:
    ranked = hits(0.9, 0.8, 0.7, 0.6)
    known = ids(ranked)
    pairs = [(known[cause], known[effect]) for cause, effect in made]
    assert shape(join(ranked, pairs), ranked) == expected


def test_a_cause_that_is_no_hit_joins_nothing() -> None:
    ranked = hits(0.9, 0.8)
    assert shape(join(ranked, [(ids(ranked)[0], uuid4())]), ranked) == [[0], [1]]


def test_the_present_group_takes_the_place_of_the_one_that_it_replaced() -> None:
    ranked = hits(0.9, 0.8, 0.7)
    first, second, third = ids(ranked)
    found = present_first(join(ranked, []), [], {first: third})
    assert shape(found, ranked) == [[2], [0], [1]]
    assert [group.head.score for group in found] == [0.9, 0.9, 0.8]
    assert shape(present_first(join(ranked, []), [], {third: first}), ranked) == [[0], [1], [2]]
    assert shape(present_first(join(ranked, []), [], {first: second, second: third}), ranked)[0] == [2]
    assert len(present_first(join(ranked, []), [], {first: second, second: first})) == 3  # never in an endless loop


def test_messages_are_ordered_by_the_memories_that_were_made_from_them() -> None:
    ranked = hits(0.9, 0.8)
    old, new = ids(ranked)
    earlier, present = uuid4(), uuid4()
    made = [(old, earlier), (new, present)]
    assert shape(present_first(join(ranked, made), made, {earlier: present}), ranked) == [[1], [0]]


async def test_a_decision_is_found_once_with_its_message(memory: Memory) -> None:
    (said,) = await memory.say("We use Kafka for the order queue")
    decided = await decide_with(memory.database, "Kafka for the order queue", "Kafka", topic="queue")
    await memory.value(
        "INSERT INTO decision_sources (user_id, decision_id, source_kind, source_id, place) "
        "VALUES ('ann', $1, 'message', $2, 1) RETURNING decision_id",
        decided,
        said,
    )
    await memory.index()
    (hit,) = await memory.search.search("ann", "order queue", ANYTHING, 10, joined=True)
    assert {hit.subject_id, *(each.subject_id for each in hit.also)} == {said, decided}
    assert len(await memory.search.search("ann", "order queue", ANYTHING, 10)) == 2
    limited = await memory.search.search("ann", "order queue", SearchFilter(kinds=["message"]), 10, joined=True)
    assert [(each.subject_id, each.also) for each in limited] == [(said, [])]


async def test_the_present_decision_comes_before_the_superseded_one(memory: Memory) -> None:
    old = await decide_with(memory.database, "Order queue: Kafka", "Kafka", topic="order queue")
    new = await decide_with(memory.database, "NATS for messages", "NATS", topic="order queue")
    await memory.value(
        "UPDATE decisions SET status = 'superseded', superseded_by = $2 WHERE id = $1 RETURNING id", old, new
    )
    await memory.index()
    found = [hit.subject_id for hit in await memory.search.search("ann", "order queue kafka", ANYTHING, 10)]
    assert found == [new, old]
