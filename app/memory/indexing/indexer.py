"""Makes vectors for what was written, counts its words, and brings in a new embedding model."""

import asyncio
from collections.abc import Callable, Sequence
from uuid import UUID

import structlog

from app.live.bus.bus import Bus
from app.memory.indexing.active_embedder import EmbeddingModels
from app.memory.indexing.chunks import split_text
from app.memory.polling import run_on_news
from app.models.embedders.ports import Embedder, EmbedderError
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
from sql.rows import EmbeddingModelRow, SearchEntryRow
from sql.span import FIRST_ID
from sql.statements import Connection

log = structlog.get_logger()

BATCH = 200
CHANGES = 1000
MOVED_AT_ONCE = 500
LEASE_SECONDS = 30.0


class Indexer:
    """Runs beside the bridges, in any number of processes: each takes what no other has claimed.

    The HNSW index of a model is built once a user has more than `index_above` entries: before, it would cost each write
    a millisecond and be asked by nobody. `report` hears how many entries were embedded each time.
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
        await run_on_news(self._bus, self._round, name="indexing", poll_seconds=self._poll_seconds)

    async def _round(self) -> None:
        await self.catch_up()
        await self.bring_in()

    async def catch_up(self) -> int:
        """Count the new words and embed all entries that have no vector; how many were embedded."""
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
            return await claim_entries(connection, count=BATCH, lease_seconds=LEASE_SECONDS)

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

    async def bring_in(self) -> int:
        """Embed with the configured model whatever another one embedded, then have queries asked with it.

        How many entries were embedded; 0 at once when the model is in use already.
        """
        target = await self._models.target()
        async with self._database.connection() as connection:
            active = await find_active_model(connection)
        if active is not None and active.id == target.id:
            await self._keep_index(target)
            return 0
        async with self._database.connection() as connection:
            if await is_index_needed(connection, self._index_above):
                await _begin_index(connection, target)
        done = 0
        while await self._count_left_over(target):
            done += await self._embed_left_over(target)
        await self._keep_index(target)
        async with self._database.transaction() as connection:
            await activate_model(connection, target)
            await delete_other_models(connection, target)
        log.info("a new embedding model is in use", model=target.name, entries=done)
        return done

    async def _count_left_over(self, model: EmbeddingModelRow) -> int:
        async with self._database.connection() as connection:
            return (await count_index_work(connection, model.id)).left_over

    async def _embed_left_over(self, target: EmbeddingModelRow) -> int:
        """All that other processes have not claimed; waits a moment when they have claimed everything."""
        done, after = 0, FIRST_ID
        while entries := await self._claim_left_over(target, after):
            await self._store(target, await _embed(self._models.configured, entries))
            done, after = done + len(entries), entries[-1].subject_id
            self._report(len(entries))
        if not done:
            await self.catch_up()
            await asyncio.sleep(self._poll_seconds)
        return done

    async def _claim_left_over(self, target: EmbeddingModelRow, after: UUID) -> list[SearchEntryRow]:
        async with self._database.connection() as connection:
            return await claim_entries_of_other_models(
                connection, target.id, after=after, count=BATCH, lease_seconds=LEASE_SECONDS
            )

    async def _keep_index(self, model: EmbeddingModelRow) -> None:
        """Return once the index stands, whoever builds it, or while nobody needs it."""
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
    """Where this login owns no table, it has an empty index made, which fills as rows come.

    Only an owner may build one beside running writes; building it around many rows holds up all events meanwhile.
    """
    if not await owns_tables(connection):
        await begin_index(connection, model)


async def _embed(embedder: Embedder, entries: Sequence[SearchEntryRow]) -> list[EmbeddedEntry]:
    """All pieces of all entries in one go."""
    pieces = [split_text(entry.content) for entry in entries]
    vectors = iter(await embedder.embed_passages([piece for each in pieces for piece in each]))
    return [EmbeddedEntry(entry, [next(vectors) for _ in each]) for entry, each in zip(entries, pieces, strict=True)]
