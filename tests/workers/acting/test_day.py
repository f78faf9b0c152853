"""A day of a developer in 34 messages with a model that makes no mistake: all of them have the right outcome.

tests/data/day.json has the messages with their outcomes, day.json the answers of the model to each of them. "$3" is the
id of the record of message 3, which the model must have been told.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from app.clock import SystemClock
from app.tools.calls import Caller, ToolCall
from sql.repositories.messages import insert_exchange
from tests.fakes.clock import FixedClock
from tests.fakes.messages_api import MessagesApi
from tests.workers.acting.outcomes import ZONE, Day, Outcome
from tests.workers.acting.scripts import to_scripted
from tests.workers.conftest import Workshop

MESSAGES: list[dict[str, Any]] = json.loads((Path(__file__).parents[2] / "data/day.json").read_text())["messages"]
ANSWERS: dict[str, list[dict[str, Any]]] = json.loads(Path(__file__).with_name("day.json").read_text())
MORNING = datetime(2026, 12, 1, 9, 0, tzinfo=ZONE)
ACTIONS = "SELECT tool, status, subject_kind, subject_id FROM actions WHERE message_id = $1 ORDER BY id"
SUBJECTS = {
    "intent": "SELECT * FROM intents WHERE id = $1",
    "memory": "SELECT * FROM memories WHERE id = $1",
    "specification": "SELECT * FROM specifications WHERE id = $1",
    "decision": """
        SELECT d.*, ARRAY(SELECT label FROM decision_options WHERE decision_id = d.id) AS labels,
            ARRAY(SELECT old.id FROM decisions AS old WHERE old.superseded_by = d.id) AS superseded
        FROM decisions AS d WHERE id = $1""",
}
HELD_BY = "SELECT conflicts_with_decision_id FROM contradictions WHERE intent_id = $1"


async def outcomes_of(workshop: Workshop, message: UUID) -> list[Outcome]:
    found = []
    for action in await workshop.pool.fetch(ACTIONS, message):
        subject_id = action["subject_id"]
        row = await workshop.pool.fetchrow(SUBJECTS[action["subject_kind"] or "intent"], subject_id)
        held_by = [each[0] for each in await workshop.pool.fetch(HELD_BY, subject_id)]
        subject = dict(row) if row is not None else {}
        found.append(Outcome(action["tool"], action["status"], subject_id, subject, held_by))
    return found


def untold(api: MessagesApi, answers: list[dict[str, Any]], ids: dict[str, UUID]) -> list[str]:
    """The ids that the model uses although no request before named them."""
    problems = []
    for answer, request in zip(answers, api.requests, strict=True):
        used = [name for name in ids if f'"${name}"' in json.dumps(answer)]
        problems += [
            f"${name} is not in the request" for name in used if str(ids[name]).encode() not in orjson.dumps(request)
        ]
    return problems


async def test_a_model_that_makes_no_mistake_reaches_the_outcome_of_each_message(
    workshop: Workshop, api: MessagesApi
) -> None:
    workshop.clock = FixedClock(MORNING.astimezone(UTC))
    conversation, day, ids, wrong = None, Day(), dict[str, UUID](), list[str]()
    async with workshop.bridge("message"):
        for expected in MESSAGES:
            number, answers = expected["n"], ANSWERS[str(expected["n"])]
            api.requests.clear()
            api.script(*(to_scripted(answer, ids) for answer in answers))
            async with workshop.services.database.transaction() as connection:
                message, reply = await insert_exchange(
                    connection, "ann", conversation, expected["text"], title="t", metadata={"timezone": "Asia/Tokyo"}
                )
            conversation = message.conversation_id
            workshop.services.bus.announce("ann")
            row = await workshop.until_status("messages", reply.id, "complete", "failed")
            found = await outcomes_of(workshop, message.id)
            problems = [] if row["status"] == "complete" else [f"the reply failed: {row['error']}"]
            problems += untold(api, answers, ids) + day.missing(expected, found, row["content"])
            wrong += [f"{number} {expected['text']}: {each}" for each in problems]
            day.subjects[number] = [each.subject_id for each in found if each.subject_id is not None]
            ids |= {str(number): each for each in day.subjects[number][:1]}
            if number == 4:
                ids["specification"] = await draft(workshop, expected["actions"][0]["title"])
                day.subjects[number].append(ids["specification"])
    assert wrong == []


async def draft(workshop: Workshop, title: str) -> UUID:
    """The document that the intent bridge drafts for the request."""
    caller = Caller("ann", "intent-bridge", SystemClock().now())
    call = ToolCall("write_specification", {"title": title, "content": f"# {title}\n\nパスワードとJWT。"})
    async with workshop.services.database.transaction() as connection:
        action = await workshop.services.tools().perform(connection, caller, call)
    assert action.subject_id is not None
    return action.subject_id
