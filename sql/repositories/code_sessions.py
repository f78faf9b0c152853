"""Code sessions and their tool calls, written under the fence of the intent's claim."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sql.repositories.intent_claims import IntentClaim
from sql.rows import JsonObject
from sql.service_rows import CodeExecutionRow, CodeSessionRow
from sql.statements import Connection, statements

NOT_ENDED = "The session ended before the call did."
NOT_ENDED_KEY = "code.call_not_ended"


async def insert_session(connection: Connection, claim: IntentClaim, session_id: str) -> bool:
    """Whether the claim is still held. The same holds for the executions below."""
    written = await statements.insert_session(
        connection, user_id=claim.user_id, intent_id=claim.id, fence=claim.fence, session_id=session_id
    )
    return written is not None


async def fail_running_sessions(
    connection: Connection,
    claim: IntentClaim,
    error: str,
    error_key: str | None = None,
    error_params: JsonObject | None = None,
) -> None:
    """Fail the sessions that an earlier attempt left running."""
    await statements.fail_running_sessions(
        connection,
        user_id=claim.user_id,
        intent_id=claim.id,
        error=error,
        error_key=error_key,
        error_params=error_params,
    )


async def finish_session(
    connection: Connection,
    user_id: str,
    session_id: str,
    *,
    status: str,
    seconds: float,
    error: str | None,
    error_key: str | None = None,
    error_params: JsonObject | None = None,
) -> None:
    await statements.finish_session(
        connection,
        user_id=user_id,
        session_id=session_id,
        status=status,
        seconds=seconds,
        error=error,
        error_key=error_key,
        error_params=error_params,
    )


async def insert_execution(
    connection: Connection, claim: IntentClaim, session_id: str, *, order: int, tool: str, given: Any
) -> bool:
    written = await statements.insert_execution(
        connection,
        user_id=claim.user_id,
        intent_id=claim.id,
        fence=claim.fence,
        session_id=session_id,
        execution_order=order,
        tool_name=tool,
        input=given,
        error=NOT_ENDED,
        error_key=NOT_ENDED_KEY,
        error_params={},
    )
    return written is not None


async def finish_execution(
    connection: Connection,
    claim: IntentClaim,
    session_id: str,
    *,
    order: int,
    output: Any,
    error: str | None,
    duration_ms: int,
    error_key: str | None = None,
    error_params: JsonObject | None = None,
) -> bool:
    """An `error` of None means success."""
    written = await statements.finish_execution(
        connection,
        user_id=claim.user_id,
        intent_id=claim.id,
        fence=claim.fence,
        session_id=session_id,
        execution_order=order,
        output=output,
        error=error,
        error_key=error_key,
        error_params=error_params,
        duration_ms=duration_ms,
    )
    return written is not None


async def find_sessions(connection: Connection, user_id: str, ids: Sequence[UUID]) -> list[CodeSessionRow]:
    return [CodeSessionRow(**record) async for record in statements.find_sessions(connection, user_id=user_id, ids=ids)]


async def list_sessions_of_intents(
    connection: Connection, user_id: str, intent_ids: Sequence[UUID]
) -> list[CodeSessionRow]:
    """Oldest first within each intent."""
    records = statements.list_sessions_of_intents(connection, user_id=user_id, intent_ids=intent_ids)
    return [CodeSessionRow(**record) async for record in records]


async def list_executions_of_sessions(
    connection: Connection, user_id: str, session_ids: Sequence[UUID]
) -> list[CodeExecutionRow]:
    """In the order of the calls; `session_ids` are ids of rows."""
    records = statements.list_executions_of_sessions(connection, user_id=user_id, session_ids=session_ids)
    return [CodeExecutionRow(**record) async for record in records]
