"""Step 3: runs the handler of an intent's type with the context that it works in."""

from zoneinfo import ZoneInfo

import structlog

from app.files.store import FileStore
from app.language.catalogue import message_of
from app.live.bus.bus import Bus
from app.memory.context.assembler import ContextRequest
from app.memory.search.specifications import SpecificationFinder
from app.memory.services import MemoryServices
from app.models.factory import Models
from app.models.ports import Clock, Prompt
from app.retry import DATABASE_UNAVAILABLE, retry_while_unavailable
from app.settings import Settings
from app.workers.failures import ClaimLost
from app.workers.file_contents import Contents, load_contents
from app.workers.intents.classify import zone_of_intent
from app.workers.intents.handlers.base import Handler, HandlerContext, Outcome
from app.workers.prompts import moment_of, store_context, to_prompt
from sql.pool import Database
from sql.repositories.contexts import AssembledContext
from sql.repositories.intent_claims import IntentClaim, set_intent_progress
from sql.rows import IntentRow

log = structlog.get_logger()


class HandlerRunner:
    """Gives a handler its context: the assembled prompt, progress reports and the models."""

    def __init__(
        self,
        database: Database,
        files: FileStore,
        bus: Bus,
        models: Models,
        settings: Settings,
        clock: Clock,
        memory: MemoryServices,
    ) -> None:
        self._database = database
        self._files = files
        self._bus = bus
        self._models = models
        self._settings = settings
        self._clock = clock
        self._memory = memory

    async def handle(self, claim: IntentClaim, handler: Handler) -> Outcome:
        """Raises what the handler raises: CannotHandle, NeedsAnswer, AssistantError, ClaimLost."""
        intent = claim.intent
        zone = await zone_of_intent(self._database, intent, self._settings)
        context = HandlerContext(
            assistant=self._models.assistant,
            now=self._clock.now().astimezone(zone),
            prompt=lambda system: self._prompt(intent, zone, system),
            report=lambda progress: self._report(claim, progress),
            announce=lambda: self._bus.announce(claim.user_id),
            claim=claim,
            database=self._database,
            settings=self._settings,
            specifications=SpecificationFinder(self._database, self._memory.search),
            calls=self._models.calls,
        )
        return await handler.handle(intent, context)

    async def _prompt(self, intent: IntentRow, zone: ZoneInfo, system: str) -> Prompt:
        request = ContextRequest(
            user_id=intent.user_id,
            system=system,
            asked=intent.description,
            asked_at=intent.created_at,
            asked_id=intent.id,
            source_message_id=intent.source_message_id,
            timezone=zone.key,
            project_id=intent.project_id,
            is_work=True,
            made_in=intent.conversation_id,
            tokens=self._models.assistant.token_counts(),
        )
        context = await self._memory.assembler.assemble(request)
        await retry_while_unavailable(
            self._database.transaction, lambda c: store_context(c, intent.user_id, intent.id, context)
        )
        moment = moment_of(self._clock.now().astimezone(zone))
        offline = self._models.assistant.offline
        contents = {} if offline else await self._contents(intent.user_id, context)
        return to_prompt(context, contents, moment=moment, purpose="work")

    async def _contents(self, user_id: str, context: AssembledContext) -> Contents:
        return await load_contents(
            self._database, self._files, user_id, context, pdf_blocks=self._settings.model_pdf_blocks
        )

    async def _report(self, claim: IntentClaim, progress: float) -> None:
        """Store the progress; skipped while the database is unavailable. Raises ClaimLost."""
        try:
            async with self._database.connection() as connection:
                if not await set_intent_progress(connection, claim, progress):
                    raise ClaimLost
        except DATABASE_UNAVAILABLE as failure:
            log.debug("progress was not stored", intent=str(claim.id), reason=message_of(failure))
        self._bus.announce(claim.user_id)
