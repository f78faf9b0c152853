"""Embeds new entries, counts their words, and switches to a new embedding model."""

import asyncio
import re
from collections.abc import Callable, Sequence
from uuid import UUID

import structlog

from app.live.bus.bus import Bus, run_on_changes
from app.memory.indexing.active_embedder import EmbeddingModels
from app.models.ports import Embedder, EmbedderError
from sql.paging import FIRST_ID
from sql.pool import Database
from sql.repositories.embedding_models import (
    activate_model,
    begin_index,
    create_index,
    delete_other_models,
    find_active_model,
    has_index,
    is_index_needed,
    owns_tables,
)
from sql.repositories.nearest import EXACT_ROWS
from sql.repositories.search_index import (
    EmbeddedEntry,
    claim_entries,
    claim_entries_of_other_models,
    count_index_work,
    fold_term_changes,
    move_to_index,
    release_entries,
    store_embeddings,
)
from sql.service_rows import EmbeddingModelRow, SearchEntryRow
from sql.statements import Connection

log = structlog.get_logger()

BATCH = 200
BATCH_BYTES = 256 * 1024  # of text; the vectors of more would hold the event loop while they are encoded
CHANGES = 1000
MOVED_AT_ONCE = 500
LEASE_SECONDS = 30.0
CHUNK = 1200
OVERLAP = 150
MAX_CHUNKS = 250  # enough for a message of 256 KiB
BREAK = re.compile(r"[.!?。！？\n]\s*(?=\S)")


class Indexer:
    """Runs in any number of processes; each claims the entries that it embeds.

    The HNSW index of a model is built when a user has more than `index_above` entries. With fewer, searches do not use
    it, and it would cost each write a millisecond. `report` gets the number of entries after each embedded batch.
    """

    def __init__(
        self,
        database: Database,
        bus: Bus,
        models: EmbeddingModels,
        *,
        poll_seconds: float,
        index_above: int = EXACT_ROWS,
        report: Callable[[int], None] = lambda done: None,
    ) -> None:
        self._database = database
        self._bus = bus
        self._models = models
        self._poll_seconds = min(poll_seconds, 1.0)
        self._index_above = index_above
        self._report = report

    async def run(self) -> None:
        """Index until cancelled."""
        await run_on_changes(self._bus, self._run_once, name="indexing", poll_seconds=self._poll_seconds)

    async def _run_once(self) -> None:
        await self.catch_up()
        await self.switch_model()

    async def catch_up(self) -> int:
        """Count the words of new entries and embed all entries without a vector; the number of embedded entries."""
        while await self._fold() == CHANGES:
            pass
        done = 0
        while entries := await self._claim():
            await self._embed_claimed(entries)
            self._report(len(entries))
            done += len(entries)
            await self._fold()
        return done

    async def _fold(self) -> int:
        async with self._database.transaction() as connection:
            return await fold_term_changes(connection, CHANGES)

    async def _claim(self) -> list[SearchEntryRow]:
        async with self._database.connection() as connection:
            return await claim_entries(connection, count=BATCH, size=BATCH_BYTES, lease_seconds=LEASE_SECONDS)

    async def _embed_claimed(self, entries: Sequence[SearchEntryRow]) -> None:
        try:
            target = await self._models.target()
            async with self._database.connection() as connection:
                active = await find_active_model(connection)
            if active is not None and active.id != target.id and (old := self._models.embedder_of(active)):
                await self._store(active, await _embed(old, entries))
            await self._store(target, await _embed(self._models.configured, entries))
        except EmbedderError:
            async with self._database.connection() as connection:
                await release_entries(connection, entries, wait_seconds=1.0)
            raise

    async def _store(self, model: EmbeddingModelRow, embedded: Sequence[EmbeddedEntry]) -> None:
        async with self._database.transaction() as connection:
            await store_embeddings(connection, model.id, embedded, index_above=self._index_above)

    async def switch_model(self) -> int:
        """Embed the entries of other models with the configured model, then activate it for queries.

        Returns the number of embedded entries; 0 at once when the model is already active.
        """
        target = await self._models.target()
        async with self._database.connection() as connection:
            active = await find_active_model(connection)
        if active is not None and active.id == target.id:
            await self._ensure_index(target)
            return 0
        async with self._database.connection() as connection:
            if await is_index_needed(connection, self._index_above):
                await _begin_index(connection, target)
        done = 0
        while await self._count_remaining(target):
            done += await self._embed_remaining(target)
        await self._ensure_index(target)
        async with self._database.transaction() as connection:
            await activate_model(connection, target)
            await delete_other_models(connection, target)
        log.info("a new embedding model is active", model=target.name, entries=done)
        return done

    async def _count_remaining(self, model: EmbeddingModelRow) -> int:
        async with self._database.connection() as connection:
            return (await count_index_work(connection, model.id)).left_over

    async def _embed_remaining(self, target: EmbeddingModelRow) -> int:
        """Embed the entries that no other process has claimed; wait a moment when all are claimed."""
        done, after = 0, FIRST_ID
        while entries := await self._claim_remaining(target, after):
            await self._store(target, await _embed(self._models.configured, entries))
            done, after = done + len(entries), entries[-1].subject_id
            self._report(len(entries))
        if not done:
            await self.catch_up()
            await asyncio.sleep(self._poll_seconds)
        return done

    async def _claim_remaining(self, target: EmbeddingModelRow, after: UUID) -> list[SearchEntryRow]:
        async with self._database.connection() as connection:
            return await claim_entries_of_other_models(
                connection, target.id, after=after, count=BATCH, size=BATCH_BYTES, lease_seconds=LEASE_SECONDS
            )

    async def _ensure_index(self, model: EmbeddingModelRow) -> None:
        """Return when this or another process has built the index, or when it is not needed."""
        while True:
            async with self._database.connection() as connection:
                if not await is_index_needed(connection, self._index_above):
                    return
                await _begin_index(connection, model)
                while await move_to_index(connection, model.id, index_above=self._index_above, count=MOVED_AT_ONCE):
                    pass
                if await has_index(connection, model.id) or await create_index(connection, model):
                    return
            await asyncio.sleep(self._poll_seconds)


async def _begin_index(connection: Connection, model: EmbeddingModelRow) -> None:
    """Create an empty index when this login does not own the tables; rows are moved into it afterwards.

    Only an owner can build an index concurrently with writes. Any other build of a large index blocks all writes.
    """
    if not await owns_tables(connection):
        await begin_index(connection, model)


async def _embed(embedder: Embedder, entries: Sequence[SearchEntryRow]) -> list[EmbeddedEntry]:
    """Embed all chunks of the entries in one call."""
    chunks = await asyncio.to_thread(lambda: [split_text(entry.content) for entry in entries])
    vectors = iter(await embedder.embed_passages([chunk for each in chunks for chunk in each]))
    return [EmbeddedEntry(entry, [next(vectors) for _ in each]) for entry, each in zip(entries, chunks, strict=True)]


def split_text(text: str) -> list[str]:
    """Chunks of at most 1,200 characters, cut at sentence ends where possible, each repeating the last 150.

    Chunks have vectors of their own, so the end of a long text is found as well as its beginning.
    """
    chunks, start = list[str](), 0
    while start < len(text) and len(chunks) < MAX_CHUNKS:
        end = start + CHUNK
        if end < len(text):
            ends = [match.end() for match in BREAK.finditer(text, start + CHUNK // 2, end)]
            end = ends[-1] if ends else end
        chunks.append(text[start:end])
        if end >= len(text):
            break
        start = end - OVERLAP
    return chunks or [text]
