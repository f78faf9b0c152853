"""Plays a dialogue without a model on the real database, with the real tools and a clock that stands still."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from app.assistant.offline import understand
from app.assistant.outcomes import describe
from app.assistant.record import PastTurn, load_record
from app.language.data import read_data
from app.language.text import language_of
from app.memory.services import open_memory
from app.settings import Settings
from app.text_process import InThisProcess
from app.tools.calls import Caller
from app.tools.runner import ToolRunner
from resolvers.checks import Limits
from sql.pool import Database
from sql.repositories.accounts import ensure_owner
from sql.repositories.conversations import insert_conversation
from sql.repositories.messages import insert_message
from sql.rows import ActionRow
from tests.dialogues.expectations import Verdict, judge
from tests.fakes.clock import FixedClock

START = datetime(2026, 12, 1, 9, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
FILES = (
    "decisions.toml", "work.toml", "talk.toml", "days.toml", "colloquial.toml", "ordinary.toml", "references.toml",
    "passing.toml",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dialogue:
    """`turns`: each a message followed by its expectations; see tests/dialogues/expectations.py."""

    kind: str
    turns: Sequence[Sequence[str]]

    @property
    def name(self) -> str:
        return f"{self.kind}: {self.turns[0][0][:40]}"


def load_dialogues(files: Sequence[str] = FILES) -> list[Dialogue]:
    found = []
    for name in files:
        for kind, dialogues in read_data(__file__, name).items():
            found += [Dialogue(kind, turns) for turns in dialogues]
    return found


@dataclass(frozen=True, slots=True)
class Stage:
    """The database and the tools of all dialogues; each dialogue has a user of its own."""

    database: Database
    runner: ToolRunner


def open_stage(database: Database) -> Stage:
    clock = FixedClock(START.astimezone(UTC))
    memory = open_memory(database, Settings(_env_file=None, embedder="hashed"), clock)
    limits = Limits(max_content_bytes=256 * 1024, max_attempts=5)
    runner = ToolRunner(database, memory.search, limits, clock, timezone="Asia/Tokyo", model_configured=lambda: False)
    return Stage(database, runner)


@dataclass(slots=True)
class Played:
    """One message with what it led to."""

    said: str
    actions: list[ActionRow]
    reply: str
    held: bool = False
    verdict: Verdict | None = None


@dataclass
class Conversation:
    """A conversation of a new user."""

    stage: Stage
    user_id: str
    id: UUID
    turns: list[PastTurn] = field(default_factory=list)

    @classmethod
    async def begin(cls, stage: Stage) -> "Conversation":
        user_id = f"user-{uuid4().hex[:12]}"
        async with stage.database.transaction() as connection:
            await ensure_owner(connection, user_id, "Ann")
            opened = await insert_conversation(connection, user_id, "A day")
        return cls(stage, user_id, opened.id)

    async def say(self, text: str) -> Played:
        async with self.stage.database.transaction() as connection:
            message = (await insert_message(connection, self.user_id, self.id, text)).id
            record = await load_record(connection, self.user_id, self.id, message, self.turns)
        language = language_of(text)
        understood = await understand(text, record, START, language, InThisProcess())
        caller = Caller(
            self.user_id, "message-bridge", START, language,
            conversation_id=self.id, message_id=message, said_by_user=text,
        )  # fmt: skip
        async with self.stage.database.transaction() as connection:
            actions = [await self.stage.runner.perform(connection, caller, call) for call in understood.calls]
            # The database has a clock of its own, which does not stand still.
            await connection.execute("UPDATE decisions SET decided_at = $2 WHERE user_id = $1", self.user_id, START)
            done = await describe(connection, self.user_id, record, actions, language)
        reply = understood.answer(done, ())
        self.turns += [PastTurn("user", text), PastTurn("assistant", reply)]
        return Played(text, actions, reply, held=any(each.held for each in done))


async def play(stage: Stage, dialogue: Dialogue) -> list[Played]:
    """Each turn with its verdict."""
    conversation = await Conversation.begin(stage)
    subjects: dict[int, list[UUID]] = {}
    played = []
    for number, turn in enumerate(dialogue.turns, 1):
        said = await conversation.say(turn[0])
        said.verdict = judge(turn[1:], said.actions, said.reply, subjects, held=said.held)
        subjects[number] = [each.subject_id for each in said.actions if each.subject_id is not None]
        played.append(said)
    return played


def summary(played: Sequence[tuple[Dialogue, Sequence[Played]]]) -> list[tuple[str, int, int, int]]:
    """Right, wrong and missed turns by kind."""
    rows: dict[str, list[int]] = {}
    for dialogue, turns in played:
        counts = rows.setdefault(dialogue.kind, [0, 0, 0])
        for turn in turns:
            name: Any = turn.verdict.name if turn.verdict else "missed"
            counts[("right", "wrong", "missed").index(name)] += 1
    return [(kind, *counts) for kind, counts in rows.items()]  # type: ignore[misc]
