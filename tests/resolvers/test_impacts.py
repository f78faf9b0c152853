"""What depends on a decision: the edges that changes leave, and the walk over them."""

import itertools
from datetime import timedelta
from typing import Any

import pytest

from sql.repositories.events import trim_events
from sql.repositories.impacts import MAX_DISTANCE, MAX_IMPACTS, MAX_PER_CAUSE, list_impacts
from sql.rows import JsonObject
from tests.resolvers.conftest import Api
from tests.resolvers.test_decisions import RECORD, record, rule

PREVIEW = """
query($id: ID!) { previewReversal(decisionId: $id) { distance reason key params node {
  __typename ... on Message { content } ... on Intent { description } ... on Specification { title }
  ... on Decision { title } ... on Memory { content }
} } }"""
BOTH = PREVIEW.replace("{ preview", "{ previewReversalNotice(decisionId: $id) { text key params } preview", 1)
SEND = 'mutation { sendMessage(input: {content: "build the orders"}) { message { id } reply { id } } }'
EDGE = "INSERT INTO record_causes (user_id, cause_kind, cause_id, effect_kind, effect_id, reason) VALUES"
INTENT = "INSERT INTO intents (user_id, description, actor) VALUES ($1, $2, $1) RETURNING id"
CONTEXT = """
INSERT INTO context_snapshots (subject_id, user_id, items, token_count, token_budget, assembled_ms)
VALUES ($1, 'ann', $2, 1, 1, 1) ON CONFLICT (subject_id) DO UPDATE SET items = EXCLUDED.items"""
WRITTEN = "UPDATE messages SET content = 'Use orders.', status = 'complete' WHERE id = $1"


async def impacts(api: Api, decision_id: str, user: str = "ann") -> list[tuple[str, int, str]]:
    """Text, distance and reason of each impact."""
    found = (await api.data(PREVIEW, user, id=decision_id))["previewReversal"]
    return [(next(reversed(each["node"].values())), each["distance"], each["reason"]) for each in found]


async def names(api: Api, decision_id: str) -> list[tuple[str, int]]:
    return [(text, distance) for text, distance, _ in await impacts(api, decision_id)]


async def intent(api: Api, description: str, user: str = "ann") -> Any:
    return await api.database.pool.fetchval(INTENT, user, description)


async def link(api: Api, cause: Any, *effects: Any, kind: str = "intent", user: str = "ann") -> None:
    await api.database.pool.executemany(
        f"{EDGE} ($1, $2, $3, 'intent', $4, 'given')", [(user, kind, cause, each) for each in effects]
    )


def item(layer: str, kind: str, source_id: Any) -> JsonObject:
    return {"layer": layer, "kind": kind, "source_id": str(source_id), "text": "x"}


async def test_a_context_makes_an_answer_depend_on_the_decisions_that_were_found_for_it(api: Api) -> None:
    pool = api.database.pool
    used, profile, old = await record(api), await rule(api, "Always review"), await rule(api, "Never log names")
    await api.data(
        'mutation($id: ID!) { setDecisionStatus(id: $id, status: WITHDRAWN, reason: "x") { id } }', id=old["id"]
    )
    reply = (await api.data(SEND))["sendMessage"]["reply"]["id"]
    items = [
        item("decision", "decision", used["id"]), item("profile", "decision", profile["id"]),
        item("decision", "decision", old["id"]),
    ]  # fmt: skip
    await pool.execute(CONTEXT, reply, items)
    assert await impacts(api, used["id"]) == []  # it has no text yet
    await pool.execute(WRITTEN, reply)
    [found] = (await api.data(PREVIEW, id=used["id"]))["previewReversal"]
    assert (found["node"], found["distance"]) == ({"__typename": "Message", "content": "Use orders."}, 1)
    assert found["reason"] == 'This answer was written with decision 1, "Use PostgreSQL".'
    assert (found["key"], found["params"]["cause"]["key"]) == ("impact.given.message", "record.decision_cited")
    assert await impacts(api, profile["id"]) == await impacts(api, old["id"]) == []
    await pool.execute(CONTEXT, reply, [item("decision", "decision", profile["id"])])
    assert await impacts(api, used["id"]) == []  # the reply was written again, without it
    assert await names(api, profile["id"]) == [("Use orders.", 1)]


