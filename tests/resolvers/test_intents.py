"""Writing intents down, changing, calling off and trying them again; the life cycle as the API shows it."""

import pytest

from tests.resolvers.conftest import Api

CREATE = """
mutation Create($input: CreateIntentInput!) {
  createIntent(input: $input) {
    id description intentType status priority version attempts maxAttempts dueAt nextAttemptAt metadata
    history { fromStatus toStatus actor reason }
  }
}
"""
UPDATE = """
mutation($input: UpdateIntentInput!) { updateIntent(input: $input) { description priority dueAt version metadata } }
"""
CANCEL = """
mutation($id: ID!, $reason: String) {
  cancelIntent(id: $id, reason: $reason) { status version history { toStatus actor reason } }
}
"""
RETRY = "mutation($id: ID!) { retryIntent(id: $id) { status version error history { toStatus } } }"
DELETE = "mutation($id: ID!) { deleteIntent(id: $id) }"
UNKNOWN = "0199f2c4-0000-7000-8000-000000000000"


async def create(api: Api, **fields: object) -> str:
    data = await api.data(CREATE, input={"description": "write it down", **fields})
    identity: str = data["createIntent"]["id"]
    return identity


async def move(api: Api, intent: str, *path: str) -> None:
    """Move an intent as a bridge would."""
    for status in path:
        held = status == "processing"
        await api.database.pool.execute(
            "UPDATE intents SET status = $2, claimed_by = $3, actor = 'test', reason = NULL, "
            "lease_until = CASE WHEN $3::text IS NULL THEN NULL ELSE now() + interval '1 minute' END WHERE id = $1",
            intent,
            status,
            "test" if held else None,
        )


async def test_an_intent_starts_pending_with_its_first_step_on_record(api: Api) -> None:
    made = (await api.data(CREATE, input={"description": "認証の設計", "priority": 3}))["createIntent"]
    assert made["status"] == "PENDING"
    assert made["priority"] == 3
    assert made["version"] == 1
    assert made["intentType"] is None
    assert made["history"] == [{"fromStatus": None, "toStatus": "PENDING", "actor": "ann", "reason": None}]
    assert api.announcements.users == ["ann"]


@pytest.mark.parametrize("priority", [-1, 11, 2**31 - 1])
async def test_a_priority_out_of_range_is_refused(api: Api, priority: int) -> None:
    assert await api.code(CREATE, input={"description": "x", "priority": priority}) == "BAD_USER_INPUT"


@pytest.mark.parametrize("description", ["", "  ", "a\x00", "x" * 300_000])
async def test_a_description_that_cannot_be_kept_is_refused(api: Api, description: str) -> None:
    assert await api.code(CREATE, input={"description": description}) == "BAD_USER_INPUT"


async def test_a_reminder_needs_a_time_and_waits_for_it(api: Api) -> None:
    assert await api.code(CREATE, input={"description": "stand up", "intentType": "REMINDER"}) == "BAD_USER_INPUT"
    due = "2030-01-02T03:04:05+00:00"
    made = await api.data(CREATE, input={"description": "stand up", "intentType": "REMINDER", "dueAt": due})
    assert made["createIntent"]["nextAttemptAt"] == made["createIntent"]["dueAt"] == due


async def test_the_same_idempotency_key_gives_the_first_intent_back(api: Api) -> None:
    first = await create(api, idempotencyKey="k1")
    assert await create(api, idempotencyKey="k1", description="something else") == first
    assert await create(api, idempotencyKey="k2") != first
    assert (await api.data("{ intents { totalCount } }"))["intents"]["totalCount"] == 2


async def test_the_same_key_of_another_user_is_another_intent(api: Api) -> None:
    first = await create(api, idempotencyKey="k1")
    made = await api.data(CREATE, "bob", input={"description": "mine", "idempotencyKey": "k1"})
    assert made["createIntent"]["id"] != first


async def test_an_update_changes_what_is_given_and_leaves_the_rest(api: Api) -> None:
    intent = await create(api, priority=2, dueAt="2030-01-01T00:00:00+00:00", metadata={"a": 1})
    changed = (await api.data(UPDATE, input={"id": intent, "priority": 9, "dueAt": None}))["updateIntent"]
    assert changed == {"description": "write it down", "priority": 9, "dueAt": None, "version": 2, "metadata": {"a": 1}}


@pytest.mark.parametrize("description", ["", "  ", None])
async def test_an_update_to_an_empty_description_is_refused(api: Api, description: str | None) -> None:
    intent = await create(api)
    assert await api.code(UPDATE, input={"id": intent, "description": description}) == "BAD_USER_INPUT"


