"""The gate holds new intents and new decisions that contradict accepted decisions; the three ways to settle them."""

from typing import Any

import pytest

from app.language.catalogue import render
from tests.resolvers.conftest import Api
from tests.resolvers.test_projects import MOVE, SEND, default_of, saved

RECORD = """
mutation($input: RecordDecisionInput!) { recordDecision(input: $input) {
  id number status contradictions { id kind status explanation decision { id } intent { id }
                                    conflictsWithDecision { number } }
} }
"""
CREATE = """
mutation($input: CreateIntentInput!) { createIntent(input: $input) {
  id status contradictions { id kind status explanation conflictsWithDecision { number } }
} }
"""
UPDATE = "mutation($input: UpdateIntentInput!) { updateIntent(input: $input) { id status contradictions { status } } }"
RESOLVE = """
mutation($input: ResolveContradictionInput!) { resolveContradiction(input: $input) {
  status intent { id status description contradictions { status } } decision { id status }
  conflictsWithDecision { status supersededBy { id title kind topic status rationale chosen { label } } }
} }
"""
STATUS = "query($id: ID!) { decision(id: $id) { status supersededBy { id } contradictions { status rationale } } }"
NOTIFIED = "{ notifications { edges { node { key message metadata } } } }"
UNREAD = "{ viewer { unreadNotificationCount } }"
WHY = "the operators only know MySQL"
POSTGRES = {
    "title": "Use PostgreSQL as the database",
    "topic": "database",
    "kind": "CHOICE",
    "options": [{"label": "PostgreSQL"}, {"label": "MySQL", "rejectionReason": "no pgvector"}],
    "chosen": "PostgreSQL",
}
MYSQL = {"title": "DBはMySQLにする", "topic": "DB", "options": [{"label": "MySQL"}], "chosen": "MySQL"}


async def record(api: Api, **input: Any) -> Any:
    return (await api.data(RECORD, input=input))["recordDecision"]


async def create(api: Api, description: str, **input: Any) -> Any:
    return (await api.data(CREATE, input={"description": description, **input}))["createIntent"]


async def reword(api: Api, intent: str, description: str) -> Any:
    return (await api.data(UPDATE, input={"id": intent, "description": description}))["updateIntent"]


async def resolve(api: Api, contradiction: str, resolution: str, **input: Any) -> Any:
    given = {"id": contradiction, "resolution": resolution, "rationale": WHY, **input}
    return (await api.data(RESOLVE, input=given))["resolveContradiction"]


async def status_of(api: Api, decision: str) -> Any:
    return (await api.data(STATUS, id=decision))["decision"]


async def keys(api: Api) -> list[str]:
    edges = (await api.data(NOTIFIED))["notifications"]["edges"]
    return [edge["node"]["key"] for edge in edges]


async def test_an_intent_against_a_decision_waits_and_cites_it(api: Api) -> None:
    decision = await record(api, **POSTGRES)
    assert decision["status"] == "ACCEPTED"
    held = await create(api, "注文をMySQLに保存するようにして")
    assert held["status"] == "AWAITING_CONFIRMATION"
    [found] = held["contradictions"]
    assert (found["kind"], found["status"], found["conflictsWithDecision"]) == ("TECH_STACK", "PENDING", {"number": 1})
    assert "決定1「Use PostgreSQL as the database」" in found["explanation"]
    [notified] = (await api.data("{ notifications { edges { node { message } } } }"))["notifications"]["edges"]
    assert notified["node"]["message"] == f"注文をMySQLに保存するようにして：{found['explanation']}"
    assert await keys(api) == ["notification.contradiction"]
    free = [await create(api, text) for text in ("Compare PostgreSQL with MySQL", "Add an index to the orders table")]
    question = await create(api, "Use MySQL?", intentType="QUESTION")
    assert {each["status"] for each in (*free, question)} == {"PENDING"}


async def test_a_reworded_intent_is_checked_again(api: Api) -> None:
    await record(api, **POSTGRES)
    intent = await create(api, "Store the orders in PostgreSQL")
    changed = (await api.data(UPDATE, input={"id": intent["id"], "description": "Store the orders in MySQL"}))[
        "updateIntent"
    ]
    assert (changed["status"], changed["contradictions"]) == ("AWAITING_CONFIRMATION", [{"status": "PENDING"}])
    again = (await api.data(UPDATE, input={"id": intent["id"], "description": "Store the orders in Postgres"}))[
        "updateIntent"
    ]
    assert (again["status"], again["contradictions"]) == ("PENDING", [{"status": "MODIFIED"}])