async def test_changes_leave_edges_that_outlive_their_events(api: Api) -> None:
    pool = api.database.pool
    used = await record(api)
    sent = (await api.data(SEND))["sendMessage"]
    message, reply = sent["message"]["id"], sent["reply"]["id"]
    await pool.execute(WRITTEN, reply)
    await pool.execute(CONTEXT, reply, [item("semantic", "decision", used["id"])])
    work = await pool.fetchval(
        "INSERT INTO intents (user_id, description, actor, source_message_id) VALUES ('ann', 'Build', 'x', $1) "
        "RETURNING id", message,
    )  # fmt: skip
    await pool.execute(
        "INSERT INTO actions (user_id, message_id, tool, summary, status, actor, undo) "
        "VALUES ('ann', $1, 'create_intent', 'x', 'done', 'x', $2)",
        message, {"changes": [{"kind": "intent", "id": str(work), "before": None, "after": "x"},
                              {"kind": "decision", "id": used["id"], "before": {"title": "x"}, "after": "x"}]},
    )  # fmt: skip
    await pool.execute(
        "INSERT INTO specifications (user_id, title, content, author, intent_id) "
        "VALUES ('ann', 'Orders', 'c', 'x', $1)",
        work,
    )
    await pool.execute(
        "INSERT INTO memories (user_id, content, kind, source_kind, source_id) "
        "VALUES ('ann', 'Orders are in PostgreSQL', 'longterm', 'decision', $1)", used["id"],
    )  # fmt: skip
    later = await api.data(RECORD, input={"title": "Cache orders", "kind": "RULE", "sourceIds": [used["id"]]})
    async with api.database.transaction() as connection:
        assert await trim_events(connection, timedelta(days=-1), 1000) is not None
    cited = 'decision 1, "Use PostgreSQL"'
    expected = [
        ("Cache orders", 1, f"This decision was taken because of {cited}."),
        ("Orders are in PostgreSQL", 1, f"This memory was taken from {cited}."),
        ("Use orders.", 1, f"This answer was written with {cited}."),
        ("Build", 2, 'This was made because of the answer "Use orders.".'),
        ("Orders", 3, 'This specification was written for the work item "Build".'),
    ]
    assert await impacts(api, used["id"]) == expected
    rows = await pool.fetch("SELECT cause_kind, effect_kind, reason FROM record_causes WHERE cause_id = $1", message)
    assert {tuple(row) for row in rows} == {("message", "message", "answered"), ("message", "intent", "asked")}
    await api.data("mutation($id: ID!) { deleteIntent(id: $id) }", id=str(work))
    assert await impacts(api, used["id"]) == [
        *expected[:3], ("Orders", 3, "This specification was written for a record that was deleted."),
    ]  # fmt: skip
    await pool.execute("UPDATE memories SET archived = true")
    await api.data("mutation($id: ID!) { deleteDecision(id: $id) }", id=later["recordDecision"]["id"])
    assert [name for name, _ in await names(api, used["id"])] == ["Use orders.", "Orders"]


@pytest.mark.parametrize(("status", "reason"), [("modified", "changed"), ("rejected", "abandoned")])
async def test_what_was_settled_because_of_a_decision_depends_on_it(api: Api, status: str, reason: str) -> None:
    used = await record(api)
    work = await intent(api, "Build it on MySQL")
    await api.database.pool.execute("UPDATE intents SET status = 'cancelled' WHERE id = $1", work)
    contradiction = await api.database.pool.fetchval(
        "INSERT INTO contradictions (user_id, intent_id, kind, confidence, explanation, judge, "
        "conflicts_with_decision_id) VALUES ('ann', $1, 'tech_stack', 1, 'x', 'gate', $2) RETURNING id",
        work, used["id"],
    )  # fmt: skip
    assert await impacts(api, used["id"]) == []
    await api.database.pool.execute(
        "UPDATE contradictions SET status = $2, rationale = 'long enough', resolved_by = 'ann', resolved_at = now() "
        "WHERE id = $1", contradiction, status,
    )  # fmt: skip
    assert await impacts(api, used["id"]) == [
        ("Build it on MySQL", 1, f'This was {reason} because it contradicted decision 1, "Use PostgreSQL".')
    ]


async def test_the_walk_ends_in_chains_cycles_and_other_peoples_rows(api: Api) -> None:
    used = await record(api)
    a, b, c = [await intent(api, name) for name in "abc"]
    theirs = await intent(api, "theirs", "bob")
    await link(api, used["id"], a, kind="decision")
    await link(api, a, b, theirs)
    await link(api, b, c, a)
    await link(api, c, a)
    await link(api, theirs, await intent(api, "also theirs", "bob"), user="bob")
    assert await names(api, used["id"]) == [("a", 1), ("b", 2), ("c", 3)]
    await api.database.pool.execute("DELETE FROM intents WHERE id = ANY($1::uuid[])", [a, b])
    assert await names(api, used["id"]) == [("c", 3)]
    assert await api.code(PREVIEW, "bob", id=used["id"]) == "NOT_FOUND"
    assert await api.code(PREVIEW, id="no id") == "NOT_FOUND"
    await api.database.pool.execute("DELETE FROM users WHERE id = 'ann'")
    assert await api.database.pool.fetchval("SELECT array_agg(DISTINCT user_id) FROM record_causes") == ["bob"]


