"""Every query, mutation, subscription and node for each role in a project, with a private and a shared conversation."""

import asyncio
import json
from typing import Any, Literal

import pytest

from tests.identity.matrix import ALLOWED_ROLES, NODES, ROWS, document, leaks, node_document, root_fields, variables
from tests.identity.test_matrix import (
    MISSING,
    QUERIES_AND_MUTATIONS,
    SUBSCRIPTIONS,
    Matrix,
    _receive,
    code,
    in_module,
    matrix,
    shared_backend,
    subscribe,
)
from tests.timeouts import TIMEOUT

__all__ = ["matrix", "shared_backend"]
Role = Literal["READER", "MEMBER", "ADMIN"]
Visibility = Literal["private", "project"]
ALWAYS_PRIVATE = ("notification", "token", "agent")
OF_CONVERSATION = ("conversation", "message", "reply", "memory", "action", "attachment")
CAUSES = ("conversation", "message")  # an event of an intent names them by their ids, which nobody else can resolve
SECRET = "private-of-ann"
PRIVATE_TEXT = (
    "UPDATE conversations SET title = $1, summary = $1 WHERE user_id = 'ann' AND visibility = 'private'",
    "UPDATE messages SET content = $1 WHERE user_id = 'ann' AND scope_id <> project_id",
    "UPDATE memories SET content = $1 WHERE user_id = 'ann' AND scope_id <> project_id",
    "UPDATE actions SET summary = $1 WHERE user_id = 'ann' AND scope_id <> project_id",
    "UPDATE attachments SET name = $1 WHERE user_id = 'ann' AND id IN (SELECT attachment_id FROM message_attachments "
    "AS l JOIN messages AS m ON m.id = l.message_id WHERE m.scope_id <> m.project_id)",
    "UPDATE notifications SET title = $1, message = $1 WHERE user_id = 'ann'",
)
READS_WITHOUT_IDS = [name for name in root_fields("query") if "$" not in ROWS[name].arguments]
WITH_IDS = [name for name in QUERIES_AND_MUTATIONS if "$" in ROWS[name].arguments]


async def share(matrix: Matrix, role: str | None, visibility: Visibility) -> None:
    """Give bob a role in all projects of new rows of ann, whose conversation has this visibility."""
    await matrix.add_rows("ann")
    execute = matrix.backend.execute
    await execute("UPDATE conversations SET visibility = $1 WHERE user_id = 'ann'", visibility)
    for statement in PRIVATE_TEXT:
        await execute(statement, SECRET)
    await set_role(matrix, role)


async def set_role(matrix: Matrix, role: str | None) -> None:
    await matrix.backend.execute(
        "INSERT INTO project_members (project_id, user_id, role) SELECT id, 'bob', lower($1) FROM projects "
        "WHERE user_id = 'ann' ON CONFLICT (project_id, user_id) DO UPDATE SET role = EXCLUDED.role",
        role,
    )


def hidden(visibility: Visibility) -> tuple[str, ...]:
    """The rows of ann that bob does not see."""
    return ALWAYS_PRIVATE + (OF_CONVERSATION if visibility == "private" else ())


def expected(name: str, sent: dict[str, str], role: Role, visibility: Visibility) -> str | None:
    """The code for the ids of ann."""
    row = ROWS[name]
    if any(each in hidden(visibility) for each in sent):
        return row.foreign
    return (row.member or row.own) if role in ALLOWED_ROLES[row.by] else "FORBIDDEN"


def shown(
    answer: Any, matrix: Matrix, sent: dict[str, str], visibility: Visibility, *, causes: bool = False
) -> list[str]:
    """What the answer has of the rows that bob does not see; the `causes` that events name have no content."""
    text = json.dumps(answer, ensure_ascii=False)
    ids = [matrix.ids["ann"][each] for each in hidden(visibility) if not causes or each not in CAUSES]
    return [each for each in (SECRET, *ids) if each in text and each not in sent.values()]


def wrong(
    name: str, wanted: str | None, answer: Any, matrix: Matrix, sent: dict[str, str], visibility: Visibility
) -> list[Any]:
    """What is wrong with the answer."""
    found = shown(answer, matrix, sent, visibility, causes=name == "Query.trace")
    return [(name, wanted, str(answer)[:500], found)] if code(answer) != wanted or found else []


