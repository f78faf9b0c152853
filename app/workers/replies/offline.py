"""Writes a reply without a model: performs what the message asks for, then says what was done and found."""

import asyncio
import re
from collections.abc import Sequence

from app.assistant.answers.confirmations import Done
from app.assistant.answers.files import KnownFile, quote_files
from app.assistant.offline import Understanding, understand
from app.assistant.outcomes import describe
from app.assistant.record import PastTurn, load_record
from app.language.text import is_japanese, language_of
from app.live.bus.bus import Bus
from app.memory.search.snippets import INDEXED_CHARACTERS
from app.models.ports import AssistantError, Clock, Finished, Prompt
from app.retry import retry_while_unavailable
from app.settings import Settings
from app.text_process import TextWork
from app.tools.calls import Caller, ToolCall
from app.tools.registry import TOOLS
from app.tools.runner import ToolRunner
from app.workers.failures import ClaimLost
from app.workers.prompts import to_turns
from app.workers.replies.job import ReplyJob
from app.workers.replies.output import ReplyOutput
from app.workers.replies.prompts import ReplyPrompts
from app.workers.replies.tasks import background_task
from sql.pool import Database
from sql.repositories.actions import list_actions_of_messages
from sql.repositories.attachments import list_texts_of_messages
from sql.repositories.reply_claims import lock_reply, mark_intents_extracted
from sql.rows import ActionRow
from sql.statements import Connection

ACTOR = "message-bridge"
PAUSE_SECONDS = 0.015
WORDS = re.compile(r"\S+\s*|\s+")
CJK_RUN = 4
EARLIER_FILES = 10


class OfflineWriter:
    """Implements app.workers.replies.job.ReplyWriter."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        runner: ToolRunner,
        prompts: ReplyPrompts,
        output: ReplyOutput,
        settings: Settings,
        clock: Clock,
        work: TextWork,
        *,
        pause: float = PAUSE_SECONDS,
    ) -> None:
        """`pause`: seconds between two pieces of the text. `work` reads long messages."""
        self._database = database
        self._bus = bus
        self._runner = runner
        self._prompts = prompts
        self._output = output
        self._settings = settings
        self._clock = clock
        self._work = work
        self._pause = pause

    async def write(self, job: ReplyJob) -> None:
        """All actions exist before the text begins. Only a reply that answers stores a context. Raises ClaimLost."""
        if job.claim.kept:
            raise AssistantError("reply.no_model_to_continue", retryable=False)
        understood = await self._understand(job)
        if understood.answers:
            async with background_task(self._prompts.make(job)) as prompting:
                done = await self._act(job, understood)
                prompt = await prompting if understood.needs_search else None
                await self._say(job, understood, done, prompt)
                await prompting
        else:
            done = await self._act(job, understood)
            await self._say(job, understood, done, None)
        job.draft.finished = Finished("end_turn", None)

    async def _understand(self, job: ReplyJob) -> Understanding:
        message = job.message
        before = [PastTurn(turn.role, turn.text) for turn in to_turns(job.turns[:-1])] if job.turns[:-1] else []
        record = await retry_while_unavailable(
            self._database.connection,
            lambda c: load_record(c, job.claim.user_id, job.claim.conversation_id, message.id, before),
        )
        now = self._clock.now().astimezone(self._prompts.zone_of(job))
        return await understand(message.content, record, now, language_of(message.content), self._work)

    async def _act(self, job: ReplyJob, understood: Understanding) -> list[Done]:
        """Perform the calls once per message, in one transaction. Raises ClaimLost."""
        done = await retry_while_unavailable(self._database.transaction, lambda c: self._perform(c, job, understood))
        if done:
            self._bus.announce(job.claim.user_id)
        return done

    async def _perform(self, connection: Connection, job: ReplyJob, understood: Understanding) -> list[Done]:
        # The message is locked before its reply, in the same order as an edit does. The mark ensures that the calls are
        # performed once; the claim ensures that the message was not edited since it was read.
        first = await mark_intents_extracted(connection, job.message.id)
        if not await lock_reply(connection, job.claim):
            raise ClaimLost
        actions: Sequence[ActionRow]
        if first:
            caller = self._caller(job, understood)
            calls = [call for call in understood.calls if _is_supported(call)]
            actions = [await self._runner.perform(connection, caller, call) for call in calls]
        else:
            actions = await list_actions_of_messages(connection, job.claim.user_id, [job.message.id])
        return await describe(connection, job.claim.user_id, understood.record, actions, understood.language)

    def _caller(self, job: ReplyJob, understood: Understanding) -> Caller:
        return Caller(
            user_id=job.claim.user_id,
            actor=ACTOR,
            now=understood.now,
            language=understood.language,
            project_id=job.message.project_id,
            conversation_id=job.claim.conversation_id,
            message_id=job.message.id,
            said_by_user=job.message.content,
        )

    async def _say(self, job: ReplyJob, understood: Understanding, done: Sequence[Done], prompt: Prompt | None) -> None:
        about_files = await self._about_files(job, understood)
        text = understood.answer(done, prompt.recollections if prompt else (), about_files)
        for piece in to_pieces(text):
            await self._output.append(job, piece)
            await asyncio.sleep(self._pause)

    async def _about_files(self, job: ReplyJob, understood: Understanding) -> list[str]:
        """What the files say about the message: its own, or those of earlier messages when it has a question."""
        ids = [turn.id for turn in job.turns if turn.message_type == "user"]
        rows = await retry_while_unavailable(
            self._database.connection,
            lambda c: list_texts_of_messages(c, job.claim.user_id, ids, characters=INDEXED_CHARACTERS),
        )
        own = [row for row in rows if row.message_id == job.message.id]
        if not rows or not (own or understood.needs_search):
            return []
        files = [KnownFile(row.name, row.text, bool(own)) for row in (own or rows[-EARLIER_FILES:])]
        length = sum(len(each.text or "") for each in files)
        parts, quotes = await self._work.run(length, quote_files, job.message.content, files, understood.language)
        return parts if own or quotes else []


def _is_supported(call: ToolCall) -> bool:
    """Whether there is a tool for the whole call: a half of it is worse than none."""
    tool = TOOLS.get(call.tool)
    return tool is not None and call.arguments.keys() <= tool.parameters["properties"].keys()


def to_pieces(text: str) -> list[str]:
    """Words with the following space; Japanese has no spaces and is cut every four characters."""
    pieces = []
    for word in WORDS.findall(text):
        step = CJK_RUN if is_japanese(word) else len(word)
        pieces += [word[start : start + step] for start in range(0, len(word), step)]
    return pieces