async def test_two_thousand_edges_stay_within_bounds_and_use_the_index(api: Api) -> None:
    used = await rule(api, "Always review")
    rows = await api.database.pool.fetch(
        "INSERT INTO intents (user_id, description, actor) SELECT 'ann', 'work ' || n, 'ann' "
        "FROM generate_series(1, 400) AS n RETURNING id"
    )
    ids = [row["id"] for row in rows]
    await link(api, used["id"], *ids[:100], kind="decision")
    for earlier, later in itertools.pairwise(ids[100 : 100 + MAX_DISTANCE + 5]):
        await link(api, earlier, later)
    await link(api, ids[99], ids[100])
    for cause in ids[80:86]:
        await link(api, cause, *(each for each in ids[100:] if each != ids[100]))
    assert await api.database.pool.fetchval("SELECT count(*) FROM record_causes") > 1_900
    async with api.database.connection() as connection:
        impacts = await list_impacts(connection, "ann", used["id"])
        found = impacts.listed
        assert impacts.is_cut
        assert len(found) <= MAX_IMPACTS
        assert [each.distance for each in found] == sorted(each.distance for each in found)
        assert sum(each.distance == 1 for each in found) == MAX_PER_CAUSE
        assert len({each.id for each in found}) == len(found)
        queries = [each for each in api.database.statements if "record_causes" in each]
        assert 0 < len(queries) <= 20
        plan = await connection.fetch(
            "EXPLAIN " + queries[0].replace("$1", "ARRAY[uuidv7()]").replace("$2", "ARRAY[uuidv7()]").replace(
                "$3", "50")
        )  # fmt: skip
    assert "Seq Scan on record_causes" not in "\n".join(row[0] for row in plan)


async def test_a_list_that_is_cut_says_so_also_when_nothing_of_it_is_shown(api: Api) -> None:
    used, chained = await rule(api, "Always review"), await rule(api, "Never log names")
    works = [await intent(api, f"work {number}") for number in range(MAX_PER_CAUSE + 1)]
    await link(api, used["id"], *works[1:], kind="decision")
    whole = await api.data(BOTH, id=used["id"])
    assert (len(whole["previewReversal"]), whole["previewReversalNotice"]) == (MAX_PER_CAUSE, None)
    await link(api, used["id"], works[0], kind="decision")
    cut = await api.data(BOTH, id=used["id"])
    assert len(cut["previewReversal"]) == MAX_PER_CAUSE
    assert (cut["previewReversalNotice"]["key"], cut["previewReversalNotice"]["params"]) == (
        "impact.cut",
        {"maximum": MAX_IMPACTS, "each": MAX_PER_CAUSE},
    )
    await api.database.pool.execute("UPDATE intents SET status = 'cancelled' WHERE id = ANY($1::uuid[])", works[1:])
    cut = await api.data(BOTH, id=used["id"])
    assert (cut["previewReversal"], cut["previewReversalNotice"]["key"]) == ([], "impact.cut")

    await link(api, chained["id"], works[0], kind="decision")
    for earlier, later in itertools.pairwise(works[:MAX_DISTANCE]):
        await link(api, earlier, later)
    assert (await api.data(BOTH, id=chained["id"]))["previewReversalNotice"] is None
    await link(api, works[MAX_DISTANCE - 1], works[MAX_DISTANCE])
    assert (await api.data(BOTH, id=chained["id"]))["previewReversalNotice"] is not None


async def test_the_records_found_for_a_todo_are_its_causes_if_they_are_its_users(api: Api) -> None:
    used, theirs = await record(api), await api.data(RECORD, "bob", input={"title": "x", "kind": "RULE"})
    related: list[Any] = [
        {"kind": "decision", "id": used["id"], "text": "x"}, {"kind": "decision", "id": used["id"]},
        {"kind": "decision", "id": theirs["recordDecision"]["id"]}, {"kind": "decision", "id": "no id"},
        {"kind": "planet", "id": used["id"]}, {"id": 7}, "text", None, 3, [used["id"]],
    ]  # fmt: skip
    create = "mutation($input: CreateIntentInput!) { createIntent(input: $input) { id } }"
    for metadata in ({"related": related}, {"related": 3}, {"related": {"kind": "decision", "id": "x"}}, {}):
        given = {"description": f"Review {len(str(metadata))}", "assignee": "PERSON", "metadata": metadata}
        made = await api.data(create, input=given)
    edges = await api.database.pool.fetch("SELECT user_id, cause_id, reason FROM record_causes")
    assert [(row["user_id"], str(row["cause_id"]), row["reason"]) for row in edges] == [("ann", used["id"], "given")]
    update = "mutation($input: UpdateIntentInput!) { updateIntent(input: $input) { id } }"
    await api.data(update, input={"id": made["createIntent"]["id"], "metadata": {"related": related}})
    assert [name for name, _ in await names(api, used["id"])] == [
        "Review 2",
        f"Review {len(str({'related': related}))}",
    ]