async def test_keeping_the_decision_cancels_the_intent(api: Api) -> None:
    decision = await record(api, **POSTGRES)
    held = await create(api, "Move the orders to MySQL")
    settled = await resolve(api, held["contradictions"][0]["id"], "REJECTED")
    assert (settled["status"], settled["intent"]["status"]) == ("REJECTED", "CANCELLED")
    assert (await status_of(api, decision["id"]))["status"] == "ACCEPTED"


@pytest.mark.parametrize("given", [None, MYSQL], ids=["titled as the intent", "given"])
async def test_replacing_the_decision_records_the_new_one_and_the_intent_goes_on(
    api: Api, given: dict[str, Any] | None
) -> None:
    old = await record(api, **POSTGRES)
    held = await create(api, "Move the orders to MySQL")
    settled = await resolve(api, held["contradictions"][0]["id"], "APPROVED", newDecision=given)
    assert settled["intent"]["status"] == "PENDING"
    new = settled["conflictsWithDecision"]["supersededBy"]
    assert (new["kind"], new["status"]) == ("CHOICE", "ACCEPTED")
    assert new["title"] == (given["title"] if given else "Move the orders to MySQL")
    assert new["rationale"] == WHY
    assert (await status_of(api, old["id"]))["supersededBy"] == {"id": new["id"]}
    assert await keys(api) == ["notification.decision_superseded", "notification.contradiction"]
    assert (await create(api, "Store the users in PostgreSQL"))["status"] == "AWAITING_CONFIRMATION"


async def test_changing_the_intent_checks_it_again(api: Api) -> None:
    await record(api, **POSTGRES)
    held = await create(api, "Move the orders to MySQL")
    first = held["contradictions"][0]["id"]
    still = await resolve(api, first, "MODIFIED", newDescription="Move the orders to MariaDB")
    assert still["intent"]["status"] == "AWAITING_CONFIRMATION"
    assert [each["status"] for each in still["intent"]["contradictions"]] == ["MODIFIED", "PENDING"]
    shown = await api.data("query($id: ID!) { intent(id: $id) { contradictions { id } } }", id=held["id"])
    second = shown["intent"]["contradictions"][1]["id"]
    gone = await resolve(api, second, "MODIFIED", newDescription="Archive the orders of last year")
    assert gone["intent"]["status"] == "PENDING"


async def test_a_decision_against_another_one_is_only_proposed(api: Api) -> None:
    rule = await record(api, title="We will not use any third-party analytics", kind="RULE")
    proposed = await record(api, title="Mixpanel for analytics", options=[{"label": "Mixpanel"}], chosen="Mixpanel")
    assert proposed["status"] == "PROPOSED"
    [found] = proposed["contradictions"]
    assert (found["status"], found["intent"], found["conflictsWithDecision"]) == ("PENDING", None, {"number": 1})
    assert await api.code(
        "mutation($id: ID!) { setDecisionStatus(id: $id, status: ACCEPTED, reason: \"yes\") { id } }", id=proposed["id"]
    ) == "CONFLICT"  # fmt: skip
    settled = await resolve(api, found["id"], "APPROVED")
    assert settled["decision"]["status"] == "ACCEPTED"
    assert (await status_of(api, rule["id"]))["supersededBy"] == {"id": proposed["id"]}
    assert (await keys(api))[0] == "notification.decision_superseded"


async def test_a_rejected_or_changed_decision_leaves_the_accepted_one(api: Api) -> None:
    old = await record(api, **POSTGRES)
    first = await record(api, **MYSQL)
    assert first["status"] == "PROPOSED"
    settled = await resolve(api, first["contradictions"][0]["id"], "REJECTED")
    assert settled["decision"]["status"] == "REJECTED"
    second = await record(api, **{**MYSQL, "title": "MySQL again"})
    other = {
        "title": "Reports use MySQL",
        "topic": "reports database",
        "options": [{"label": "MySQL"}],
        "chosen": "MySQL",
    }
    contradiction = second["contradictions"][0]["id"]
    missing = {"id": contradiction, "resolution": "MODIFIED", "rationale": WHY}
    assert await api.code(RESOLVE, input=missing) == "BAD_USER_INPUT"
    changed = await resolve(api, contradiction, "MODIFIED", newDecision=other)
    assert (changed["status"], changed["decision"]["status"]) == ("MODIFIED", "SUPERSEDED")
    assert (await status_of(api, old["id"]))["status"] == "ACCEPTED"


async def test_withdrawing_a_proposed_decision_closes_its_contradictions(api: Api) -> None:
    await record(api, **POSTGRES)
    proposed = await record(api, **MYSQL)
    withdraw = 'mutation($id: ID!) { setDecisionStatus(id: $id, status: WITHDRAWN, reason: "no") { id } }'
    await api.data(withdraw, id=proposed["id"])
    shown = await status_of(api, proposed["id"])
    assert shown["contradictions"] == [{"status": "REJECTED", "rationale": "The decision is no longer proposed."}]
    assert await api.data(UNREAD) == {"viewer": {"unreadNotificationCount": 0}}


