"""Projects over GraphQL: the default one, saving, and what belongs to which."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from sql.repositories.actions import NewAction, Outcome, insert_action
from sql.repositories.decisions import insert_decision
from tests.decided import new_decision
from tests.resolvers.conftest import Api

SAVE = "mutation($input: SaveProjectInput!) { saveProject(input: $input) { id name slug description archived role } }"
SEND = """mutation($input: SendMessageInput!) {
    sendMessage(input: $input) { message { conversation { id project { id } } } }
}"""
CREATE = """mutation($input: CreateIntentInput!) {
    createIntent(input: $input) { id project { id } conversation { project { id } } }
}"""
SENT = SEND.replace("message {", "reply { id } message { id")
ARCHIVE = "mutation($id: ID!, $archived: Boolean) { archiveProject(id: $id, archived: $archived) { archived } }"
LISTS = """query($project: ID) {
    conversations(projectId: $project) { edges { node { id } } }
    intents(projectId: $project) { totalCount edges { node { id } } }
}"""


async def saved(api: Api, user: str = "ann", **fields: object) -> dict[str, str]:
    project: dict[str, str] = (await api.data(SAVE, user, input=fields))["saveProject"]
    return project


async def default_of(api: Api, user: str = "ann") -> str:
    found: str = (await api.data("{ viewer { defaultProject { id } } }", user))["viewer"]["defaultProject"]["id"]
    return found


async def test_every_user_has_one_default_project_from_the_start(api: Api) -> None:
    for user in ("ann", "bob", "vic"):
        listed = (await api.data("{ projects { edges { node { id archived role } } } }", user))["projects"]["edges"]
        assert [each["node"] for each in listed] == [
            {"id": await default_of(api, user), "archived": False, "role": "ADMIN"}
        ]
    with pytest.raises(asyncpg.UniqueViolationError):
        await api.database.pool.execute(
            "INSERT INTO projects (user_id, name, slug, is_default) VALUES ('ann', 'x', 'x', true)"
        )


async def test_saved_project_is_found_by_id_and_by_slug(api: Api) -> None:
    made = await saved(api, name=" Café Zürich 2 ", description="menus")
    assert made | {"id": ""} == {
        "id": "", "name": "Café Zürich 2", "slug": "cafe-zurich-2", "description": "menus", "archived": False,
        "role": "ADMIN",
    }  # fmt: skip
    for argument, value in (("id", made["id"]), ("slug", made["slug"])):
        found = await api.data(
            f"query($value: {'ID' if argument == 'id' else 'String'}) {{ project({argument}: $value) {{ name }} }}",
            value=value,
        )
        assert found["project"]["name"] == "Café Zürich 2"
    renamed = await saved(api, id=made["id"], name="menus")
    assert (renamed["slug"], renamed["description"]) == ("cafe-zurich-2", "menus")
    assert (await saved(api, id=made["id"], name="menus", description=None, slug="m"))["description"] is None
    node = await api.data("query($id: ID!) { node(id: $id) { ... on Project { slug } } }", id=made["id"])
    assert node["node"]["slug"] == "m"


async def test_slugs_are_unique_over_all_users(api: Api) -> None:
    first, second = await saved(api, name="認証"), await saved(api, "bob", name="設計")
    assert (first["slug"], second["slug"]) == ("project", "project-2")
    assert [(await saved(api, name=f"設計{'。' * at}"))["slug"] for at in range(4)] == [
        f"project-{number}" for number in range(3, 7)
    ]
    defaults = await api.database.pool.fetch("SELECT slug FROM projects WHERE is_default ORDER BY id")
    assert [row["slug"] for row in defaults] == ["general", *(f"general-{at}" for at in range(2, len(defaults) + 1))]
    assert await api.code(SAVE, input={"name": "x", "slug": second["slug"]}) == "CONFLICT"
    assert await api.code(SAVE, input={"id": first["id"], "name": "x", "slug": second["slug"]}) == "CONFLICT"


async def test_unusable_name_or_slug_is_refused(api: Api) -> None:
    slugs = ("", "A", "a--b", "-a", "é", "a" * 61)
    for fields in ({"name": " "}, {"name": "x" * 201}, *({"name": "x", "slug": slug} for slug in slugs)):
        assert await api.code(SAVE, input=fields) == "BAD_USER_INPUT", fields


async def test_repositories_are_kept_in_one_form_and_replaced_as_a_whole(api: Api) -> None:
    save = SAVE.replace("role }", "role repositories }")
    given = ["git@github.com:Acme/Shop.git", "https://user:secret@github.com/acme/shop", "/srv/shop/"]
    made = (await api.data(save, input={"name": "Shop", "repositories": given}))["saveProject"]
    assert made["repositories"] == ["github.com/acme/shop", "/srv/shop"]
    renamed = (await api.data(save, input={"id": made["id"], "name": "Store"}))["saveProject"]
    assert renamed["repositories"] == made["repositories"]
    emptied = (await api.data(save, input={"id": made["id"], "name": "Store", "repositories": []}))["saveProject"]
    assert emptied["repositories"] == []
    for wrong in (["shop"], ["../shop"], ["/"], [f"/{number}" for number in range(51)]):
        assert await api.code(save, input={"name": "x", "repositories": wrong}) == "BAD_USER_INPUT", wrong


async def test_new_records_go_to_the_named_project_else_to_that_of_the_conversation_else_to_the_default(
    api: Api,
) -> None:
    default, other = await default_of(api), (await saved(api, name="other"))["id"]
    sent = [
        (await api.data(SEND, input={"content": "x", "projectId": project}))["sendMessage"]["message"]["conversation"]
        for project in (None, other)
    ]
    assert [each["project"]["id"] for each in sent] == [default, other]
    intents = [
        (await api.data(CREATE, input={"description": "x", **fields}))["createIntent"]
        for fields in (
            {}, {"projectId": other}, {"conversationId": sent[0]["id"]}, {"conversationId": sent[1]["id"]},
            {"conversationId": sent[1]["id"], "projectId": other},
        )
    ]  # fmt: skip
    assert [each["project"]["id"] for each in intents] == [default, other, default, other, other]
    listed = await api.data(LISTS, project=other)
    assert [each["node"]["id"] for each in listed["conversations"]["edges"]] == [sent[1]["id"]]
    assert {each["node"]["id"] for each in listed["intents"]["edges"]} == {intents[at]["id"] for at in (1, 3, 4)}
    assert listed["intents"]["totalCount"] == 3
    everything = await api.data(LISTS)
    assert (len(everything["conversations"]["edges"]), everything["intents"]["totalCount"]) == (2, 5)
    mismatch = {"conversationId": sent[0]["id"], "projectId": other}
    assert await api.code(CREATE, input={"description": "x", **mismatch}) == "BAD_USER_INPUT"
    assert await api.code(SEND, input={"content": "x", **mismatch}) == "BAD_USER_INPUT"


async def test_project_of_another_user_is_not_found(api: Api) -> None:
    hers = await default_of(api)
    assert await api.code(LISTS.replace("intents(", "other: intents("), "bob", project=hers) == "NOT_FOUND"
    assert await api.code(SEND, "bob", input={"content": "x", "projectId": hers}) == "NOT_FOUND"
    assert await api.code(CREATE, "bob", input={"description": "x", "projectId": hers}) == "NOT_FOUND"
    assert await api.code(SAVE, "bob", input={"id": hers, "name": "x"}) == "NOT_FOUND"
    assert await api.code('{ project(slug: "nobody-has-it") { id } }', "bob") == "NOT_FOUND"
    assert await api.code("{ project { id } }", "bob") == "BAD_USER_INPUT"
    assert await api.code(SAVE, "vic", input={"name": "x"}) == "FORBIDDEN"


async def test_an_intent_has_the_project_of_its_conversation_until_it_is_moved_alone(api: Api) -> None:
    pool, other = api.database.pool, (await saved(api, name="other"))["id"]
    conversation = await pool.fetchval("INSERT INTO conversations (user_id, title) VALUES ('ann', 'x') RETURNING id")
    rows = [
        await pool.fetchval(
            "INSERT INTO intents (user_id, description, actor, conversation_id, project_id) "
            "VALUES ('ann', 'x', 'ann', $1, $2) RETURNING id", *values
        )
        for values in ((conversation, other), (conversation, None), (None, other))
    ]  # fmt: skip
    split = (
        "SELECT count(*) FROM intents AS i JOIN conversations AS c ON c.id = i.conversation_id "
        "AND c.project_id <> i.project_id"
    )
    assert await pool.fetchval(split) == 0
    await pool.execute("UPDATE intents SET conversation_id = $1 WHERE id = $2", conversation, rows[2])
    assert await pool.fetchval(split) == 0
    await pool.execute("UPDATE conversations SET project_id = $2 WHERE id = $1", conversation, other)
    assert await pool.fetchval(split) == 0
    assert await pool.fetchval("SELECT count(*) FROM intents WHERE project_id = $1", other) == 3
    third = (await saved(api, name="third"))["id"]
    await pool.execute("UPDATE intents SET project_id = $2 WHERE id = $1", rows[0], third)
    await pool.execute("UPDATE conversations SET project_id = default_project('ann') WHERE id = $1", conversation)
    assert await pool.fetchval(split) == 1
    assert await pool.fetchval("SELECT count(*) FROM intents WHERE project_id = default_project('ann')") == 2


MOVE = "mutation($input: UpdateConversationInput!) { updateConversation(input: $input) { project { id } } }"
DECIDED = """query($project: ID) { decisions(projectId: $project) { edges { node {
    number title status history { key params }
} } } }"""


async def test_a_conversation_moves_with_its_intents_decisions_and_actions(api: Api) -> None:
    pool, other = api.database.pool, (await saved(api, name="other"))["id"]
    sent = await api.data('mutation { sendMessage(input: {content: "hi"}) { message { id conversation { id } } } }')
    message = UUID(sent["sendMessage"]["message"]["id"])
    conversation = UUID(sent["sendMessage"]["message"]["conversation"]["id"])
    await pool.execute(
        "INSERT INTO intents (user_id, description, actor, conversation_id) VALUES ('ann', 'x', 'ann', $1)",
        conversation,
    )
    async with api.database.transaction() as connection:
        done = Outcome(status="done", arguments={}, summary="done", actor="ann")
        await insert_action(connection, NewAction("ann", message, "remember", done))
        there: dict[str, Any] = {"project_id": UUID(other)}
        await insert_decision(connection, new_decision("Use Redis", "Redis", topic="cache", **there))
        for title, chosen, topic in (("Use NATS", "NATS", "queue"), ("Use Memcached", "Memcached", "cache")):
            await insert_decision(connection, new_decision(title, chosen, topic=topic, conversation_id=conversation))
    moved = await api.data(MOVE, input={"id": str(conversation), "projectId": other})
    assert moved["updateConversation"]["project"]["id"] == other
    for table in ("intents", "actions"):
        assert await pool.fetchval(f"SELECT count(*) FROM {table} WHERE project_id = $1", UUID(other)) == 1  # noqa: S608
    rows = [each["node"] for each in (await api.data(DECIDED, project=other))["decisions"]["edges"]]
    found = {row["title"]: (row["number"], row["status"], row["history"][-1]) for row in rows}
    assert found["Use NATS"] == (2, "ACCEPTED", {"key": "decision.moved", "params": {"number": "1"}})
    assert found["Use Memcached"] == (
        3, "PROPOSED", {"key": "decision.proposed_only", "params": {"number": "1", "title": "Use Redis"}}
    )  # fmt: skip
    async with api.database.transaction() as connection:
        following = await insert_decision(connection, new_decision("Use Go", "Go", topic="language", **there))
    assert following.number == 4
    assert await api.code(MOVE, input={"id": str(conversation), "projectId": str(uuid4())}) == "NOT_FOUND"
    assert await api.code(MOVE, "bob", input={"id": str(conversation), "projectId": other}) == "NOT_FOUND"


async def test_nothing_is_added_to_a_conversation_of_an_archived_project_until_it_is_restored(api: Api) -> None:
    project = (await saved(api, name="old"))["id"]
    sent = (await api.data(SENT, input={"content": "x", "projectId": project}))["sendMessage"]
    conversation, message, reply = sent["message"]["conversation"]["id"], sent["message"]["id"], sent["reply"]["id"]
    pool = api.database.pool
    await pool.execute("UPDATE messages SET status = 'failed', content = 'half' WHERE id = $1::text::uuid", reply)
    await api.data(ARCHIVE, id=project, archived=True)
    rows = await pool.fetchval("SELECT count(*) FROM messages")
    refused = [
        (SENT, {"input": {"content": "x", "conversationId": conversation}}),
        (SENT, {"input": {"content": "x", "conversationId": conversation, "idempotencyKey": "k"}}),
        (SENT, {"input": {"content": "x", "projectId": project}}),
        ('mutation($id: ID!) { editMessage(id: $id, content: "y") { message { id } } }', {"id": message}),
        ("mutation($id: ID!) { regenerateReply(messageId: $id) { id } }", {"id": reply}),
        ("mutation($id: ID!) { continueReply(messageId: $id) { id } }", {"id": reply}),
        (CREATE, {"input": {"description": "x", "conversationId": conversation}}),
    ]
    for document, variables in refused:
        [error] = (await api(document, **variables))["errors"]
        assert error["extensions"]["key"] == "project.archived", document
        assert "Restore it first" in error["message"]
    assert await pool.fetchval("SELECT count(*) FROM messages") == rows
    await api.data(ARCHIVE, id=project, archived=False)
    for document, variables in refused[-2:]:
        await api.data(document, **variables)


async def test_changes_of_projects_are_events_and_a_deleted_user_leaves_no_project(api: Api) -> None:
    made = await saved(api, name="one")
    await saved(api, id=made["id"], name="two")
    await api.data(SEND, input={"content": "x", "projectId": made["id"]})
    pool = api.database.pool
    await pool.execute("DELETE FROM users WHERE id = 'ann'")
    assert await pool.fetchval("SELECT count(*) FROM projects WHERE user_id = 'ann'") == 0
    kinds = await pool.fetch("SELECT kind FROM events WHERE subject_id = $1::text::uuid ORDER BY xid, id", made["id"])
    assert [row["kind"] for row in kinds] == ["project_created", "project_updated"]  # nobody sees it any more
