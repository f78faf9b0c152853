"""Notifications go to the members whom they concern: author, assignee, admins for holds, and whom a text mentions."""

from typing import Any
from uuid import UUID

import pytest

from app.gate.mentions import mentioned
from sql.pool import Database, create_pool, current_user
from sql.repositories.members import list_admins, list_member_names
from sql.repositories.notifications import insert_notification
from tests.logins import logins
from tests.resolvers.conftest import Api
from tests.resolvers.test_gate import CREATE, POSTGRES, RECORD, RESOLVE, UPDATE, WHY
from tests.resolvers.test_members import add, project, sent  # noqa: F401 - project is a fixture

MINE = "{ notifications { edges { node { key message isRead } } } }"
MYSQL = "注文をMySQLに保存するようにして"


async def shown(api: Api, user: str) -> list[tuple[str, bool]]:
    """The key of each notification of the user, and whether it is read; the newest first."""
    edges = (await api.data(MINE, user))["notifications"]["edges"]
    return [(edge["node"]["key"], edge["node"]["isRead"]) for edge in edges]


async def create(api: Api, description: str, user: str, **input: Any) -> Any:
    return (await api.data(CREATE, user, input={"description": description, **input}))["createIntent"]


async def decide(api: Api, **input: Any) -> Any:
    return (await api.data(RECORD, input=input))["recordDecision"]


HELD = [("notification.contradiction", False)]
SETTLED = [("notification.contradiction", True)]
MENTIONED = [("notification.mentioned", False)]


@pytest.fixture
async def team(api: Api, project: str) -> str:  # noqa: F811
    """A project of ann (admin), bob (member) and vic (reader)."""
    await api.database.pool.execute("UPDATE users SET name = 'vic' WHERE id = 'vic'")
    await add(api, project, "bob", "MEMBER")
    await add(api, project, "vic", "READER")
    return project


async def test_hold_is_told_to_author_and_admins_and_settled_for_all(api: Api, team: str) -> None:
    await decide(api, **POSTGRES, projectId=team)
    held = await create(api, MYSQL, "bob", projectId=team)
    assert held["status"] == "AWAITING_CONFIRMATION"
    assert [await shown(api, user) for user in ("ann", "bob", "vic")] == [HELD, HELD, []]
    given = {"id": held["contradictions"][0]["id"], "resolution": "REJECTED", "rationale": WHY}
    await api.data(RESOLVE, "ann", input=given)
    assert [await shown(api, user) for user in ("ann", "bob")] == [SETTLED, SETTLED]


async def test_hold_of_an_admin_is_told_to_them_once_and_to_the_assignee(api: Api, team: str) -> None:
    await decide(api, **POSTGRES, projectId=team)
    await create(api, MYSQL, "ann", projectId=team, assignee="PERSON", assigneeId="bob")
    assert [await shown(api, user) for user in ("ann", "bob")] == [HELD, [("notification.assigned", False), *HELD]]


async def test_work_that_another_member_gives_is_told_once(api: Api, team: str) -> None:
    given = {"projectId": team, "assignee": "PERSON"}
    await create(api, "Own work", "bob", **given, assigneeId="bob")
    other = await create(api, "Write the report", "ann", **given, assigneeId="ann")
    for person in ("bob", "ann", "bob"):
        await api.data(UPDATE, "ann", input={"id": other["id"], "assigneeId": person})
    assert [await shown(api, user) for user in ("ann", "bob")] == [[], [("notification.assigned", False)]]


async def test_who_has_muted_the_project_or_left_it_is_not_notified(api: Api, team: str) -> None:
    await api.database.pool.execute("UPDATE project_members SET muted = true WHERE user_id = 'bob'")
    await add(api, team, "vic", None)
    await create(api, "Ask @bob and @vic", "ann", projectId=team)
    assert [await shown(api, user) for user in ("bob", "vic")] == [[], []]


async def test_mentions_in_intents_decisions_and_shared_messages(api: Api, team: str) -> None:
    await create(api, "Ask @bob, not `@vic`, not @nobody, and me: @ann", "ann", projectId=team)
    assert [await shown(api, user) for user in ("ann", "bob", "vic")] == [[], MENTIONED, []]
    await decide(api, title="Use tabs", rationale="@vicさん asked for it", projectId=team)
    assert await shown(api, "vic") == MENTIONED
    private, _ = await sent(api, team, content="@bob, this is private")
    assert await shown(api, "bob") == MENTIONED
    await api.database.pool.execute(
        "UPDATE conversations SET visibility = 'project' WHERE id = $1::text::uuid", private
    )
    await api.data(
        "mutation($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }",
        input={"conversationId": private, "content": "＠Bob look. ```\n@vic\n```"},
    )
    assert await shown(api, "bob") == MENTIONED * 2
    assert await shown(api, "vic") == MENTIONED


@pytest.mark.parametrize(
    ("text", "users"),
    [
        ("@bob", ["bob"]),
        ("ask @Bob.", ["bob"]),
        ("@bobさん、@ann-maria", ["bob", "ann-maria"]),
        ("@bobby a@bob.example mail@bob", []),
        ("```py\n@bob\n``` ~~~\n@bob", []),
        ("`@bob` @", []),
        ("@" * 100_000 + "@bob", []),
    ],
)
def test_whom_a_text_mentions(text: str, users: list[str]) -> None:
    names = {name: name for name in ("bob", "ann", "ann-maria")}
    assert list(mentioned(text, names)) == users


async def test_member_writes_notifications_of_others_under_row_security(api: Api, team: str, database_url: str) -> None:
    async with logins(database_url) as make:
        pool = await create_pool(
            await make("resonant_api"),
            application="test",
            min_size=1,
            max_size=1,
            statement_timeout=5,
            acquire_timeout=5,
        )
        database = Database(pool, acquire_timeout=5, row_security=True)
        current_user.set("bob")
        async with database.transaction() as connection:
            assert await list_admins(connection, UUID(team)) == ["ann"]
            assert (await list_member_names(connection, UUID(team))).keys() == {"ann", "bob", "vic"}
            for _ in range(2):
                await insert_notification(
                    connection,
                    *("ann", "bob"),
                    project_id=UUID(team),
                    title="t",
                    message="m",
                    notification_type="info",
                    occurrence="once",
                )
        await database.close()
    assert await api.database.pool.fetchval("SELECT count(*) FROM notifications WHERE occurrence = 'once'") == 2
