"""Records a code session and its tool calls as they happen, under the fence of the intent's claim."""

import asyncio
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import orjson

from app.language.catalogue import Error, StoredText, to_stored_text
from app.language.text import language_of, storable
from app.retry import retry_while_unavailable
from app.workers.failures import write_under_fence
from sql.pool import Database
from sql.repositories import code_sessions as repository
from sql.repositories.intent_claims import IntentClaim
from sql.sentences import Keyed, sentence
from sql.statements import Connection

MAX_BYTES = 64 * 1024
WORKER_LOST = sentence("intent.worker_lost")


class SessionRecord:
    """One session of an intent: its status, and a row per tool call. Writes raise ClaimLost."""

    def __init__(self, database: Database, claim: IntentClaim, changed: Callable[[], None]) -> None:
        self.session_id: UUID = uuid4()
        self._database = database
        self._claim = claim
        self._changed = changed
        self._begun: dict[str, tuple[int, float]] = {}
        self._began_at = perf_counter()

    async def begin(self) -> None:
        """Store that the session runs; sessions that an earlier worker left running have failed."""

        async def write(connection: Connection) -> bool:
            lost = self._shown(WORKER_LOST)
            await repository.fail_running_sessions(connection, self._claim, lost.text, lost.key, lost.params)
            return await repository.insert_session(connection, self._claim, str(self.session_id))

        await self._under_fence(write)

    async def begin_call(self, call_id: str, tool: str, given: Any) -> None:
        order = len(self._begun) + 1
        self._begun[call_id] = order, perf_counter()
        await self._under_fence(
            lambda c: repository.insert_execution(
                c, self._claim, str(self.session_id), order=order, tool=tool, given=limited(given)
            )
        )

    async def end_call(self, call_id: str, output: Any, *, failed: bool) -> None:
        """Store the output of a call; a call that was not begun is ignored."""
        if call_id not in self._begun:
            return
        order, began = self._begun[call_id]
        stored = limited(output)
        await self._under_fence(
            lambda c: repository.finish_execution(
                c,
                self._claim,
                str(self.session_id),
                order=order,
                output=stored,
                error=_as_text(output)[:2000] if failed else None,
                duration_ms=round((perf_counter() - began) * 1000),
            )
        )

    async def end(self, status: str, error: Keyed | None = None) -> None:
        """Store how the session ended, also after the claim was lost, so that it does not appear to be running."""
        seconds = perf_counter() - self._began_at

        async def write(connection: Connection) -> None:
            await repository.finish_session(
                connection,
                self._claim.user_id,
                str(self.session_id),
                status=status,
                seconds=seconds,
                **self._as_error(error),
            )

        await asyncio.shield(retry_while_unavailable(self._database.connection, write))
        self._changed()

    def _as_error(self, error: Keyed | None) -> Error:
        if error is None:
            return {"error": None, "error_key": None, "error_params": None}
        return self._shown(error).as_error()

    def _shown(self, keyed: Keyed) -> StoredText:
        return to_stored_text(keyed, language_of(self._claim.intent.description))

    async def _under_fence(self, write: Callable[[Connection], Awaitable[bool]]) -> None:
        await write_under_fence(self._database.transaction, write)
        self._changed()


def limited(value: Any) -> Any:
    """The value as JSON that PostgreSQL can store; a value over 64 kB is cut and marked as cut."""
    stored = _storable(value)
    size = len(orjson.dumps(stored))
    if size <= MAX_BYTES:
        return stored
    return {"cut": True, "bytes": size, "beginning": _as_text(value)[: MAX_BYTES // 4]}


def _storable(value: Any) -> Any:
    """The value with its texts as `storable` leaves them; what is no JSON becomes text."""
    if isinstance(value, dict):
        return {storable(str(name)): _storable(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(each) for each in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return storable(str(value))


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        value = "\n".join(str(part.get("text", part)) if isinstance(part, dict) else str(part) for part in value)
    return storable(value if isinstance(value, str) else str(value))
