"""One trace from the browser to SQL and to the call of the model, over HTTP and over the WebSocket."""

import asyncio
import json
from typing import Any

import pytest
from playwright.async_api import Page, Request

from tests.fakes.messages_api import messages_api
from tests.journeys.test_first_message import say
from tests.operations.test_metrics import claude, collector
from tests.processes import free_port, program
from tests.timeouts import TIMEOUT

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


class Sent:
    """The traces that a page starts: operation name to trace id. The server starts those of its early requests."""

    def __init__(self, page: Page) -> None:
        self.traces: dict[str, str] = {}
        page.on("request", self._asked)
        page.on("websocket", lambda socket: socket.on("framesent", self._framed))

    def _asked(self, request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/graphql") and "traceparent" in request.headers:
            self._note(json.loads(request.post_data or ""), request.headers["traceparent"])

    def _framed(self, frame: str | bytes) -> None:
        message = json.loads(frame)
        if message["type"] == "subscribe":
            self._note(message["payload"], message["payload"]["extensions"]["traceparent"])

    def _note(self, asked: dict[str, Any], traceparent: str) -> None:
        name = asked["query"].partition("(")[0].partition("{")[0].split()[1]
        version, trace, _, flags = traceparent.split("-")
        assert (version, flags) == ("00", "01")
        assert trace not in self.traces.values()
        self.traces[name] = trace


async def test_browser_operation_is_traced_to_the_model(page: Page, database_url: str) -> None:
    sent, port = Sent(page), free_port()
    async with messages_api() as api, collector() as (traces_to, spans):
        environment = {**claude(api), "DATABASE_URL": database_url, "PORT": port, "TRACES_URL": traces_to}
        async with program("run", **environment) as running:
            await running.wait_for_output("Ctrl-C stops everything.")

            async def until_traced(operation: str, *names: str) -> None:
                async with asyncio.timeout(TIMEOUT):
                    while not set(names) <= {s.name for s in spans if s.trace_id.hex() == sent.traces.get(operation)}:  # noqa: ASYNC110
                        await asyncio.sleep(0.1)

            await page.goto(f"http://127.0.0.1:{port}")
            await say(page, "Good morning")
            await until_traced(
                "SendMessage", "request", "mutation SendMessage", "message bridge", "model local-model"
            )  # fmt: skip
            written = {s.name for s in spans if s.trace_id.hex() == sent.traces["SendMessage"]}
            assert any("INSERT INTO conversation" in name for name in written)
            await page.goto("about:blank")  # a subscription's span ends with it
            followed = next(name for name in sent.traces if name.endswith("Changed"))
            await until_traced(followed, f"subscription {followed}")
