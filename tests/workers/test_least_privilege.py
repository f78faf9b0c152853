"""Bridges and backend can do their work under logins that own no tables."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from app.clock import SystemClock
from app.live.bus.bus import Bus
from app.memory.indexing.active_embedder import EmbeddingModels
from app.memory.indexing.indexer import Indexer
from app.memory.services import MemoryMaintenance
from app.models.embedders.local import HashedEmbedder
from app.services import open_services
from app.settings import Settings
from app.workers.intents.contradictions.local_judge import LocalJudge
from app.workers.intents.contradictions.prior_records import ContradictedMemories
from sql.pool import create_pool
from tests.logins import Login, logins
from tests.memory.test_indexer import FailingEmbedder
from tests.processes import free_port, program, wait_until_ready
from tests.timeouts import TIMEOUT
from tests.workers.conftest import Workshop

DESCRIPTIONS = {
    "question": "Which store keeps the events?",
    "task": "Write the release notes of March",
    "specification": "Specify how backups rotate",
    "remember": "The garden gate squeaks",
    "reminder": "Water the plants",
}


@pytest.fixture
async def login(database_url: str) -> AsyncIterator[Login]:
    async with logins(database_url) as make:
        yield make


@pytest.fixture
async def bridges(database_url: str, login: Login, settings: Settings) -> AsyncIterator[Workshop]:
    """Bridges with the login resonant_bridge; the test itself uses the administrator."""
    pool = await create_pool(
        database_url, application="test", min_size=0, max_size=4, statement_timeout=5, acquire_timeout=5
    )
    await pool.execute("INSERT INTO users VALUES ('ann', 'Ann', 'owner')")
    async with open_services(settings, await login("resonant_bridge"), name="bridges") as services:
        yield Workshop(services, pool)
    await pool.close()


async def test_an_intent_of_each_type_and_a_message_are_processed(bridges: Workshop) -> None:
    reply = await bridges.say("Please remember that we deploy on Fridays, and compare the stores.")
    due = {"due_at": datetime.now(UTC)}
    intents = [
        await bridges.insert_intent(description, intent_type=kind, **(due if kind == "reminder" else {}))
        for kind, description in DESCRIPTIONS.items()
    ]
    async with bridges.bridge("message"), bridges.bridge("intent"):
        await bridges.until_status("messages", reply, "complete")
        for kind, intent in zip(DESCRIPTIONS, intents, strict=True):
            row = await bridges.until_status("intents", intent, "completed", "failed", "awaiting_confirmation")
            assert row["status"] == "completed", (kind, row["error"])
    assert await bridges.pool.fetchval("SELECT count(*) FROM notifications WHERE user_id = 'ann'")


async def test_vectors_memories_and_summaries_are_created(bridges: Workshop) -> None:
    services = bridges.services
    await bridges.say("Remember: the deploy key is in the vault. I prefer short answers.", announce=False)
    await bridges.pool.execute("UPDATE messages SET status = 'complete', content = 'Noted.' WHERE status = 'pending'")
    indexer = Indexer(services.database, services.bus, services.memory.models, poll_seconds=0.1)
    await indexer.catch_up()
    await indexer.switch_model()
    assert await bridges.pool.fetchval("SELECT bool_and(embedded_with IS NOT NULL) FROM search_entries")
    housekeeping = MemoryMaintenance(
        services.database, services.bus, services.memory.search, bridges.models(), SystemClock(),
        ContradictedMemories(LocalJudge()), capacity=10, poll_seconds=0.1,
    )  # fmt: skip
    await bridges.pool.execute("INSERT INTO memories (user_id, content, kind, expires_at) "
                               "VALUES ('ann', 'old', 'working', now())")  # fmt: skip
    await housekeeping.run_once()
    assert await bridges.pool.fetchval("SELECT archived FROM memories WHERE content = 'old'")


async def test_the_index_of_a_model_is_created_before_its_rows_and_dropped_with_it(bridges: Workshop) -> None:
    services = bridges.services
    await bridges.say("a conversation", announce=False)
    conversation = await bridges.pool.fetchval("SELECT id FROM conversations")
    await bridges.pool.execute(
        "INSERT INTO messages (user_id, conversation_id, content, message_type) "
        "SELECT 'ann', $1, 'message ' || n, 'user' FROM generate_series(1, 40) AS n", conversation,
    )  # fmt: skip
    indexed = "SELECT bool_and(by_index) AND count(*) > 40 FROM embeddings"
    named = "SELECT array_agg(indexname::text) FROM pg_indexes WHERE indexname LIKE 'embeddings_of_model_%'"
    valid = "SELECT bool_and(indisvalid) FROM pg_index WHERE indrelid = 'embeddings'::regclass"
    newer = FailingEmbedder("newer", 64)
    newer.works = True
    for embedder, index in ((HashedEmbedder(), "embeddings_of_model_1"), (newer, "embeddings_of_model_2")):
        models = EmbeddingModels(services.database, embedder)
        indexer = Indexer(services.database, Bus("memory://"), models, poll_seconds=0.1, index_above=20)
        await indexer.catch_up()
        await indexer.switch_model()
        assert await bridges.pool.fetchval(indexed)
        assert await bridges.pool.fetchval(named) == [index]
        assert await bridges.pool.fetchval(valid)


async def until(client: httpx.AsyncClient, query: str, done: str) -> Any:
    async with asyncio.timeout(TIMEOUT):
        while True:
            answer = (await client.post("/graphql", json={"query": query})).json()
            if done in str(answer):
                return answer
            await asyncio.sleep(0.1)


async def test_the_services_run_as_processes_with_their_own_logins(login: Login) -> None:
    port = free_port()
    bridge = {"DATABASE_URL": await login("resonant_bridge"), "EMBEDDER": "hashed"}
    services = {"serve": {"DATABASE_URL": await login("resonant_api"), "PORT": port, "EMBEDDER": "hashed"},
                "intent-bridge": bridge, "message-bridge": bridge}  # fmt: skip
    async with AsyncExitStack() as stack:
        running = [
            await stack.enter_async_context(program(name, **environment, DATABASE_POLL_SECONDS="0.3"))
            for name, environment in services.items()
        ]
        client = await stack.enter_async_context(
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=TIMEOUT)
        )
        await wait_until_ready(client)
        create = 'mutation { createIntent(input: {description: "compare the stores", intentType: QUESTION}) { id } }'
        assert "errors" not in (await client.post("/graphql", json={"query": create})).json()
        say = 'mutation { sendMessage(input: {content: "which store do we use?"}) { reply { id } } }'
        assert "errors" not in (await client.post("/graphql", json={"query": say})).json()
        await until(client, "{ intents(assignee: PERSON) { edges { node { description } } } }", "compare the stores")
        await until(client, "{ messages(messageType: KANA) { edges { node { status } } } }", "COMPLETE")
        await until(client, '{ search(query: "stores") { similarity } }', "similarity': 0.")
        for each in running:
            assert await each.stop() == 0, each.output
    for each in running:
        assert "permission denied" not in each.output
        assert "Traceback" not in each.output
