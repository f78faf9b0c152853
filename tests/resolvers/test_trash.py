"""The trash: what is deleted disappears everywhere, and is restored with everything that belonged to it."""

from typing import Any

import pytest

from app.operations.trash import TrashRetention
from tests.identity.matrix import OWNED_ROWS, insert_rows
from tests.resolvers.conftest import Api

NAMES = "... on Conversation { title } ... on Message { content } ... on Intent { description } "
NAMES += "... on Specification { title } ... on Decision { title options { label } } ... on Memory { content }"
TRASH = (
    "query Trash($projectId: ID, $first: Int, $after: String) { "
    "trash(projectId: $projectId, first: $first, after: $after) { "
    "edges { deletedAt deletedBy node { __typename id " + NAMES + " } } pageInfo { hasNextPage endCursor } } }"
)
RESTORE = "mutation($id: ID!) { restore(id: $id) { __typename id } }"
NODE = "query($id: ID!) { node(id: $id) { id } }"
SEARCH = """
query { search(query: "of-ann", first: 50) { ...Found also { ...Found } } }
fragment Found on SearchHit { node { __typename ... on Node { id } } }
"""
KINDS = ("conversation", "message", "intent", "held", "specification", "decision", "memory")

# More rows that belong to those of the matrix, by foreign keys or by ids.
MORE_ROWS = (
    "INSERT INTO claude_code_sessions (user_id, intent_id, session_id) VALUES ('ann', '{intent}', 's1')",
    "INSERT INTO claude_code_executions (user_id, session_id, execution_order, tool_name, success) "
    "VALUES ('ann', 's1', 1, 'Bash', true)",
    "INSERT INTO context_snapshots (subject_id, user_id, items, token_count, token_budget, assembled_ms) "
    "VALUES ('{reply}', 'ann', '[]', 1, 2, 3), ('{intent}', 'ann', '[]', 1, 2, 3)",
    "INSERT INTO imported_conversations VALUES ('{conversation}', 'ann', 'claude', 'x', '', 'of-ann')",
    "INSERT INTO memories (user_id, content, kind, archived, superseded_by) "
    "VALUES ('ann', 'older', 'longterm', true, '{memory}')",
    "UPDATE specifications SET intent_id = '{intent}', title = 'of-ann 2', updated_at = now() WHERE user_id = 'ann'",
    "UPDATE intents SET superseded_by = '{intent}' WHERE id = '{todo}'",
    "INSERT INTO decisions (user_id, project_id, title, kind, topic, topic_key, status, author, superseded_by) "
    "SELECT user_id, project_id, 'older', 'rule', 't', 't', 'superseded', author, id FROM decisions "
    "WHERE user_id = 'ann'",
    "INSERT INTO contradictions (user_id, intent_id, kind, confidence, explanation, judge, conflicts_with_decision_id) "
    "VALUES ('ann', '{held}', 'tech_stack', 1, 'x', 'test', '{decision}')",
    "INSERT INTO contradictions (user_id, intent_id, kind, confidence, explanation, judge, specification_id) "
    "VALUES ('ann', '{held}', 'tech_stack', 1, 'x', 'test', '{specification}')",
    "DELETE FROM memory_work WHERE subject_id <> '{message}'",
)
CHANGING = ("events", "trash", "trash_rows", "term_changes", "term_statistics", "search_statistics", "rate_budgets")
INDEXING = "- 'revision' - 'embedded_with' - 'claimed_until'"


async def filled(api: Api) -> dict[str, str]:
    """The ids of ann's rows; bob has the same. The trash is empty."""
    pool = api.database.pool
    async with api.database.transaction() as connection:
        await insert_rows(connection, "bob")
        ids = await insert_rows(connection, "ann")
    for statement in ("DELETE FROM trash", *MORE_ROWS):
        await pool.execute(statement.format(**ids))
    return ids


async def rows(api: Api, user: str = "ann") -> dict[str, list[str]]:
    """Every row of the user, by table."""
    tables = await api.database.pool.fetch(
        "SELECT c.relname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'user_id' "
        "WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
    )
    found: dict[str, list[str]] = {}
    for (table,) in tables:
        if table not in CHANGING:
            without = INDEXING if table == "search_entries" else ""
            query = f"SELECT (to_jsonb(t) {without})::text FROM {table} AS t WHERE user_id = $1 ORDER BY 1"  # noqa: S608
            found[table] = [row[0] for row in await api.database.pool.fetch(query, user)]
    return found


def delete(kind: str) -> str:
    name = {"held": "Intent"}.get(kind, kind.capitalize())
    return f"mutation($id: ID!) {{ delete{name}(id: $id) }}"


