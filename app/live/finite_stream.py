"""Subscriptions that end by themselves and cannot be resumed, as a reply does: executed once for all who ask alike."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import orjson

from app.live.ports import Errors, OperationRunner, Sink, Variables


class Failed(Exception):
    """A subscription failed with these errors."""

    def __init__(self, errors: Errors) -> None:
        super().__init__(errors)
        self.errors = errors


class FiniteStream:
    """One execution and its responses so far: whoever joins late gets them too, each client at its own pace."""

    def __init__(
        self,
        runner: OperationRunner,
        operation: Any,
        variables: Variables | None,
        context_for: Callable[[], object],
    ) -> None:
        self._runner = runner
        self._payloads: list[str] = []
        self._errors: Errors | None = None
        self._grown = asyncio.Event()
        self.members = 0
        self.over = False
        self._running = asyncio.create_task(self._run(operation, variables, context_for), name="shared reply")

    def cancel(self) -> None:
        """Nobody is left."""
        self._running.cancel()

    async def _run(self, operation: Any, variables: Variables | None, context_for: Callable[[], object]) -> None:
        try:
            async with aclosing(self._runner.subscribe(operation, variables, context_for)) as deliveries:
                async for _, response in deliveries:
                    if "data" not in response:
                        self._errors = response["errors"]
                        break
                    self._payloads.append(orjson.dumps(response).decode())
                    self._tell()
        except Exception as failure:
            self._errors = self._runner.failure(failure)["errors"]
        finally:
            self.over = True
            self._tell()

    def _tell(self) -> None:
        grown, self._grown = self._grown, asyncio.Event()
        grown.set()

    async def deliver(self, sink: Sink) -> None:
        """All responses, from the first on. Raises Failed, Unauthenticated."""
        delivered = 0
        while delivered < len(self._payloads) or not self.over:
            if delivered == len(self._payloads):
                await self._grown.wait()
                continue
            await sink.access.check()
            await sink.room()
            sink.put(None, self._payloads[delivered])
            delivered += 1
        if self._errors is not None:
            raise Failed(self._errors)
