"""Tells agents, and the people whose work it is, that two unfinished pieces of work overlap in meaning or in paths."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.gate.likeness import content_of, likeness
from app.language.catalogue import render
from app.language.text import language_of, one_line, shortened
from app.language.words import normalised
from app.mcp.agent import PREFIX, agent_name
from app.tools.agents import AGENT
from app.tools.paths import MAX_CHARACTERS, MAX_PATHS, PATHS, common_path
from sql.repositories.intent_lists import IntentFilter, list_intents
from sql.repositories.notifications import insert_notification
from sql.rows import IntentRow, JsonObject
from sql.statements import Connection

UNFINISHED = ("pending", "processing", "awaiting_confirmation")
COMPARED = 200
MOST = 5
READ_CHARACTERS = 600
SHOWN_CHARACTERS = 200
# Of 0..1; from tests/data/overlaps.toml, where work on two parts of one thing has up to 0.64.
ALIKE = 0.66
LONGEST_SILENCE = timedelta(hours=24)
"""An agent that has not changed its work for as long has probably stopped."""
OVERLAP = "notification.overlap"


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


async def list_overlaps(connection: Connection, user_id: str, intent: IntentRow, now: datetime) -> list[Overlap]:
    """The unfinished work of others in the project that overlaps the intent, the newest first."""
    rows = await _unfinished(connection, user_id, intent, now)
    own = (intent.user_id, intent.metadata.get(AGENT))
    others = [each for each in rows if (each.user_id, each.metadata.get(AGENT)) != own]
    paths, text = paths_of(intent), intent.description
    found = [Overlap(each, common_path(paths, paths_of(each))) for each in others]
    return [each for each in found if each.path is not None or are_alike(text, each.intent.description)][:MOST]


async def list_work_on(
    connection: Connection, user_id: str, within: IntentFilter, paths: Sequence[str], actor: str, now: datetime
) -> list[Overlap]:
    """The unfinished work of other agents on one of the paths, the newest first."""
    rows = await list_intents(connection, user_id, within, "newest", count=COMPARED, after=None)
    others = [
        each
        for each in rows
        if _is_current(each, now)
        and (each.user_id, each.metadata.get(AGENT)) not in ((user_id, actor), (user_id, None))
    ]
    found = [Overlap(each, common_path(paths, paths_of(each))) for each in others]
    return [each for each in found if each.path is not None][:MOST]


async def notify_of_overlaps(connection: Connection, intent: IntentRow, overlaps: Sequence[Overlap], name: str) -> None:
    """Notify the people whose work overlaps that of the agent, once for each pair."""
    for each in overlaps:
        other = each.intent
        params: JsonObject = {
            "intent": shortened(other.description),
            "other": shortened(intent.description),
            "agent": name,
        }
        language = language_of(other.description)
        await insert_notification(
            connection,
            *[user for user in (other.user_id, other.assignee_id) if user is not None],
            title=render(f"{OVERLAP}.title", params, language),
            message=render(OVERLAP, params, language),
            key=OVERLAP,
            params=params,
            notification_type="warning",
            intent_id=other.id,
            occurrence=f"overlap:{other.id}:{intent.id}",
        )


def are_alike(one: str, other: str) -> bool:
    """Whether two descriptions name the same work, in either language."""
    words, other_words = content_of(normalised(one[:READ_CHARACTERS])), content_of(normalised(other[:READ_CHARACTERS]))
    return likeness(words, other_words).covered + likeness(other_words, words).covered >= 2 * ALIKE


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


async def _unfinished(connection: Connection, user_id: str, intent: IntentRow, now: datetime) -> list[IntentRow]:
    within = IntentFilter(statuses=UNFINISHED, project_id=intent.project_id)
    rows = await list_intents(connection, user_id, within, "newest", count=COMPARED, after=None)
    return [each for each in rows if _is_current(each, now)]


def _is_current(intent: IntentRow, now: datetime) -> bool:
    return AGENT not in intent.metadata or now - intent.updated_at < LONGEST_SILENCE
