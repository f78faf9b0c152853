"""Every tool over /mcp for each role in a project, with a private and a shared conversation."""

import re

import pytest

from tests.identity.conftest import Backend
from tests.identity.matrix import NO_ID, OWNED_ROWS, insert_rows, leaks
from tests.identity.test_member_matrix import (
    CAUSES,
    PRIVATE_TEXT,
    SECRET,
    Role,
    Visibility,
    hidden,
)
from tests.mcp.clients import call, connected, text_of
from tests.mcp.test_access import ARGUMENTS, BY_ID, LISTED, WRITES, filled

JOIN = (
    "INSERT INTO project_members (project_id, user_id, role) SELECT id, 'bob', $1 FROM projects WHERE user_id = 'ann' "
    "ON CONFLICT (project_id, user_id) DO UPDATE SET role = EXCLUDED.role"
)
ROWS_OF_ANN = "SELECT string_agg(t::text, ' ' ORDER BY t.id) FROM {} AS t WHERE user_id = 'ann'"
CHANGED_BY_TOOLS = ("intents", "decisions", "specifications", "memories")


async def share(backend: Backend, role: str | None, visibility: Visibility) -> dict[str, str]:
    """New rows of ann, in whose projects bob has this role. Returns their ids."""
    async with backend.services.database.connection() as connection:
        ids = await insert_rows(connection, "ann")
    await backend.execute("UPDATE conversations SET visibility = $1 WHERE user_id = 'ann'", visibility)
    for statement in PRIVATE_TEXT:
        await backend.execute(statement, SECRET)
    await backend.execute(JOIN, role)
    return ids


async def rows_of_ann(backend: Backend) -> list[str | None]:
    return [await backend.value(ROWS_OF_ANN.format(table)) for table in CHANGED_BY_TOOLS]


def named_in(tool: str) -> set[str]:
    """The rows that the arguments of the tool name."""
    return set(re.findall(r"\$(\w+)", str(ARGUMENTS[tool])))


def hidden_in(text: str, tool: str, ids: dict[str, str], visibility: Visibility) -> list[str]:
    """What the text has of rows that bob does not see; changes and traces name causes by ids without content."""
    names = [each for each in hidden(visibility) if each not in CAUSES and each not in named_in(tool)]
    return [each for each in (SECRET, *(ids[name] for name in names)) if each in text]


@pytest.mark.parametrize("visibility", ["private", "project"])
@pytest.mark.parametrize("role", ["READER", "MEMBER", "ADMIN"])
async def test_an_agent_of_a_member_may_do_what_the_role_allows(
    backend: Backend, role: Role, visibility: Visibility
) -> None:
    for user in ("ann", "bob"):
        await backend.add_user(user)
    failures = []
    async with connected(backend.url, token=await backend.token("bob")) as agent:
        for tool in ARGUMENTS:
            ids = await share(backend, role.lower(), visibility)
            before = await rows_of_ann(backend)
            result = await agent.call_tool(tool, filled(tool, ids))
            text = text_of(result)
            unseen = bool(named_in(tool) & set(hidden(visibility)))
            refused = unseen or (tool in BY_ID and tool in WRITES and role == "READER")
            if result.is_error is not refused or hidden_in(text, tool, ids, visibility):
                failures.append((tool, text[:300], hidden_in(text, tool, ids, visibility)))
            revises = tool == "write_specification" and not refused  # a draft, with a revision to return to
            if (await rows_of_ann(backend) != before) is not revises:
                failures.append((tool, "changed rows of ann", []))
            if unseen:
                absent = await agent.call_tool(tool, filled(tool, dict.fromkeys(OWNED_ROWS, NO_ID)))
                assert text == text_of(absent), tool  # as if they did not exist
    assert failures == [], failures


async def test_an_agent_of_a_former_member_finds_nothing(backend: Backend) -> None:
    for user in ("ann", "bob"):
        await backend.add_user(user)
    ids = await share(backend, "admin", "project")
    await backend.execute(JOIN, None)
    before = await rows_of_ann(backend)
    missing = dict.fromkeys(OWNED_ROWS, NO_ID)
    async with connected(backend.url, token=await backend.token("bob")) as agent:
        for tool in BY_ID:
            result = await agent.call_tool(tool, filled(tool, ids))
            assert (result.is_error, text_of(result)) == (
                True,
                text_of(await agent.call_tool(tool, filled(tool, missing))),
            )
        for tool in LISTED:
            assert not leaks(text_of(await agent.call_tool(tool, filled(tool, ids))), {}, "ann", ids), tool
    assert await rows_of_ann(backend) == before


async def test_an_agent_of_the_same_name_of_another_member_only_proposes(backend: Backend) -> None:
    for user in ("ann", "bob"):
        await backend.add_user(user)
    await backend.execute(JOIN, "admin")
    async with connected(backend.url, token=await backend.token("ann")) as of_ann:
        made = await call(of_ann, "create_intent", description="Tidy the form", assignee="PERSON")
    before = await rows_of_ann(backend)
    async with connected(backend.url, token=await backend.token("bob")) as of_bob:
        for tool in ("update_intent", "start_intent", "complete_intent", "cancel_intent"):
            assert (await call(of_bob, tool, id=made["id"]))["status"] == "PROPOSED", tool
    assert await rows_of_ann(backend) == before
    async with connected(backend.url, token=await backend.token("ann", "again")) as of_ann:
        assert (await call(of_ann, "cancel_intent", id=made["id"]))["status"] == "DONE"
