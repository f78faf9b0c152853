"""Tells agents, and the people whose work it is, that two unfinished pieces of work overlap in meaning or in paths."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from app.language.catalogue import render
from app.language.text import language_of, one_line, shortened
from app.mcp.agent import PREFIX, Agent, agent_name
from app.mcp.comparison import READ_CHARACTERS, Work, find_overlaps
from app.text_process import TextWork
from app.tools.agents import AGENT
from app.tools.paths import MAX_CHARACTERS, MAX_PATHS, PATHS
from sql.pool import Database
from sql.repositories.intent_lists import IntentFilter, list_intents
from sql.repositories.intents import find_intents
from sql.repositories.notifications import insert_notification
from sql.rows import IntentRow, JsonObject
from sql.statements import Connection

log = structlog.get_logger()

UNFINISHED = ("pending", "processing", "awaiting_confirmation")
COMPARED = 200
SHOWN_CHARACTERS = 200
LONGEST_SECONDS = 10.0  # of a comparison; the agent waits for it
LONGEST_SILENCE = timedelta(hours=24)
"""An agent that has not changed its work for as long has probably stopped."""
OVERLAP = "notification.overlap"
OVERLAP_ON_PATH = "notification.overlap_on_path"


@dataclass(frozen=True, slots=True)
class Overlap:
    """Other work, and why it overlaps: the path of both, or None for the same meaning."""

    intent: IntentRow
    path: str | None

    def to_json(self) -> JsonObject:
        """As declarations.OVERLAP describes it."""
        return {
            "id": str(self.intent.id),
            "description": one_line(self.intent.description, SHOWN_CHARACTERS),
            "agent": agent_of(self.intent),
            "path": self.path,
        }


async def tell_overlaps(
    database: Database, work: TextWork, agent: Agent, intent_id: UUID, now: datetime
) -> list[Overlap]:
    """The unfinished work of others in the project that overlaps the intent, newest first; they are notified.

    Call it after the commit: the comparison takes long, and the write is kept when it fails. A failure is logged.
    """
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            async with database.connection() as connection:
                [intent] = await find_intents(connection, agent.viewer.id, [intent_id])
                others = await _others(connection, agent.viewer.id, intent, now)
            overlaps = await _compared(work, intent, others)
            if overlaps:
                async with database.transaction() as connection:
                    await notify_of_overlaps(connection, intent, overlaps, agent.name)
            return overlaps
    except Exception as failure:
        log.warning("the work of an agent was not compared", intent_id=str(intent_id), exc_info=failure)
        return []


async def list_work_on(
    database: Database, user_id: str, within: IntentFilter, paths: Sequence[str], actor: str, now: datetime
) -> list[Overlap]:
    """The unfinished work of other agents on one of the paths, the newest first."""
    async with database.connection() as connection:
        rows = await list_intents(connection, user_id, within, "newest", count=COMPARED, after=None)
    own = ((user_id, actor), (user_id, None))
    others = [each for each in rows if _is_current(each, now) and (each.user_id, each.metadata.get(AGENT)) not in own]
    # In a thread: it is done before each edit, so no process is started for it.
    found = await asyncio.to_thread(find_overlaps, Work("", paths), [Work("", paths_of(each)) for each in others])
    return [Overlap(others[place], path) for place, path in found]


async def _others(connection: Connection, user_id: str, intent: IntentRow, now: datetime) -> list[IntentRow]:
    """The unfinished work in the project of others than the agent that recorded the intent, the newest first."""
    within = IntentFilter(statuses=UNFINISHED, project_id=intent.project_id)
    rows = await list_intents(connection, user_id, within, "newest", count=COMPARED, after=None)
    own = (intent.user_id, intent.metadata.get(AGENT))
    return [each for each in rows if _is_current(each, now) and (each.user_id, each.metadata.get(AGENT)) != own]


async def _compared(work: TextWork, intent: IntentRow, others: Sequence[IntentRow]) -> list[Overlap]:
    own, compared = _work_of(intent), [_work_of(each) for each in others]
    characters = own.characters + sum(each.characters for each in compared)
    found = await work.run(characters, find_overlaps, own, compared) if others else []
    return [Overlap(others[place], path) for place, path in found]


def _work_of(intent: IntentRow) -> Work:
    return Work(intent.description[:READ_CHARACTERS], paths_of(intent))


async def notify_of_overlaps(connection: Connection, intent: IntentRow, overlaps: Sequence[Overlap], name: str) -> None:
    """Notify the people whose work overlaps that of the agent, once for each pair."""
    for each in overlaps:
        other = each.intent
        params: JsonObject = {
            "intent": shortened(other.description),
            "other": shortened(intent.description),
            "agent": name,
        }
        key = OVERLAP
        if each.path is not None:
            key, params["path"] = OVERLAP_ON_PATH, each.path
        language = language_of(other.description)
        await insert_notification(
            connection,
            *[user for user in (other.user_id, other.assignee_id) if user is not None],
            title=render(f"{OVERLAP}.title", params, language),
            message=render(key, params, language),
            key=key,
            params=params,
            notification_type="warning",
            intent_id=other.id,
            occurrence=f"overlap:{min(other.id, intent.id)}:{max(other.id, intent.id)}",
            metadata={"otherIntentId": str(intent.id)},
        )


def paths_of(intent: IntentRow) -> list[str]:
    """As many as an agent may send: metadata that a client has stored has no such limits."""
    found = intent.metadata.get(PATHS)
    given = found[:MAX_PATHS] if isinstance(found, list) else []
    return [each for each in given if isinstance(each, str) and len(each) <= MAX_CHARACTERS]


def agent_of(intent: IntentRow) -> str | None:
    """The agent that recorded the intent; None for a name that the server does not give, such as that of a file."""
    given = intent.metadata.get(AGENT)
    name = given.removeprefix(PREFIX) if isinstance(given, str) else None
    return given if name is not None and given == f"{PREFIX}{agent_name(name)}" else None


def _is_current(intent: IntentRow, now: datetime) -> bool:
    return AGENT not in intent.metadata or now - intent.updated_at < LONGEST_SILENCE
