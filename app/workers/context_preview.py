"""Shows the context that a reply would be given if this message were sent now."""

from uuid import UUID

from app.memory.context.assembler import ContextAssembler, ContextRequest
from app.models.ports import Clock
from app.workers.prompts import ANSWER, MAX_TURNS
from sql.pool import Database
from sql.repositories.contexts import AssembledContext, list_latest_turns


class ContextPreview:
    """Implements resolvers.ports.ContextPreviewer. Assembles as the message bridge does and stores nothing."""

    def __init__(self, database: Database, assembler: ContextAssembler, clock: Clock) -> None:
        self._database = database
        self._assembler = assembler
        self._clock = clock

    async def preview(self, user_id: str, conversation_id: UUID | None, content: str) -> AssembledContext:
        turns = []
        if conversation_id is not None:
            async with self._database.connection() as connection:
                turns = await list_latest_turns(connection, user_id, conversation_id, MAX_TURNS)
        return await self._assembler.assemble(
            ContextRequest(
                user_id=user_id,
                system=ANSWER,
                asked=content,
                asked_at=self._clock.now(),
                conversation_id=conversation_id,
                turns=turns,
            )
        )
