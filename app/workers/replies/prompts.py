"""Assembles and stores the context of a reply, and makes its prompt."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from app.clock import zone_of
from app.files.store import FileStore
from app.language.citations import CitationScanner, bracketed_numbers
from app.language.text import language_of, one_line
from app.memory.context.assembler import ContextAssembler, ContextRequest
from app.models.ports import Assistant, Clock, Prompt, Turn
from app.models.tags import enclosed, tagged
from app.retry import retry_while_unavailable
from app.settings import Settings
from app.tools.calls import Caller
from app.workers.file_contents import Contents, load_contents
from app.workers.prompts import ANSWER, moment_of, store_context, to_prompt
from app.workers.replies.acting import Acting
from app.workers.replies.context import assemble_context
from app.workers.replies.job import ReplyJob
from app.workers.replies.sources import Sources
from sql.pool import Database
from sql.repositories.contexts import AssembledContext, find_contexts
from sql.repositories.reply_claims import ReplyClaim
from sql.rows import ActionRow, JsonObject

ACTOR = "message-bridge"
SUMMARY_CHARACTERS = 300
MOST_AVOIDED = 99  # of the numbers in records: they cannot use up all
REPEATED_NOTE = "Already done or proposed because of the last message, for an earlier version of your reply. Not again:"


class ReplyPrompts:
    """Makes the prompts of one message bridge."""

    def __init__(
        self,
        database: Database,
        files: FileStore,
        assembler: ContextAssembler,
        settings: Settings,
        clock: Clock,
        assistant: Assistant,
    ) -> None:
        self._database = database
        self._files = files
        self._assembler = assembler
        self._settings = settings
        self._clock = clock
        self._assistant = assistant

    def zone_of(self, job: ReplyJob) -> ZoneInfo:
        return zone_of(job.timezone, job.message.metadata, self._settings.server_timezone)

    def caller_of(self, job: ReplyJob) -> Caller:
        """On whose behalf and because of what tools are called."""
        return Caller(
            user_id=job.claim.user_id,
            actor=ACTOR,
            now=self._clock.now().astimezone(self.zone_of(job)),
            language=language_of(job.message.content),
            project_id=job.message.project_id,
            conversation_id=job.claim.conversation_id,
            message_id=job.claim.reply_to,
            said_by_user=job.message.content,
        )

    async def make(self, job: ReplyJob, acting: Acting | None = None) -> Prompt:
        """The prompt; its context is stored as that of the reply. With `acting` for a model that calls tools.

        A continued reply is its last turn, unless stored rounds contain its text.
        """
        message, claim, zone = job.message, job.claim, self.zone_of(job)
        now = self._clock.now().astimezone(zone)
        request = ContextRequest(
            user_id=claim.user_id,
            system=ANSWER,
            asked=message.content,
            asked_at=message.created_at,
            asked_id=message.id,
            conversation_id=claim.conversation_id,
            turns=job.turns[:-1],
            timezone=zone.key,
            project_id=message.project_id,
            tokens=self._assistant.token_counts(self._model_of(claim)),
        )
        context = await assemble_context(self._database, self._assembler, request, zone, acts=acting is not None)
        context = await self._with_sources(job, acting, context)
        await retry_while_unavailable(
            self._database.transaction, lambda c: store_context(c, claim.user_id, claim.id, context)
        )
        moment = moment_of(now)
        if acting is not None and acting.repeated:
            moment += _done_before([action for action in acting.actions if action.tool in acting.repeated])
        # Without a model nothing reads pictures and PDF.
        contents = await self._contents(claim.user_id, context) if acting is not None else {}
        prompt = to_prompt(context, contents, moment=moment)
        if model := self._model_of(claim):
            prompt = replace(prompt, model=model)
        kept = claim.kept if acting is None or not acting.includes_kept else ""
        return replace(prompt, turns=[*prompt.turns, Turn("assistant", kept)]) if kept else prompt

    async def _with_sources(self, job: ReplyJob, acting: Acting | None, context: AssembledContext) -> AssembledContext:
        """The context with numbers for a model, those of an earlier attempt when its text is kept."""
        if acting is None:
            return context
        said, found = _numbers_in(context, "working", "user"), _numbers_in(context, "summary", "decision", "semantic")
        taken = said | {number for number in found if number <= MOST_AVOIDED}
        sources = job.draft.sources = Sources(await self._earlier_sources(job.claim, acting), taken)
        for item in context.of("decision", "semantic"):
            sources.number_of(item.kind, item.source_id)
        # A number between brackets that was written in the conversation may be repeated; it is no citation.
        job.draft.scanner = CitationScanner(lambda number: number in sources or number in said, before=job.claim.kept)
        return replace(context, sources=sources.to_json())

    async def _earlier_sources(self, claim: ReplyClaim, acting: Acting) -> Sequence[JsonObject]:
        """Those of the text of an earlier attempt, if it is kept."""
        if not claim.kept and not acting.rounds:
            return ()
        earlier = await retry_while_unavailable(
            self._database.connection, lambda c: find_contexts(c, claim.user_id, [claim.id])
        )
        return earlier[0][1].sources if earlier else ()

    def _model_of(self, claim: ReplyClaim) -> str | None:
        """The model that was chosen for the conversation, if it can still be used."""
        return claim.model if claim.model in self._settings.available_models else None

    async def _contents(self, user_id: str, context: AssembledContext) -> Contents:
        return await load_contents(
            self._database, self._files, user_id, context, pdf_blocks=self._settings.model_pdf_blocks
        )


def _numbers_in(context: AssembledContext, *layers: str) -> frozenset[int]:
    return frozenset().union(*(bracketed_numbers(item.text) for item in context.of(*layers)))


def _done_before(actions: Sequence[ActionRow]) -> str:
    items = "".join(
        tagged("item", one_line(action.summary, SUMMARY_CHARACTERS), tool=action.tool, status=action.status)
        for action in actions
    )
    return f"\n{REPEATED_NOTE}\n{enclosed('records', items)}"
