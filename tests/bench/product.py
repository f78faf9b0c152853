"""The product as a new user runs it: `make run`, then the first responses

Start time and memory are those of the offline process. Latencies are measured with a local Messages API without delay
in a separate process, from sending a mutation (including its transaction) until a subscriber has read the result.
"""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from tempfile import mkdtemp
from time import perf_counter

import httpx
import psutil

from tests.bench.figures import Figure, p50, p95
from tests.bench.socket_client import SocketClient, socket_client
from tests.processes import CLEAN_ENVIRONMENT, ROOT, free_port, new_program, wait_until_ready

ROUNDS = 100
WARM_UP = 10
IDLE_SECONDS = 5

SEND = "mutation($content: String!) { sendMessage(input: {content: $content}) { reply { id } } }"
STREAM = "subscription($id: ID!) { replyStreamed(messageId: $id) { text status } }"
CREATE = (
    'mutation { createIntent(input: {description: "the deploy key is in the vault", intentType: REMEMBER}) { id } }'
)
NOTIFIED = "subscription { notificationAdded { notification { intent { id } } } }"


async def measure() -> list[Figure]:
    with new_home() as home:
        first = await _seconds_to_first_answer(home)
        second = await _seconds_to_first_answer(home)
        resident = await _resident_megabytes(home)
        text, notified = await _latencies(home)
    return [
        Figure("`make run`, new data directory, to the first answered request", first, "s", at_most=6),
        Figure("`make run`, again", second, "s", at_most=6),
        Figure("resident memory, all services in one process, idle, offline", resident, "MB", at_most=84),
        Figure("sendMessage sent to first reply text on a subscriber, p50", p50(text), "ms", at_most=60),
        Figure("the same, p95", p95(text), "ms"),
        Figure("createIntent sent to its notification on a subscriber, p50", p50(notified), "ms", at_most=100),
        Figure("the same, p95", p95(notified), "ms"),
    ]


@contextmanager
def new_home() -> Iterator[str]:
    home = mkdtemp(prefix="resonant-bench-")
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


async def _seconds_to_first_answer(home: str) -> float:
    port = free_port()
    began = perf_counter()
    process = await asyncio.create_subprocess_exec(
        "make",
        "run",
        cwd=ROOT,
        env={**CLEAN_ENVIRONMENT, "RESONANT_DATA_DIR": home, "PORT": port},
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            await wait_until_ready(client, "/graphql?query={viewer{id}}")
        return perf_counter() - began
    finally:
        process.terminate()
        await process.wait()


async def _resident_megabytes(home: str) -> float:
    port = free_port()
    async with new_program("run", RESONANT_DATA_DIR=home, PORT=port) as running:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            await wait_until_ready(client, "/ready/bridges")
            await wait_until_ready(client, "/graphql?query={viewer{id}}")
        await asyncio.sleep(IDLE_SECONDS)
        resident = psutil.Process(running.process.pid).memory_info().rss / 1e6
        await running.stop()
    return resident


async def _latencies(home: str) -> tuple[list[float], list[float]]:
    """Milliseconds to the first text of a reply, and to the notification of an intent."""
    port = free_port()
    async with _messages_api() as api:
        environment = {"ANTHROPIC_API_KEY": "sk-local", "ANTHROPIC_BASE_URL": api, "ANTHROPIC_MODEL": "local-model"}
        async with new_program("run", RESONANT_DATA_DIR=home, PORT=port, **environment) as running:
            await running.wait_for_output("Ctrl-C stops everything.")
            async with socket_client(f"http://127.0.0.1:{port}") as client:
                text = [await _milliseconds_to_text(client, number) for number in range(ROUNDS + WARM_UP)]
                notified = await _milliseconds_to_notification(client)
            await running.stop()
    return text[WARM_UP:], notified[WARM_UP:]


@asynccontextmanager
async def _messages_api() -> AsyncIterator[str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.messages_api", "--port", "0", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.terminate()
        await process.wait()


async def _milliseconds_to_text(client: SocketClient, number: int) -> float:
    began = perf_counter()
    sent = await client.begin(SEND, content=f"what is a lease, for the {number}. time?")
    _, data = await client.next(sent)
    stream = await client.begin(STREAM, id=data["sendMessage"]["reply"]["id"])
    first_text = None
    while True:
        arrived, data = await client.next(stream)
        chunk = data["replyStreamed"]
        if chunk["text"] and first_text is None:
            first_text = arrived
        if chunk["status"] not in ("PENDING", "STREAMING"):
            break
    assert first_text is not None, chunk
    return (first_text - began) * 1000


async def _milliseconds_to_notification(client: SocketClient) -> list[float]:
    subscription = await client.begin(NOTIFIED)
    await asyncio.sleep(0.5)
    taken = []
    for _ in range(ROUNDS + WARM_UP):
        began = perf_counter()
        _, created = await client.next(await client.begin(CREATE))
        while True:
            arrived, data = await client.next(subscription)
            intent = data["notificationAdded"]["notification"]["intent"]
            if intent and intent["id"] == created["createIntent"]["id"]:
                break
        taken.append((arrived - began) * 1000)
    return taken