async def test_an_update_made_from_an_old_version_is_a_conflict_that_says_which_is_current(api: Api) -> None:
    intent = await create(api)
    await api.data(UPDATE, input={"id": intent, "priority": 1, "expectedVersion": 1})
    response = await api(UPDATE, input={"id": intent, "priority": 2, "expectedVersion": 1})
    assert response["errors"][0]["extensions"] == {
        "code": "CONFLICT",
        "key": "intent.changed",
        "params": {"version": 2, "expected": 1},
    }


async def test_an_intent_under_way_is_not_changed(api: Api) -> None:
    intent = await create(api)
    await move(api, intent, "processing")
    assert await api.code(UPDATE, input={"id": intent, "priority": 1}) == "CONFLICT"
    assert await api.code(UPDATE, input={"id": intent, "description": None}) == "CONFLICT"


async def test_cancelling_keeps_the_reason_and_reaches_work_under_way(api: Api) -> None:
    intent = await create(api)
    await move(api, intent, "processing")
    cancelled = (await api.data(CANCEL, id=intent, reason="changed my mind"))["cancelIntent"]
    assert cancelled["status"] == "CANCELLED"
    assert cancelled["history"][-1] == {"toStatus": "CANCELLED", "actor": "ann", "reason": "changed my mind"}
    row = await api.database.pool.fetchrow("SELECT claimed_by, fence FROM intents WHERE id = $1", intent)
    assert row is not None
    assert tuple(row) == (None, 1)


@pytest.mark.parametrize("end", ["completed", "failed", "cancelled"])
async def test_what_has_ended_cannot_be_cancelled(api: Api, end: str) -> None:
    intent = await create(api)
    await move(api, intent, "processing", end)
    response = await api(CANCEL, id=intent)
    assert response["errors"][0]["extensions"]["code"] == "CONFLICT"
    assert response["errors"][0]["extensions"]["params"] == {"status": end.upper()}


@pytest.mark.parametrize("end", ["failed", "cancelled"])
async def test_what_failed_or_was_cancelled_can_be_tried_again_and_keeps_its_history(api: Api, end: str) -> None:
    intent = await create(api)
    await move(api, intent, "processing", end)
    retried = (await api.data(RETRY, id=intent))["retryIntent"]
    assert retried["status"] == "PENDING"
    assert [step["toStatus"] for step in retried["history"]] == ["PENDING", "PROCESSING", end.upper(), "PENDING"]


@pytest.mark.parametrize("path", [(), ("processing",), ("processing", "completed")])
async def test_nothing_else_can_be_tried_again(api: Api, path: tuple[str, ...]) -> None:
    intent = await create(api)
    await move(api, intent, *path)
    assert await api.code(RETRY, id=intent) == "CONFLICT"


async def test_another_users_intents_are_not_found(api: Api) -> None:
    intent = await create(api)
    for mutation in (CANCEL, RETRY, DELETE):
        assert await api.code(mutation, "bob", id=intent) == "NOT_FOUND"
    assert await api.code(UPDATE, "bob", input={"id": intent, "priority": 1}) == "NOT_FOUND"
    assert await api.code("query($id: ID!) { intent(id: $id) { id } }", "bob", id=intent) == "NOT_FOUND"
    assert (await api.data("{ intents { totalCount edges { node { id } } } }", "bob"))["intents"]["totalCount"] == 0


@pytest.mark.parametrize("mutation", [CANCEL, RETRY, DELETE])
async def test_unknown_intents_are_not_found(api: Api, mutation: str) -> None:
    assert await api.code(mutation, id=UNKNOWN) == "NOT_FOUND"
    assert await api.code(mutation, id="never an id") == "NOT_FOUND"


async def test_intents_are_filtered_by_status_and_type(api: Api) -> None:
    task = await create(api, intentType="TASK")
    question = await create(api, intentType="QUESTION")
    await api.data(CANCEL, id=question)
    query = """query($s: [IntentStatus!], $t: [IntentType!]) {
        intents(status: $s, intentType: $t) { totalCount edges { node { id } } } }"""
    found = (await api.data(query, s=["PENDING"]))["intents"]
    assert found == {"totalCount": 1, "edges": [{"node": {"id": task}}]}
    found = (await api.data(query, t=["QUESTION", "REMINDER"]))["intents"]
    assert found == {"totalCount": 1, "edges": [{"node": {"id": question}}]}
    assert (await api.data(query, s=[]))["intents"]["totalCount"] == 0


async def test_the_database_itself_refuses_an_illegal_transition(api: Api) -> None:
    intent = await create(api)
    await move(api, intent, "processing", "completed")
    with pytest.raises(Exception, match="cannot go from completed to failed"):
        await move(api, intent, "failed")