async def trash(api: Api, user: str = "ann", **variables: Any) -> list[dict[str, Any]]:
    data = await api.data(TRASH, user, **variables)
    edges: list[dict[str, Any]] = data["trash"]["edges"]
    return edges


async def key_of(api: Api, record: str, user: str = "ann") -> str:
    (error,) = (await api(RESTORE, user, id=record))["errors"]
    return f"{error['extensions']['code']} {error['extensions']['key']}"


@pytest.mark.parametrize("kind", KINDS)
async def test_a_deleted_record_is_only_in_the_trash_and_is_restored_as_it_was(api: Api, kind: str) -> None:
    ids = await filled(api)
    before, of_bob = await rows(api), await rows(api, "bob")
    record = ids[kind]

    await api.data(delete(kind), id=record)

    assert await api.code(NODE, id=record) == "NOT_FOUND"
    assert record not in str(await api.data(SEARCH))
    assert await rows(api, "bob") == of_bob
    (edge,) = await trash(api)
    assert (edge["node"]["id"], edge["deletedBy"]) == (record, "ann")
    assert "of-ann" in str(edge["node"])
    if kind == "decision":
        assert [each["label"] for each in edge["node"]["options"]] == ["of-ann1", "of-ann2"]
    assert await trash(api, "bob") == []
    assert await key_of(api, record, "bob") == "NOT_FOUND trash.not_found"
    assert await api.code(RESTORE, "vic", id=record) == "FORBIDDEN"
    assert await key_of(api, ids["token"]) == "NOT_FOUND trash.not_found"

    restored = await api.data(RESTORE, id=record)

    assert restored == {"restore": {"__typename": edge["node"]["__typename"], "id": record}}
    assert await rows(api) == before
    assert await trash(api) == []
    assert await api.database.pool.fetchval("SELECT count(*) FROM trash_rows") == 0
    assert (record in str(await api.data(SEARCH))) == (kind != "conversation")
    assert await key_of(api, record) == "NOT_FOUND trash.not_found"
    kinds = await api.database.pool.fetch(
        "SELECT kind FROM events WHERE subject_id = $1 AND payload->'restored' = 'true'", record
    )
    assert [each["kind"] for each in kinds] == [f"{'intent' if kind == 'held' else kind}_created"]


async def test_all_kinds_deleted_one_after_the_other_are_restored_in_any_order(api: Api) -> None:
    ids = await filled(api)
    before = await rows(api)
    deleted = ("held", "memory", "message", "intent", "conversation", "decision", "specification")
    for kind in deleted:
        await api.data(delete(kind), id=ids[kind])
    assert [edge["node"]["id"] for edge in await trash(api)] == [ids[kind] for kind in reversed(deleted)]
    pages = await api.data(TRASH, first=2)
    assert pages["trash"]["pageInfo"]["hasNextPage"]
    later = await trash(api, first=2, after=pages["trash"]["pageInfo"]["endCursor"])
    assert [edge["node"]["id"] for edge in later] == [ids["conversation"], ids["intent"]]

    for kind in ("intent", "message", "decision", "held", "specification", "memory"):
        await api.data(RESTORE, id=ids[kind])

    # The message could not be without its conversation, so that was restored with it.
    assert await trash(api) == []
    assert await rows(api) == before


async def test_a_message_in_the_trash_shows_its_conversation_and_its_place(api: Api) -> None:
    ids = await filled(api)
    await api.database.pool.execute(
        "INSERT INTO messages (user_id, conversation_id, content, message_type) VALUES ('ann', $1, 'later', 'user')",
        ids["conversation"],
    )
    order = "SELECT subject_id::text FROM search_entries WHERE kind = 'message' AND user_id = 'ann' ORDER BY place"
    places = await api.database.pool.fetch(order)
    await api.data(delete("message"), id=ids["message"])
    await api.data(delete("conversation"), id=ids["conversation"])
    shown = "{ trash { edges { node { ... on Message { conversation { title } } } } } }"
    assert (await api.data(shown))["trash"]["edges"][1]["node"] == {"conversation": {"title": "of-ann"}}
    await api.data(RESTORE, id=ids["message"])
    assert await api.database.pool.fetch(order) == places


async def test_the_trash_of_a_project_has_only_its_records(api: Api) -> None:
    ids = await filled(api)
    await api.data(delete("message"), id=ids["message"])
    await api.data(delete("held"), id=ids["held"])  # of the default project
    (edge,) = await trash(api, projectId=ids["project"])
    assert edge["node"]["id"] == ids["message"]
    theirs = await api.database.pool.fetchval("SELECT id::text FROM projects WHERE user_id = 'bob' LIMIT 1")
    assert await api.code(TRASH, projectId=theirs) == "NOT_FOUND"


