"""Cancellation: how long a model call continues after cancelIntent or stopReply

Measured from sending a mutation until the local Messages API, in the process of the benchmark, sees the connection of
the model call end. The provider sends its first text and then nothing, which is the hardest case to cancel.
"""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Coroutine
from tempfile import mkdtemp
from time import perf_counter
from typing import Any

import httpx

from tests.bench.figures import Figure, p50, p95
from tests.fakes.messages_api import MessagesApi, messages_api
from tests.processes import free_port, new_program, wait_until_ready

ROUNDS = 30
CREATE = "mutation($text: String!) { createIntent(input: {description: $text, intentType: QUESTION}) { id } }"
CANCEL = "mutation($id: ID!) { cancelIntent(id: $id) { status } }"
SEND = "mutation($text: String!) { sendMessage(input: {content: $text}) { reply { id } } }"
STOP = "mutation($id: ID!) { stopReply(messageId: $id) { status } }"

Ask = Callable[..., Coroutine[Any, Any, Any]]


async def measure() -> list[Figure]:
    home = mkdtemp(prefix="resonant-bench-")
    try:
        async with messages_api() as api:
            cancelled, stopped = await _times(home, api)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    return [
        Figure("cancelIntent sent to the end of the model call, p95", p95(cancelled), "ms", 1000, note=_of(cancelled)),
        Figure("stopReply sent to the end of the model call, p95", p95(stopped), "ms", 1000, note=_of(stopped)),
    ]


def _of(times: list[float]) -> str:
    return f"p50 {p50(times):.0f} ms, longest {max(times):.0f} ms"


async def _times(home: str, api: MessagesApi) -> tuple[list[float], list[float]]:
    """Milliseconds for each cancelled intent and each stopped reply."""
    port = free_port()
    environment = {"ANTHROPIC_API_KEY": "sk-local", "ANTHROPIC_BASE_URL": api.url, "ANTHROPIC_MODEL": "local-model"}
    async with (
        new_program("run", RESONANT_DATA_DIR=home, PORT=port, **environment),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client,
    ):
        await wait_until_ready(client)

        async def ask(query: str, **variables: Any) -> Any:
            response = await client.post("/graphql", json={"query": query, "variables": variables})
            return response.json()["data"]

        cancelled = [await _until_left(ask, api, _intent, CANCEL, number) for number in range(ROUNDS)]
        stopped = [await _until_left(ask, api, _reply, STOP, number) for number in range(ROUNDS)]
    return cancelled, stopped


async def _intent(ask: Ask, text: str) -> str:
    return str((await ask(CREATE, text=text))["createIntent"]["id"])


async def _reply(ask: Ask, text: str) -> str:
    return str((await ask(SEND, text=text))["sendMessage"]["reply"]["id"])


async def _until_left(
    ask: Ask, api: MessagesApi, begin: Callable[[Ask, str], Awaitable[str]], end: str, number: int
) -> float:
    streaming = sum(bool(asked.get("stream")) for asked in api.requests)
    subject = await begin(ask, f"what does part {number} of the plan say? [[fault stalled]]")
    while sum(bool(asked.get("stream")) for asked in api.requests) == streaming:  # noqa: ASYNC110 - it is only counted
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)  # until its first text has arrived
    left, began = api.streams_left, perf_counter()
    asking = asyncio.create_task(ask(end, id=subject))
    while api.streams_left == left:  # noqa: ASYNC110 - it is only counted
        await asyncio.sleep(0.001)
    taken = (perf_counter() - began) * 1000
    await asking
    return taken
