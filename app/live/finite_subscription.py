"""Subscriptions that end and cannot be resumed, such as a reply: one execution for all equal subscribers."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import orjson

from app.live.ports import Errors, OperationRunner, Sink, Variables


class SubscriptionFailed(Exception):
    """The subscription ended with these errors."""

    def __init__(self, errors: Errors) -> None:
        super().__init__(errors)
        self.errors = errors


class FiniteSubscription:
    """One execution that keeps all its responses, so that late subscribers get them from the first on.

    Each subscriber reads at its own speed.
    """

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
        self._changed = asyncio.Event()
        self.subscribers = 0
        self.ended = False
        self._running = asyncio.create_task(self._run(operation, variables, context_for), name="finite subscription")

    def cancel(self) -> None:
        """Stop the execution, because no subscriber is left."""
        self._running.cancel()

    async def _run(self, operation: Any, variables: Variables | None, context_for: Callable[[], object]) -> None:
        try:
            async with aclosing(self._runner.subscribe(operation, variables, context_for)) as deliveries:
                async for _, response in deliveries:
                    if "data" not in response:
                        self._errors = response["errors"]
                        break
                    self._payloads.append(orjson.dumps(response).decode())
                    self._notify()
        except Exception as failure:
            self._errors = self._runner.failure(failure)["errors"]
        finally:
            self.ended = True
            self._notify()

    def _notify(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def deliver(self, sink: Sink) -> None:
        """Send all responses from the first on. Raises SubscriptionFailed, Unauthenticated."""
        delivered = 0
        while delivered < len(self._payloads) or not self.ended:
            if delivered == len(self._payloads):
                await self._changed.wait()
                continue
            await sink.access.check()
            await sink.wait_until_sent()
            sink.put(None, self._payloads[delivered])
            delivered += 1
        if self._errors is not None:
            raise SubscriptionFailed(self._errors)
