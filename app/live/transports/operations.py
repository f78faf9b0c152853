"""Operations over the live transports: read, answered in the same time as over HTTP, and their cost told."""

import asyncio
from typing import Any

import orjson

from app.live.ports import Access, Asked, Errors, OperationRunner, Response, Sink, Variables
from sql.errors import ResonantError, TimedOut


class NotPrepared(Exception):
    """The document cannot be run."""

    def __init__(self, errors: Errors) -> None:
        super().__init__(errors)
        self.errors = errors


async def prepare(runner: OperationRunner, context: object, asked: Asked) -> Any:
    """The operation that is asked for. Raises NotPrepared."""
    try:
        return await runner.prepare_for(context, asked.query, asked.operation_name)
    except runner.refused as refused:
        raise NotPrepared(refused.response()["errors"]) from None  # type: ignore[attr-defined]
    except ResonantError as refusal:
        raise NotPrepared(runner.failure(refusal)["errors"]) from None


async def answer(
    runner: OperationRunner,
    operation: Any,
    variables: Variables | None,
    context: object,
    *,
    seconds: float,
    wants_cost: bool,
) -> Response:
    """The response; a client that leaves cancels the task, and with it the statement under way."""
    try:
        async with asyncio.timeout(seconds):
            response = await runner.execute(operation, variables, context)
    except TimeoutError:
        response = runner.failure(TimedOut(f"The request took longer than {seconds:g} s and was given up."))
    if wants_cost:
        response["extensions"] = {"cost": runner.cost_of(operation, variables)}
    return response


class TellingCost:
    """A sink whose first response carries `extensions.cost`: what the subscription was charged, once."""

    def __init__(self, sink: Sink, cost: dict[str, int]) -> None:
        self._sink = sink
        self._told = f',"extensions":{{"cost":{orjson.dumps(cost).decode()}}}}}'

    @classmethod
    def to(cls, sink: Sink, runner: OperationRunner, operation: Any, asked: Asked) -> Sink:
        return cls(sink, runner.cost_of(operation, asked.variables)) if asked.wants_cost else sink

    @property
    def access(self) -> Access:
        return self._sink.access

    def refuse(self, reason: str) -> None:
        self._sink.refuse(reason)

    def put(self, cursor: str | None, payload: str) -> None:
        if self._told:
            payload, self._told = payload[:-1] + self._told, ""
        self._sink.put(cursor, payload)

    async def room(self) -> None:
        await self._sink.room()

    def end(self, errors: Errors | None) -> None:
        self._sink.end(errors)
