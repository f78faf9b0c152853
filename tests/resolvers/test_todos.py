"""Work of a person over GraphQL: created, started, completed, reopened, handed over, listed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sql.repositories.intent_claims import claim_intents
from tests.resolvers.conftest import Api
from tests.resolvers.test_intents import move

FIELDS = """id description status assignee assigneeId labels recurrence intentType dueAt nextAttemptAt version result
            project { id } history { toStatus reason key }"""
CREATE = f"mutation($input: CreateIntentInput!) {{ createIntent(input: $input) {{ {FIELDS} }} }}"
UPDATE = f"mutation($input: UpdateIntentInput!) {{ updateIntent(input: $input) {{ {FIELDS} }} }}"
START = f"mutation($id: ID!) {{ startIntent(id: $id) {{ {FIELDS} }} }}"
COMPLETE = f"mutation($id: ID!, $note: String) {{ completeIntent(id: $id, note: $note) {{ {FIELDS} }} }}"
REOPEN = f"mutation($id: ID!, $reason: String) {{ reopenIntent(id: $id, reason: $reason) {{ {FIELDS} }} }}"
LIST = """query($assignee: IntentAssignee, $labels: [String!], $first: Int, $after: String, $status: [IntentStatus!]) {
  intents(assignee: $assignee, labels: $labels, status: $status, orderBy: DUE, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { id description dueAt recurrence } } } }"""
DUE = datetime(2030, 3, 4, 0, tzinfo=UTC)  # a Monday, 09:00 in Tokyo


async def todo(api: Api, description: str = "buy milk", **fields: Any) -> dict[str, Any]:
    given = {"description": description, "assignee": "PERSON", **fields}
    made: dict[str, Any] = (await api.data(CREATE, input=given))["createIntent"]
    return made


async def run(api: Api, mutation: str, id: str, **variables: Any) -> dict[str, Any]:
    data = await api.data(mutation, id=id, **variables)
    intent: dict[str, Any] = next(iter(data.values()))
    return intent


async def test_todo_is_started_completed_with_a_note_and_reopened(api: Api) -> None:
    made = await todo(api, labels=["home", "home", " shop "], dueAt=DUE.isoformat())
    assert (made["assignee"], made["assigneeId"], made["labels"]) == ("PERSON", "ann", ["home", "shop"])
    assert (made["intentType"], made["status"], made["nextAttemptAt"]) == ("TASK", "PENDING", None)
    assert (await run(api, START, made["id"]))["status"] == "PROCESSING"
    assert await api.code(START, id=made["id"]) == "CONFLICT"
    done = await run(api, COMPLETE, made["id"], note="two litres")
    assert (done["status"], done["result"]) == ("COMPLETED", {"text": "two litres"})
    assert done["history"][-1] == {"toStatus": "COMPLETED", "reason": "two litres", "key": None}
    assert await api.code(COMPLETE, id=made["id"]) == "CONFLICT"
    again = await run(api, REOPEN, made["id"], reason="it was sour")
    assert (again["status"], again["history"][-1]["reason"]) == ("PENDING", "it was sour")
    assert await api.code(REOPEN, id=made["id"]) == "CONFLICT"
    await run(api, START, made["id"])
    waiting = await run(api, REOPEN, made["id"])
    assert (waiting["status"], waiting["history"][-1]["key"]) == ("PENDING", "intent.waits_again")
    assert (await run(api, COMPLETE, made["id"]))["status"] == "COMPLETED"  # also without a start
    assert (await run(api, REOPEN, made["id"]))["history"][-1]["key"] == "intent.reopened"


async def test_work_of_the_assistant_is_not_started_or_completed_by_a_person_but_reopened(api: Api) -> None:
    made = (await api.data(CREATE, input={"description": "x"}))["createIntent"]
    assert (made["assignee"], made["assigneeId"], made["labels"], made["recurrence"]) == ("ASSISTANT", None, [], None)
    for mutation in (START, COMPLETE):
        assert await api.code(mutation, id=made["id"]) == "CONFLICT"
    await move(api, made["id"], "processing")
    assert await api.code(REOPEN, id=made["id"]) == "CONFLICT"
    await move(api, made["id"], "completed")
    assert (await run(api, REOPEN, made["id"]))["status"] == "PENDING"


async def test_a_worker_never_claims_work_of_a_person_and_gets_it_when_it_is_handed_over(api: Api) -> None:
    made = await todo(api, intentType="REMINDER", dueAt=(datetime.now(UTC) - timedelta(hours=1)).isoformat())

    async def claimed() -> int:
        async with api.database.transaction() as connection:
            return len(await claim_intents(connection, "b", actor="bridge", count=10, lease_seconds=60))

    assert await claimed() == 0
    await run(api, START, made["id"])
    moved = (await api.data(UPDATE, input={"id": made["id"], "assignee": "ASSISTANT", "dueAt": None}))["updateIntent"]
    assert (moved["status"], moved["assignee"], moved["assigneeId"]) == ("PENDING", "ASSISTANT", None)
    assert await claimed() == 1
    response = await api(UPDATE, input={"id": made["id"], "assignee": "PERSON"})
    assert response["errors"][0]["extensions"]["key"] == "intent.held_by_worker"
    labelled = (await api.data(UPDATE, input={"id": made["id"], "labels": ["later"]}))["updateIntent"]
    assert (labelled["labels"], labelled["status"]) == (["later"], "PROCESSING")


async def test_completing_what_repeats_creates_the_next_once(api: Api) -> None:
    await api.database.pool.execute("UPDATE users SET timezone = 'Asia/Tokyo' WHERE id = 'ann'")
    made = await todo(api, "stand-up", dueAt=DUE.isoformat(), recurrence="FREQ=WEEKLY;BYDAY=MO,TH", labels=["team"])
    await run(api, COMPLETE, made["id"])
    await run(api, REOPEN, made["id"])
    await run(api, COMPLETE, made["id"])
    listed = (await api.data(LIST, labels=["team"], status=["PENDING"]))["intents"]["edges"]
    assert [(each["node"]["dueAt"], each["node"]["recurrence"]) for each in listed] == [
        ("2030-03-07T00:00:00+00:00", "FREQ=WEEKLY;BYDAY=MO,TH")
    ]
    following = listed[0]["node"]["id"]
    ended = (await api.data(UPDATE, input={"id": following, "recurrence": None}))["updateIntent"]
    assert ended["recurrence"] is None
    await run(api, COMPLETE, following)
    assert (await api.data(LIST, labels=["team"], status=["PENDING"]))["intents"]["totalCount"] == 0


async def test_reopening_an_occurrence_takes_the_next_one_back_unless_it_was_used(api: Api) -> None:
    made = await todo(api, "stand-up", dueAt=DUE.isoformat(), recurrence="FREQ=WEEKLY;BYDAY=MO,TH", labels=["team"])

    async def pending() -> list[tuple[str, str | None]]:
        edges = (await api.data(LIST, labels=["team"], status=["PENDING"]))["intents"]["edges"]
        return [(each["node"]["id"], each["node"]["recurrence"]) for each in edges]

    await run(api, COMPLETE, made["id"])
    [(following, _)] = await pending()
    await run(api, REOPEN, made["id"])
    assert await pending() == [(made["id"], "FREQ=WEEKLY;BYDAY=MO,TH")]
    await run(api, COMPLETE, made["id"])
    [(again, _)] = await pending()
    assert again not in (made["id"], following)
    await api.data(UPDATE, input={"id": again, "priority": 3})
    await run(api, REOPEN, made["id"])
    assert sorted(await pending()) == sorted([(made["id"], None), (again, "FREQ=WEEKLY;BYDAY=MO,TH")])


async def test_a_time_moves_one_occurrence_and_a_time_with_the_rule_moves_all(api: Api) -> None:
    await api.database.pool.execute("UPDATE users SET timezone = 'Asia/Tokyo' WHERE id = 'ann'")
    made = await todo(api, "stand-up", dueAt=DUE.isoformat(), recurrence="FREQ=WEEKLY;BYDAY=MO", labels=["team"])
    later = DUE + timedelta(days=1, minutes=10)
    await api.data(UPDATE, input={"id": made["id"], "dueAt": (later - timedelta(hours=1)).isoformat()})
    moved = (await api.data(UPDATE, input={"id": made["id"], "dueAt": later.isoformat()}))["updateIntent"]
    assert (moved["dueAt"], moved["recurrence"]) == (later.isoformat(), "FREQ=WEEKLY;BYDAY=MO")
    await run(api, COMPLETE, made["id"])
    [edge] = (await api.data(LIST, labels=["team"], status=["PENDING"]))["intents"]["edges"]
    assert edge["node"]["dueAt"] == (DUE + timedelta(days=7)).isoformat()
    noon = DUE + timedelta(days=9, hours=3)  # a Wednesday
    rule = "FREQ=WEEKLY;BYDAY=WE"
    await api.data(UPDATE, input={"id": edge["node"]["id"], "dueAt": noon.isoformat(), "recurrence": rule})
    await run(api, COMPLETE, edge["node"]["id"])
    [edge] = (await api.data(LIST, labels=["team"], status=["PENDING"]))["intents"]["edges"]
    assert (edge["node"]["dueAt"], edge["node"]["recurrence"]) == ((noon + timedelta(days=7)).isoformat(), rule)


async def test_a_reminder_that_has_fired_is_snoozed_by_a_later_time(api: Api) -> None:
    given = {"description": "drink", "intentType": "REMINDER", "dueAt": DUE.isoformat(), "recurrence": "FREQ=DAILY"}
    made = (await api.data(CREATE, input=given))["createIntent"]
    await move(api, made["id"], "processing", "completed")
    past = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    refused = await api(UPDATE, input={"id": made["id"], "dueAt": past})
    assert refused["errors"][0]["extensions"]["key"] == "intent.not_editable"
    await api.database.pool.execute(
        "INSERT INTO intents (user_id, description, actor, idempotency_key) VALUES ('ann', 'drink', 'test', $1)",
        f"recurrence:{made['id']}",
    )
    later = (DUE + timedelta(minutes=10)).isoformat()
    snoozed = (await api.data(UPDATE, input={"id": made["id"], "dueAt": later}))["updateIntent"]
    assert (snoozed["status"], snoozed["dueAt"], snoozed["nextAttemptAt"]) == ("PENDING", later, later)
    assert snoozed["recurrence"] is None  # the next occurrence exists already


async def test_lists_filter_by_assignee_and_labels_and_sort_by_due_time(api: Api) -> None:
    days = {"b": 2, "a": 1, "c": 3}
    for name, day in days.items():
        await todo(api, name, dueAt=(DUE + timedelta(days=day)).isoformat(), labels=["x", name])
    for name in ("d", "e"):
        await todo(api, name, labels=["x"])
    await api.data(CREATE, input={"description": "of the assistant", "labels": ["x"]})
    found, after = [], None
    while True:
        page = (await api.data(LIST, assignee="PERSON", labels=["x"], first=2, after=after))["intents"]
        assert page["totalCount"] == 5
        found += [each["node"]["description"] for each in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert found == ["a", "b", "c", "d", "e"]
    assert (await api.data(LIST, labels=["x", "b"]))["intents"]["totalCount"] == 1
    assert (await api.data(LIST, assignee="ASSISTANT"))["intents"]["totalCount"] == 1


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"recurrence": "FREQ=DAILY"}, "intent.recurrence_needs_due_at"),
        ({"recurrence": "every day", "dueAt": DUE.isoformat()}, "recurrence.invalid"),
        ({"assigneeId": "ann", "assignee": "ASSISTANT"}, "intent.assignee_id_of_assistant"),
        ({"assigneeId": "bob"}, "intent.assignee_not_found"),
        ({"labels": ["x" * 51]}, "input.too_long"),
        ({"labels": [str(number) for number in range(11)]}, "input.too_many"),
    ],
)
async def test_unusable_input_is_refused_with_the_reason(api: Api, fields: dict[str, Any], key: str) -> None:
    response = await api(CREATE, input={"description": "x", "assignee": "PERSON", **fields})
    assert response["errors"][0]["extensions"]["key"] == key
