"""Assembles and stores the context of a reply, and makes its prompt."""

from dataclasses import replace

from app.clock import zone_of
from app.memory.context.assembler import ContextAssembler, ContextRequest
from app.models.ports import Clock, Prompt, Turn
from app.retry import retry_while_unavailable
from app.settings import Settings
from app.workers.prompts import ANSWER, moment_of, store_context, to_prompt
from app.workers.replies.job import ReplyJob
from sql.pool import Database


class ReplyPrompts:
    """Makes the prompts of one message bridge."""

    def __init__(self, database: Database, assembler: ContextAssembler, settings: Settings, clock: Clock) -> None:
        self._database = database
        self._assembler = assembler
        self._settings = settings
        self._clock = clock

    async def make(self, job: ReplyJob) -> Prompt:
        """The prompt; its context is stored as that of the reply. A continued reply is its last turn."""
        message, claim = job.message, job.claim
        zone = zone_of(message.metadata, self._settings.server_timezone)
        request = ContextRequest(
            user_id=claim.user_id,
            system=ANSWER,
            asked=message.content,
            asked_at=message.created_at,
            asked_id=message.id,
            conversation_id=claim.conversation_id,
            turns=job.turns[:-1],
            timezone=zone.key if "timezone" in message.metadata else None,
        )
        context = await self._assembler.assemble(request)
        await retry_while_unavailable(
            self._database.transaction, lambda c: store_context(c, claim.user_id, claim.id, context)
        )
        prompt = to_prompt(context, moment=moment_of(self._clock.now().astimezone(zone)))
        if claim.model in self._settings.available_models:
            prompt = replace(prompt, model=claim.model)
        return replace(prompt, turns=[*prompt.turns, Turn("assistant", claim.kept)]) if claim.kept else prompt