async def test_a_decision_that_supersedes_the_old_one_is_no_contradiction(api: Api) -> None:
    old = await record(api, **POSTGRES)
    new = await record(api, **MYSQL, supersedes=[old["id"]])
    assert (new["status"], new["contradictions"]) == ("ACCEPTED", [])
    assert (await create(api, "Store the orders in MySQL"))["status"] == "PENDING"
    assert await keys(api) == []


async def test_the_decisions_of_another_user_hold_nothing(api: Api) -> None:
    await record(api, **POSTGRES)
    data = await api.data(CREATE, user="bob", input={"description": "Use MySQL for the orders"})
    assert data["createIntent"]["status"] == "PENDING"


@pytest.mark.parametrize(
    ("fields", "wanted", "new"),
    [
        (
            {"title": "レビューなしでマージしない", "kind": "RULE", "topic": "レビュー"},
            "Merge the login fix without a review",
            {"kind": "RULE", "topic": "レビュー"},
        ),
        (
            {"title": "Uploads are limited to 10 MB", "kind": "VALUE", "topic": "upload size", "value": "10 MB"},
            "アップロードの上限を50MBにして",
            {"kind": "VALUE", "topic": "upload size"},
        ),
        (
            {"title": "A native mobile app is out of scope", "kind": "SCOPE", "topic": "mobile app"},
            "モバイルアプリを作成して",
            {"kind": "SCOPE", "topic": "mobile app"},
        ),
    ],
    ids=["rule", "value", "scope"],
)
async def test_replacing_a_decision_of_any_kind_records_one_of_the_same_kind_and_topic(
    api: Api, fields: dict[str, Any], wanted: str, new: dict[str, Any]
) -> None:
    old = await record(api, **fields)
    held = await create(api, wanted)
    assert held["status"] == "AWAITING_CONFIRMATION"
    settled = await resolve(api, held["contradictions"][0]["id"], "APPROVED")
    assert settled["intent"]["status"] == "PENDING"
    by = settled["conflictsWithDecision"]["supersededBy"]
    assert by.items() >= {**new, "title": wanted, "status": "ACCEPTED", "rationale": WHY}.items()
    assert (await status_of(api, old["id"]))["status"] == "SUPERSEDED"


async def test_an_explanation_can_be_shown_in_either_language(api: Api) -> None:
    await record(api, **POSTGRES)
    await create(api, "注文をMySQLに保存するようにして")
    shown = await api.data("{ notifications { edges { node { key params } } } }")
    [found] = (await api.data("{ intents { edges { node { contradictions { key params } } } } }"))["intents"]["edges"]
    [contradiction] = found["node"]["contradictions"]
    said = render(contradiction["key"], contradiction["params"], "en")
    assert said == 'It asks for MySQL, which contradicts decision 1, "Use PostgreSQL as the database".'
    [notification] = [each["node"] for each in shown["notifications"]["edges"]]
    assert said in render(notification["key"], notification["params"], "en")


async def test_projects_are_kept_apart_until_a_conversation_moves(api: Api) -> None:
    other = (await saved(api, name="other"))["id"]
    await record(api, **POSTGRES)
    sent = await api.data(SEND, input={"content": "hi", "projectId": other})
    conversation = sent["sendMessage"]["message"]["conversation"]["id"]
    free = await create(api, "Store the orders in MySQL", conversationId=conversation)
    assert free["status"] == "PENDING"
    here = await record(api, **MYSQL, projectId=other)
    rule = await record(api, title="PostgreSQLは使わない", kind="RULE", projectId=other)
    assert {here["status"], rule["status"]} == {"ACCEPTED"}
    pool = api.database.pool
    await pool.execute("UPDATE decisions SET conversation_id = $1::uuid WHERE id = ANY($2::uuid[])", conversation,
                       [here["id"], rule["id"]])  # fmt: skip
    default = await default_of(api)
    await api.data(MOVE, input={"id": conversation, "projectId": default})
    for moved in (here, rule):
        shown = await status_of(api, moved["id"])
        assert (shown["status"], [each["status"] for each in shown["contradictions"]]) == ("PROPOSED", ["PENDING"])
    status = "query($id: ID!) { intent(id: $id) { status contradictions { status } } }"
    held = (await api.data(status, id=free["id"]))["intent"]
    assert (held["status"], held["contradictions"]) == ("AWAITING_CONFIRMATION", [{"status": "PENDING"}])
