"""Settling contradictions, and confirming what waits for the user's word."""

from typing import Any
from uuid import UUID

import pytest

from sql.repositories.contradictions import ContradictionKind, NewContradiction, insert_contradiction
from tests.resolvers.conftest import Api
from tests.resolvers.test_decisions import SET, record
from tests.resolvers.test_intents import CANCEL, RETRY, UPDATE, create, move

RESOLVE = """
mutation($input: ResolveContradictionInput!) {
  resolveContradiction(input: $input) {
    status rationale resolvedAt intent { status description version intentType } conflictsWith { status }
  }
}
"""
CONFIRM = "mutation($id: ID!) { confirmIntent(id: $id) { status version history { toStatus actor reason } } }"
SHOWN = """
query($id: ID!) { intent(id: $id) { contradictions {
  id kind confidence explanation judge status intent { id }
  conflictsWith { id } conflictsWithDecision { id } conflictsWithSpecification { id }
} } }
"""
WHY = "we need it for the pilot"


async def clash(api: Api, intent: str, kind: ContradictionKind = "duplicate", **fields: Any) -> str:
    """A contradiction that the gate has found; the intent waits."""
    found = NewContradiction(kind, 0.9, "the same again", "local rules", **fields)
    async with api.database.transaction() as connection:
        row = await insert_contradiction(connection, "ann", UUID(intent), found)
    return str(row.id)


async def held(api: Api, **fields: Any) -> tuple[str, str]:
    """An intent that waits, and its contradiction."""
    intent = await create(api, intentType="TASK")
    await move(api, intent, "processing", "awaiting_confirmation")
    return intent, await clash(api, intent, **fields)


async def resolve(api: Api, contradiction: str, resolution: str, **fields: object) -> Any:
    given = {"id": contradiction, "resolution": resolution, "rationale": WHY, **fields}
    return (await api.data(RESOLVE, input=given))["resolveContradiction"]


async def test_a_contradiction_says_what_clashes_with_what(api: Api) -> None:
    other = await create(api)
    intent, contradiction = await held(api, with_kind="intent", with_id=UUID(other))
    [shown] = (await api.data(SHOWN, id=intent))["intent"]["contradictions"]
    assert shown == {
        "id": contradiction, "kind": "DUPLICATE", "confidence": 0.9, "explanation": "the same again",
        "judge": "local rules", "status": "PENDING", "intent": {"id": intent}, "conflictsWith": {"id": other},
        "conflictsWithDecision": None, "conflictsWithSpecification": None,
    }  # fmt: skip
    found = await api.data("query($id: ID!) { node(id: $id) { __typename } }", id=contradiction)
    assert found["node"]["__typename"] == "Contradiction"


async def test_approved_the_intent_goes_on_and_what_waited_before_it_is_called_off(api: Api) -> None:
    other = await create(api)
    intent, contradiction = await held(api, with_kind="intent", with_id=UUID(other))
    settled = await resolve(api, contradiction, "APPROVED")
    assert (settled["status"], settled["rationale"]) == ("APPROVED", WHY)
    assert settled["intent"]["status"] == "PENDING"
    assert settled["conflictsWith"]["status"] == "CANCELLED"
    row = await api.database.pool.fetchrow("SELECT superseded_by, reason FROM intents WHERE id = $1", other)
    assert row is not None
    assert tuple(row) == (UUID(intent), f"Superseded: {WHY}")


async def test_a_duplicate_and_an_absolute_wording_record_no_decision(api: Api) -> None:
    other = await create(api)
    for fields in ({"with_kind": "intent", "with_id": UUID(other)}, {"kind": "dogma"}):
        for resolution in ("APPROVED", "REJECTED"):
            _, contradiction = await held(api, **fields)
            await resolve(api, contradiction, resolution)
    assert await api.database.pool.fetchval("SELECT count(*) FROM decisions") == 0


async def test_what_became_of_both_is_told_as_caused_by_the_contradiction(api: Api) -> None:
    other = await create(api)
    intent, contradiction = await held(api, with_kind="intent", with_id=UUID(other))
    await resolve(api, contradiction, "APPROVED")
    caused = await api.database.pool.fetch("SELECT kind, subject_id FROM events WHERE caused_by = $1", contradiction)
    assert {tuple(row) for row in caused} == {("intent_updated", UUID(intent)), ("intent_updated", UUID(other))}
    told = await api.database.pool.fetch("SELECT kind FROM events WHERE subject_id = $1 ORDER BY id", contradiction)
    assert [row["kind"] for row in told] == ["contradiction_found", "contradiction_resolved"]


async def test_approved_against_a_decision_a_new_decision_supersedes_it(api: Api) -> None:
    old = await record(api, topic="database")
    _, contradiction = await held(api, with_kind="decision", with_id=UUID(old["id"]))
    await resolve(api, contradiction, "APPROVED")
    rows = await api.database.pool.fetch(
        "SELECT d.status, d.topic, d.rationale, d.title = i.description AS as_asked, d.superseded_by IS NOT NULL "
        "FROM decisions AS d LEFT JOIN intents AS i ON i.id = d.intent_id ORDER BY d.number"
    )
    assert [tuple(row) for row in rows] == [
        ("superseded", "database", "pgvector", None, True),
        ("accepted", "database", WHY, True, False),
    ]


async def test_the_intent_goes_on_only_when_nothing_is_left_to_settle(api: Api) -> None:
    intent, first = await held(api)
    second = await clash(api, intent)
    assert (await resolve(api, first, "APPROVED"))["intent"]["status"] == "AWAITING_CONFIRMATION"
    assert await api.code(CONFIRM, id=intent) == "CONFLICT"
    assert (await resolve(api, second, "APPROVED"))["intent"]["status"] == "PENDING"


