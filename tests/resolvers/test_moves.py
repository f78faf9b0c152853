"""Records move between projects, projects are archived, deleted and restored."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from app.assistant.record import load_record
from sql.repositories.memories import NewMemory, insert_memory
from tests.decided import decide_with
from tests.resolvers.conftest import Api
from tests.resolvers.test_projects import default_of, saved

MOVE = "mutation($ids: [ID!]!, $to: ID!) { moveToProject(ids: $ids, projectId: $to) }"
SEND = """mutation($input: SendMessageInput!) {
    sendMessage(input: $input) { message { id conversation { id } } reply { id } }
}"""
CREATE = "mutation($input: CreateIntentInput!) { createIntent(input: $input) { id status } }"
INTENT = "query($id: ID!) { intent(id: $id) { status contradictions { status } project { id } } }"
ARCHIVE = "mutation($id: ID!, $archived: Boolean) { archiveProject(id: $id, archived: $archived) { archived } }"
DELETE = "mutation($id: ID!) { deleteProject(id: $id) }"
RESTORE = "mutation($id: ID!) { restore(id: $id) { id __typename } }"
LISTS = """query($project: ID) {
    conversations(projectId: $project) { edges { node { id } } }
    intents(projectId: $project) { totalCount edges { node { id } } }
    specifications(projectId: $project) { edges { node { id } } }
    decisions(projectId: $project) { edges { node { id } } }
    memories(projectId: $project) { edges { node { id } } }
    notifications(projectId: $project) { edges { node { id } } }
    search(query: "database", projectId: $project) { node { __typename } project { id } }
}"""
# Every row that has a project, with what a move or a restored deletion must bring back.
STATE = """
SELECT 'conversation' AS kind, id, project_id, '' AS state FROM conversations
UNION ALL SELECT 'message', id, project_id, content FROM messages
UNION ALL SELECT 'intent', id, project_id, status FROM intents
UNION ALL SELECT 'specification', id, project_id, content FROM specifications
UNION ALL SELECT 'decision', id, project_id, concat_ws(' ', number, status, decided_at) FROM decisions
UNION ALL SELECT 'memory', id, project_id, content FROM memories
UNION ALL SELECT 'notification', id, project_id, '' FROM notifications
UNION ALL SELECT 'action', id, project_id, status FROM actions
UNION ALL SELECT 'entry', subject_id, project_id, '' FROM search_entries
"""


async def state(api: Api) -> dict[tuple[str, UUID], tuple[UUID | None, str]]:
    rows = await api.database.pool.fetch(STATE)
    return {(row["kind"], row["id"]): (row["project_id"], row["state"]) for row in rows}


async def fill(api: Api, project: str) -> dict[str, str]:
    """A conversation with all that can be made in it, a specification and a memory; their ids."""
    sent = (await api.data(SEND, input={"content": "The database is PostgreSQL", "projectId": project}))["sendMessage"]
    conversation, message = sent["message"]["conversation"]["id"], sent["message"]["id"]
    pool = api.database.pool
    decision = await decide_with(
        api.database, "Database: PostgreSQL", "PostgreSQL", topic="database", conversation_id=UUID(conversation)
    )
    made = {"conversation": conversation, "message": message, "decision": str(decision)}
    made["intent"] = str(
        await pool.fetchval(
            "INSERT INTO intents (user_id, description, actor, conversation_id, source_message_id) "
            "VALUES ('ann', 'tune the database', 'ann', $1, $2) RETURNING id", UUID(conversation), UUID(message)
        )
    )  # fmt: skip
    await pool.execute(
        "INSERT INTO notifications (user_id, title, message, notification_type, intent_id) "
        "VALUES ('ann', 't', 'm', 'info', $1)", UUID(made["intent"])
    )  # fmt: skip
    await pool.execute(
        "INSERT INTO actions (user_id, message_id, tool, summary, status, actor) "
        "VALUES ('ann', $1, 'remember', 's', 'done', 'ann')", UUID(message)
    )  # fmt: skip
    made["specification"] = str(
        await pool.fetchval(
            "INSERT INTO specifications (user_id, project_id, title, content, author) "
            "VALUES ('ann', $1, 'database', 'one', 'ann') RETURNING id", UUID(project)
        )
    )  # fmt: skip
    async with api.database.transaction() as connection:
        said = NewMemory("the database is large", source_kind="message", source_id=UUID(message))
        memory = await insert_memory(connection, "ann", said)
    assert memory is not None
    made["memory"] = str(memory.id)
    return made


async def test_a_conversation_moves_with_all_that_was_made_in_it_and_back(api: Api) -> None:
    default, other = await default_of(api), (await saved(api, name="other"))["id"]
    made = await fill(api, default)
    taken = await decide_with(api.database, "Database: MySQL", "MySQL", topic="database", project_id=UUID(other))
    before = await state(api)
    assert (await api.data(MOVE, ids=[made["conversation"]], to=other))["moveToProject"] == 1
    there = await state(api)
    stays = {UUID(made["specification"]), taken}
    assert {key for key, (project, _) in there.items() if project != UUID(other)} == {
        key for key in before if key[1] in stays - {taken}
    }
    assert there["decision", UUID(made["decision"])][1].startswith("2 proposed")
    assert (await api.data(MOVE, ids=[made["conversation"]], to=default))["moveToProject"] == 1
    after = await state(api)
    assert {key: after[key] for key in before} == before
    assert {kind for kind, _ in after.keys() - before.keys()} == {"notification"}  # of the contradiction there
    kinds = await api.database.pool.fetch("SELECT kind, payload FROM events WHERE payload ? 'fromProjectId'")
    assert {row["kind"] for row in kinds} == {
        "conversation_updated", "intent_updated", "decision_updated", "memory_updated"
    }  # fmt: skip


async def test_records_move_all_or_none(api: Api) -> None:
    default, other = await default_of(api), (await saved(api, name="other"))["id"]
    made = await fill(api, default)
    before = await state(api)
    movable = [made[each] for each in ("conversation", "intent", "specification", "decision", "memory")]
    archived = (await saved(api, name="old"))["id"]
    await api.data(ARCHIVE, id=archived)
    for ids, to, user, code in (
        ([*movable, str(uuid4())], other, "ann", "NOT_FOUND"),
        ([*movable, "no id"], other, "ann", "NOT_FOUND"),
        ([*movable, made["message"]], other, "ann", "BAD_USER_INPUT"),
        (movable, str(uuid4()), "ann", "NOT_FOUND"),
        (movable, archived, "ann", "CONFLICT"),
        (movable, await default_of(api, "bob"), "bob", "NOT_FOUND"),
        (movable, await default_of(api, "bob"), "ann", "NOT_FOUND"),
    ):
        assert await api.code(MOVE, user, ids=ids, to=to) == code
        assert await state(api) == before
    assert (await api.data(MOVE, ids=[*movable, made["memory"]], to=other))["moveToProject"] == 5
    assert {project for project, _ in (await state(api)).values()} == {UUID(other)}
    assert (await api.data(MOVE, ids=movable, to=other))["moveToProject"] == 0


async def unread(api: Api) -> list[str]:
    """The projects of the unread notifications."""
    listed = await api.data("{ notifications(unreadOnly: true) { edges { node { project { id } } } } }")
    return [each["node"]["project"]["id"] for each in listed["notifications"]["edges"]]


async def test_contradictions_are_those_of_the_project(api: Api) -> None:
    default, other = await default_of(api), (await saved(api, name="other"))["id"]
    await decide_with(api.database, "Database: PostgreSQL", "PostgreSQL", topic="database")
    wanted: dict[str, Any] = {"description": "Migrate the database to MySQL", "intentType": "TASK"}
    free = (await api.data(CREATE, input={**wanted, "projectId": other}))["createIntent"]
    held = (await api.data(CREATE, input={**wanted, "projectId": default}))["createIntent"]
    assert (free["status"], held["status"]) == ("PENDING", "AWAITING_CONFIRMATION")
    assert await unread(api) == [default]
    for to, status, count in ((other, "PENDING", 0), (default, "AWAITING_CONFIRMATION", 1)):
        await api.data(MOVE, ids=[held["id"]], to=to)
        found = (await api.data(INTENT, id=held["id"]))["intent"]
        assert (found["status"], len(found["contradictions"]), found["project"]["id"]) == (status, count, to)
        assert await unread(api) == [to] * count
    await api.data(MOVE, ids=[free["id"]], to=default)
    assert (await api.data(INTENT, id=free["id"]))["intent"]["status"] == "AWAITING_CONFIRMATION"
    assert await unread(api) == [default] * 2
    await api.data('mutation($id: ID!) { cancelIntent(id: $id, reason: "no") { id } }', id=free["id"])
    assert await unread(api) == [default]


async def test_an_archived_project_is_found_only_when_it_is_named(api: Api) -> None:
    other = (await saved(api, name="other"))["id"]
    await fill(api, other)
    assert await api.code(DELETE, id=other) == "CONFLICT"
    shown = await api.data(LISTS)
    assert await api.data(LISTS, project=other) == shown
    assert all(shown.values())
    await api.data(ARCHIVE, id=other)
    hidden = await api.data(LISTS)
    assert not hidden.pop("search")
    assert [each["edges"] for each in hidden.values()] == [[]] * 6
    assert await api.data(LISTS, project=other) == shown
    assert await api.code(CREATE, input={"description": "x", "projectId": other}) == "CONFLICT"
    assert await api.code(SEND, input={"content": "x", "projectId": other}) == "CONFLICT"
    await api.data(ARCHIVE, id=other, archived=False)
    assert await api.data(LISTS) == shown


async def test_a_deleted_project_is_restored_with_all_its_records(api: Api) -> None:
    other = (await saved(api, name="other"))["id"]
    made = await fill(api, other)
    deleted_before = made["specification"]
    await api.data("mutation($id: ID!) { deleteSpecification(id: $id) }", id=deleted_before)
    before = await state(api)
    await api.data(ARCHIVE, id=other)
    assert (await api.data(DELETE, id=other))["deleteProject"] == other
    assert await state(api) == {}
    trash = "{ trash { edges { node { __typename id } } } }"
    nodes = [each["node"]["__typename"] for each in (await api.data(trash))["trash"]["edges"]]
    assert nodes == ["Project", "Specification"]
    await saved(api, name="other", slug="other")
    assert (await api.data(RESTORE, id=other))["restore"] == {"id": other, "__typename": "Project"}
    assert await state(api) == before
    await api.data(DELETE, id=other)
    await api.data(RESTORE, id=deleted_before)
    assert {project for project, _ in (await state(api)).values()} == {UUID(await default_of(api))}


@pytest.mark.parametrize("change", [ARCHIVE, DELETE])
async def test_the_default_project_is_neither_archived_nor_deleted(api: Api, change: str) -> None:
    default = await default_of(api)
    assert await api.code(change, id=default) == "CONFLICT"
    assert await api.code(change, "bob", id=default) == "NOT_FOUND"
    assert await api.code(change, "vic", id=default) == "FORBIDDEN"
    empty = (await saved(api, name="empty"))["id"]
    await api.data(change, id=empty)


async def test_the_assistant_knows_the_record_of_the_project_and_the_profile(api: Api) -> None:
    default, other = await default_of(api), (await saved(api, name="other"))["id"]
    made = {project: await fill(api, project) for project in (default, other)}
    async with api.database.transaction() as connection:
        about = await insert_memory(connection, "ann", NewMemory("I like tea", profile=True))
        assert about is not None
        for ids in made.values():
            record = await load_record(connection, "ann", UUID(ids["conversation"]), UUID(ids["message"]), [])
            assert [str(each.id) for each in record.decisions] == [ids["decision"]]
            assert [str(each.id) for each in record.intents] == [ids["intent"]]
            assert [str(each.id) for each in record.specifications] == [ids["specification"]]
            assert {str(each.id) for each in record.memories} == {ids["memory"], str(about.id)}


async def test_profile_memories_belong_to_no_project_and_are_found_in_each(api: Api) -> None:
    save = """mutation($input: SaveMemoryInput!) { saveMemory(input: $input) { id project { id } } }"""
    default, other = await default_of(api), (await saved(api, name="other"))["id"]
    about = (await api.data(save, input={"content": "I like the database", "profile": True}))["saveMemory"]
    of_other = (await api.data(save, input={"content": "the database is old", "projectId": other}))["saveMemory"]
    of_default = (await api.data(save, input={"content": "the database is new"}))["saveMemory"]
    assert [each["project"] for each in (about, of_other, of_default)] == [None, {"id": other}, {"id": default}]
    for project, own in ((other, of_other), (default, of_default)):
        listed = await api.data(LISTS, project=project)
        assert [each["node"]["id"] for each in listed["memories"]["edges"]] == sorted(
            [own["id"], about["id"]], reverse=True
        )
        assert {each["project"] and each["project"]["id"] for each in listed["search"]} == {project, None}
    both = {"content": "x", "profile": True, "projectId": other}
    assert await api.code(save, input=both) == "BAD_USER_INPUT"
    for input, now_in in (({"profile": None}, None), ({"projectId": other, "profile": None}, {"id": other})):
        again = (await api.data(save, input={"id": about["id"], "content": "I like it", **input}))["saveMemory"]
        assert again["project"] == now_in
