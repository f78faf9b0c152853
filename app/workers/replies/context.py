"""Assembles the context of a reply: of one that is written, and of one that would be written now."""

from dataclasses import replace
from uuid import UUID
from zoneinfo import ZoneInfo

from app.clock import zone_of
from app.memory.context.assembler import ContextAssembler, ContextRequest
from app.models.in_use import ModelInUse
from app.models.ports import Clock
from app.retry import retry_while_unavailable
from app.workers.prompts import ANSWER, MAX_TURNS
from app.workers.replies.state import read_state
from sql.pool import Database
from sql.repositories.accounts import find_timezone
from sql.repositories.contexts import AssembledContext, list_latest_turns
from sql.repositories.projects import find_project_of_new


async def assemble_context(
    database: Database, assembler: ContextAssembler, request: ContextRequest, zone: ZoneInfo, *, acts: bool
) -> AssembledContext:
    """The context for the request, with the instructions of a reply.

    For a model, which `acts`, they also say what is open and what is decided; times are in `zone`.
    """
    if acts:
        state = await retry_while_unavailable(
            database.connection, lambda c: read_state(c, request.user_id, request.project_id, zone)
        )
        request = replace(request, system=request.system + state)
    return await assembler.assemble(request)


class ContextPreview:
    """Implements resolvers.ports.ContextPreviewer. Stores nothing."""

    def __init__(self, database: Database, assembler: ContextAssembler, clock: Clock, model: ModelInUse) -> None:
        self._database = database
        self._assembler = assembler
        self._clock = clock
        self._model = model

    async def preview(
        self, user_id: str, project_id: UUID | None, conversation_id: UUID | None, content: str
    ) -> AssembledContext:
        async with self._database.connection() as connection:
            project_id = await find_project_of_new(connection, user_id, project_id, conversation_id)
            zone = zone_of(await find_timezone(connection, user_id), {}, self._model.environment.server_timezone)
            turns = await list_latest_turns(connection, user_id, conversation_id, MAX_TURNS) if conversation_id else []
        request = ContextRequest(
            user_id=user_id,
            system=ANSWER,
            asked=content,
            asked_at=self._clock.now(),
            conversation_id=conversation_id,
            turns=turns,
            project_id=project_id,
        )
        acts = self._model.settings.claude_configured
        return await assemble_context(self._database, self._assembler, request, zone, acts=acts)