async def test_rejected_the_intent_is_cancelled_and_keeps_the_reason(api: Api) -> None:
    intent, contradiction = await held(api)
    settled = await resolve(api, contradiction, "REJECTED")
    assert (settled["status"], settled["rationale"], settled["intent"]["status"]) == ("REJECTED", WHY, "CANCELLED")
    row = await api.database.pool.fetchrow("SELECT actor, reason FROM intents WHERE id = $1", intent)
    assert row is not None
    assert tuple(row) == ("ann", WHY)


async def test_modified_the_intent_begins_anew_with_other_words(api: Api) -> None:
    intent, contradiction = await held(api)
    await api.database.pool.execute("UPDATE intents SET checked_at = now() WHERE id = $1", intent)
    settled = await resolve(api, contradiction, "MODIFIED", newDescription="write it somewhere else")
    assert (settled["status"], settled["rationale"]) == ("MODIFIED", WHY)
    assert settled["intent"]["status"] == "PENDING"
    assert settled["intent"]["description"] == "write it somewhere else"
    assert settled["intent"]["intentType"] == "TASK", "what the user said it is, it stays"
    assert await api.database.pool.fetchval("SELECT checked_at FROM intents WHERE id = $1", intent) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"rationale": "too short"},
        {"rationale": " " * 40},
        {"rationale": "x" * 10_001},
        {"resolution": "PENDING"},
        {"resolution": "MODIFIED"},
        {"resolution": "MODIFIED", "newDescription": "  "},
        {"resolution": "MODIFIED", "newDescription": "write it down"},
        {"newDescription": "other words"},
    ],
)
async def test_what_does_not_settle_it_is_refused_and_changes_nothing(api: Api, fields: dict[str, object]) -> None:
    intent, contradiction = await held(api)
    given = {"id": contradiction, "resolution": "APPROVED", "rationale": WHY, **fields}
    assert await api.code(RESOLVE, input=given) == "BAD_USER_INPUT"
    [shown] = (await api.data(SHOWN, id=intent))["intent"]["contradictions"]
    assert shown["status"] == "PENDING"


async def test_it_is_settled_once(api: Api) -> None:
    _, contradiction = await held(api)
    await resolve(api, contradiction, "APPROVED")
    given = {"id": contradiction, "resolution": "REJECTED", "rationale": WHY}
    assert await api.code(RESOLVE, input=given) == "CONFLICT"


async def test_another_users_contradiction_is_not_found(api: Api) -> None:
    _, contradiction = await held(api)
    given = {"id": contradiction, "resolution": "APPROVED", "rationale": WHY}
    assert await api.code(RESOLVE, "bob", input=given) == "NOT_FOUND"
    assert await api.code("query($id: ID!) { node(id: $id) { id } }", "bob", id=contradiction) == "NOT_FOUND"


async def test_cancelling_the_intent_settles_what_it_clashed_with(api: Api) -> None:
    intent, _ = await held(api)
    await api.data(CANCEL, id=intent)
    [shown] = (await api.data(SHOWN, id=intent))["intent"]["contradictions"]
    assert shown["status"] == "REJECTED"


async def test_an_update_with_other_words_has_a_held_intent_checked_anew(api: Api) -> None:
    intent, _ = await held(api)
    await api.data(UPDATE, input={"id": intent, "description": "something else altogether"})
    shown = await api.data("query($id: ID!) { intent(id: $id) { status contradictions { status } } }", id=intent)
    assert shown["intent"] == {"status": "PENDING", "contradictions": [{"status": "MODIFIED"}]}


async def test_what_waits_for_confirmation_goes_on_when_confirmed_and_nothing_else_does(api: Api) -> None:
    intent = await create(api)
    assert await api.code(CONFIRM, id=intent) == "CONFLICT"
    await move(api, intent, "processing", "awaiting_confirmation")
    assert await api.code(CONFIRM, "bob", id=intent) == "NOT_FOUND"
    confirmed = (await api.data(CONFIRM, id=intent))["confirmIntent"]
    assert confirmed["status"] == "PENDING"
    assert confirmed["history"][-1] == {"toStatus": "PENDING", "actor": "ann", "reason": "Confirmed."}
    confirmed_at = "SELECT confirmed_at FROM intents WHERE id = $1"
    assert await api.database.pool.fetchval(confirmed_at, intent) is not None
    await move(api, intent, "processing", "failed")
    await api.data(RETRY, id=intent)
    assert await api.database.pool.fetchval(confirmed_at, intent) is None, "a retry is confirmed anew"


@pytest.mark.parametrize("begun", [False, True])
async def test_accepting_a_superseded_decision_undoes_its_replacement(api: Api, begun: bool) -> None:
    old = await record(api, topic="database")
    intent, contradiction = await held(api, with_kind="decision", with_id=UUID(old["id"]))
    await resolve(api, contradiction, "APPROVED")
    if begun:
        await move(api, intent, "processing")
    await api.data(SET, id=old["id"], status="ACCEPTED", reason="the pilot is over")
    decisions = await api.database.pool.fetch("SELECT status, superseded_by FROM decisions ORDER BY number")
    assert [tuple(row) for row in decisions] == [("accepted", None), ("withdrawn", None)]
    [shown] = (await api.data(SHOWN, id=intent))["intent"]["contradictions"]
    status = await api.database.pool.fetchval("SELECT status FROM intents WHERE id = $1", intent)
    assert (shown["status"], status) == (("APPROVED", "processing") if begun else ("PENDING", "awaiting_confirmation"))
    if not begun:
        assert (await resolve(api, contradiction, "APPROVED"))["intent"]["status"] == "PENDING"
        applies = await api.database.pool.fetchval("SELECT number FROM decisions WHERE status = 'accepted'")
        assert applies == 3