async def test_what_another_record_has_taken_the_place_of_is_not_restored(api: Api) -> None:
    record = (
        'mutation($t: String!) { recordDecision(input: {title: $t, topic: "database", kind: VALUE}) { id number } }'
    )
    first = (await api.data(record, t="PostgreSQL"))["recordDecision"]
    await api.data(delete("decision"), id=first["id"])
    second = (await api.data(record, t="MySQL"))["recordDecision"]
    assert second["number"] == first["number"] + 1
    response = await api(RESTORE, id=first["id"])
    (error,) = response["errors"]
    assert (error["extensions"]["key"], error["extensions"]["params"]) == (
        "trash.topic_decided", {"number": second["number"], "title": "MySQL"},
    )  # fmt: skip
    assert len(await trash(api)) == 1
    await api.data(delete("decision"), id=second["id"])
    await api.data(RESTORE, id=first["id"])
    assert await key_of(api, second["id"]) == "CONFLICT trash.topic_decided"

    ids = await filled(api)
    pool = api.database.pool
    await api.data(delete("memory"), id=ids["memory"])
    await pool.execute(OWNED_ROWS["memory"].format(**ids), "ann")
    assert await key_of(api, ids["memory"]) == "CONFLICT trash.memory_exists"
    await api.data(delete("specification"), id=ids["specification"])
    await pool.execute(
        "INSERT INTO specifications (id, user_id, title, content, author) VALUES ($1, 'ann', 'x', 'x', 'ann')",
        ids["specification"],
    )
    assert await key_of(api, ids["specification"]) == "CONFLICT trash.exists"
    await api.data(delete("message"), id=ids["message"])
    await pool.execute("DELETE FROM conversations WHERE id = $1", ids["conversation"])
    assert await key_of(api, ids["message"]) == "CONFLICT trash.owner_gone"


async def test_links_to_what_is_gone_for_good_are_left_out_and_a_key_used_again_is_not_taken_back(api: Api) -> None:
    ids = await filled(api)
    pool = api.database.pool
    await pool.execute("UPDATE intents SET idempotency_key = 'k' WHERE id = $1", ids["intent"])
    await api.data(delete("intent"), id=ids["intent"])
    await api.data(delete("conversation"), id=ids["conversation"])
    await pool.execute("DELETE FROM trash WHERE kind = 'conversation'")
    await pool.execute("UPDATE intents SET idempotency_key = 'k' WHERE id = $1", ids["todo"])
    await api.data(RESTORE, id=ids["intent"])
    row = await pool.fetchrow("SELECT * FROM intents WHERE id = $1", ids["intent"])
    assert row is not None
    assert (row["conversation_id"], row["source_message_id"], row["idempotency_key"]) == (None, None, None)
    assert await pool.fetchval("SELECT count(*) FROM notifications WHERE user_id = 'ann'") == 0


async def test_old_entries_are_deleted_for_good_and_an_erased_user_has_no_trash(api: Api) -> None:
    ids = await filled(api)
    pool = api.database.pool
    for kind in ("memory", "held", "conversation"):
        await api.data(delete(kind), id=ids[kind])
    await pool.execute("UPDATE trash SET deleted_at = now() - interval '31 days' WHERE kind <> 'memory'")
    assert await TrashRetention(api.database, days=30).empty() == 2
    assert len(await trash(api)) == 1
    assert await key_of(api, ids["held"]) == "NOT_FOUND trash.not_found"
    # The memory, its search entry, its rating and the memory that it superseded.
    assert await pool.fetchval("SELECT count(*) FROM trash_rows") == 4
    await pool.execute("DELETE FROM users WHERE id = 'ann'")
    assert await pool.fetchval("SELECT count(*) FROM trash_rows") == 0


async def test_every_foreign_key_is_one_that_the_trash_understands(api: Api) -> None:
    """A new table needs references of one column, and an `id` if a reference in it is set to null."""
    found = await api.database.pool.fetch("""
        SELECT c.conname FROM pg_constraint AS c
        WHERE c.contype = 'f' AND c.confrelid NOT IN ('users'::regclass, 'trash'::regclass) AND (
            cardinality(c.conkey) > 1 AND c.confdeltype <> 'a' OR c.confdeltype NOT IN ('a', 'c', 'n')
            OR c.confdeltype = 'n' AND NOT EXISTS (
                SELECT FROM pg_attribute WHERE attrelid = c.conrelid AND attname = 'id' AND atttypid = 'uuid'::regtype))
    """)
    assert {row["conname"] for row in found} <= {"embeddings_model_id_fkey", "decision_counters_project_id_fkey"}
