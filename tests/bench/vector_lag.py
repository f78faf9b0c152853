"""Delay of semantic search: from the response to `sendMessage` until the message has a vector

In the product as `python -m app run` starts it, offline: one message at a time, then a hundred at once.
"""

import asyncio
import shutil
from pathlib import Path
from tempfile import mkdtemp
from time import perf_counter

import asyncpg
import httpx

from app.database.embedded import EmbeddedDatabase
from tests.bench.figures import Figure, p50, p95
from tests.processes import free_port, new_program, wait_until_ready

WARM_UP, ROUNDS, CROWD = 5, 60, 100
POLL_SECONDS = 0.002
SEND = "mutation($content: String!) { sendMessage(input: {content: $content}) { message { id } } }"
WAITING = """
SELECT count(*) FROM unnest($1::uuid[]) AS said (id)
WHERE NOT EXISTS (SELECT FROM embeddings WHERE subject_id = said.id)
"""


async def measure() -> list[Figure]:
    home = mkdtemp(prefix="resonant-bench-")
    try:
        single, crowd = await _lags(home)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    return [
        Figure("sendMessage response to its vector, p50", p50(single) * 1000, "ms"),
        Figure("the same, p95", p95(single) * 1000, "ms", at_most=1000),
        Figure(f"{CROWD} messages at once, last response to last vector", crowd * 1000, "ms", at_most=1000),
    ]


async def _lags(home: str) -> tuple[list[float], float]:
    port = free_port()
    async with (
        new_program(
            "run",
            RESONANT_DATA_DIR=home,
            PORT=port,
            GRAPHQL_RATE_LIMIT_POINTS="0",
            GRAPHQL_RATE_LIMIT_EXPENSIVE_POINTS="0",
        ),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client,
    ):
        await wait_until_ready(client)
        shared = EmbeddedDatabase(Path(home), say=lambda line: None)
        connection = await asyncpg.connect(await asyncio.to_thread(shared.start))
        try:
            single = [await _lag(client, connection, [f"what was said {n}"]) for n in range(WARM_UP + ROUNDS)]
            crowd = await _lag(client, connection, [f"said in a crowd, number {n}" for n in range(CROWD)])
        finally:
            await connection.close()
            await asyncio.to_thread(shared.stop)
    return single[WARM_UP:], crowd


async def _lag(client: httpx.AsyncClient, connection: "asyncpg.Connection[asyncpg.Record]", texts: list[str]) -> float:
    ids = await asyncio.gather(*(_sent(client, text) for text in texts))
    began = perf_counter()
    while await connection.fetchval(WAITING, ids):  # noqa: ASYNC110 - the database has no event to wait for
        await asyncio.sleep(POLL_SECONDS)
    return perf_counter() - began


async def _sent(client: httpx.AsyncClient, text: str) -> str:
    response = await client.post("/graphql", json={"query": SEND, "variables": {"content": text}})
    sent: str = response.json()["data"]["sendMessage"]["message"]["id"]
    return sent