@in_module
@pytest.mark.parametrize("visibility", ["private", "project"])
@pytest.mark.parametrize("role", ["READER", "MEMBER", "ADMIN"])
async def test_member_may_do_what_their_role_allows(matrix: Matrix, role: Role, visibility: Visibility) -> None:
    failures = []
    await share(matrix, role, visibility)
    async with matrix.session("bob") as ask:
        for name in [*WITH_IDS, *READS_WITHOUT_IDS]:
            before = await matrix.all_rows_of("ann")
            sent = variables(name, matrix.ids["ann"])
            wanted = expected(name, sent, role, visibility)
            failures += wrong(name, wanted, await ask(document(name), sent), matrix, sent, visibility)
            if wanted is None and name.startswith("Mutation"):
                await share(matrix, role, visibility)
            elif await matrix.all_rows_of("ann") != before:
                failures.append((name, "changed rows", None, []))
        for node in NODES:
            sent, wanted = {"id": matrix.ids["ann"][node]}, "NOT_FOUND" if node in hidden(visibility) else None
            failures += wrong(node, wanted, await ask(node_document(node), sent), matrix, sent, visibility)
    assert failures == []


@in_module
async def test_former_member_gets_the_answers_of_a_stranger(matrix: Matrix) -> None:
    await share(matrix, "ADMIN", "project")
    await set_role(matrix, None)
    before = await matrix.all_rows_of("ann")
    failures = []
    async with matrix.session("bob") as ask:
        for name in [*WITH_IDS, *READS_WITHOUT_IDS]:
            sent = variables(name, matrix.ids["ann"])
            answer = await ask(document(name), sent)
            unknown = await ask(document(name), variables(name, MISSING)) if ROWS[name].foreign else answer
            found = leaks(json.dumps(answer, ensure_ascii=False), sent, "ann", matrix.ids["ann"])
            if answer != unknown or found:
                failures.append((name, answer, unknown, found))
        for node in NODES:
            answer = await ask(node_document(node), {"id": matrix.ids["ann"][node]})
            if code(answer) != "NOT_FOUND":
                failures.append((node, answer, {}, []))
    assert failures == []
    assert await matrix.all_rows_of("ann") == before


@in_module
@pytest.mark.parametrize("visibility", ["private", "project"])
async def test_member_receives_what_is_shared_until_they_leave(matrix: Matrix, visibility: Visibility) -> None:
    await share(matrix, "READER", visibility)
    async with matrix.backend.socket(matrix.tokens["bob"]) as socket:
        for name in SUBSCRIPTIONS:
            sent = variables(name, matrix.ids["ann"])
            await subscribe(socket, document(name), sent, name)
        refused = {
            name
            for name in SUBSCRIPTIONS
            if ROWS[name].foreign and any(each in hidden(visibility) for each in variables(name, matrix.ids["ann"]))
        }
        _, errors = await _receive(socket, 0.3, lambda _, wrong: {each["id"] for each in wrong} >= refused)
        assert {each["id"] for each in errors} == refused
        received: list[dict[str, Any]] = []
        sent = {name: each for name, each in matrix.ids["ann"].items() if name in OF_CONVERSATION}
        async with asyncio.timeout(TIMEOUT):
            while matrix.ids["ann"]["intent"] not in json.dumps(received):
                await matrix.backend.execute("UPDATE intents SET priority = priority + 1 WHERE user_id = 'ann'")
                await matrix.backend.execute("UPDATE messages SET metadata = '{}' WHERE user_id = 'ann'")
                await matrix.backend.execute("UPDATE conversations SET archived = NOT archived WHERE user_id = 'ann'")
                matrix.backend.services.bus.announce("ann")
                received += (await _receive(socket, 0.3))[0]
        assert shown(received, matrix, {}, visibility, causes=True) == []
        await set_role(matrix, None)
        matrix.backend.services.bus.announce("ann")
        await _receive(socket, 1.0)
        await matrix.add_rows("ann")
        await matrix.backend.execute("UPDATE intents SET priority = 9 WHERE user_id = 'ann'")
        matrix.backend.services.bus.announce("ann")
        after = (await _receive(socket, 1.0))[0]
    assert leaks(json.dumps(after), sent, "ann", matrix.ids["ann"]) == []
