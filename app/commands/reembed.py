"""`python -m app reembed`: brings in the configured embedding model in the foreground, with a progress bar."""

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.database.connect import database_for, prepare_database
from app.errors import StartError
from app.live.bus.bus import Bus
from app.memory.indexing.active_embedder import EmbeddingModels
from app.memory.indexing.indexer import Indexer
from app.models.embedders.ports import EmbedderError
from app.models.factory import build_embedder
from app.settings import Settings
from sql.pool import Database, create_pool
from sql.repositories.search_index import count_index_work


async def reembed(settings: Settings) -> None:
    """Embed what the configured model has not embedded yet, then switch to it. Raises StartError."""
    async with database_for(settings, say=lambda line: None) as dsn:
        await prepare_database(dsn)
        pool = await create_pool(
            dsn,
            application="resonant reembed",
            min_size=1,
            max_size=2,
            statement_timeout=settings.database_statement_timeout,
            acquire_timeout=settings.database_acquire_timeout,
        )
        database = Database(pool, acquire_timeout=settings.database_acquire_timeout)
        models = EmbeddingModels(database, build_embedder(settings))
        try:
            await _bring_in(database, models, settings)
        except EmbedderError as error:
            raise StartError(str(error)) from None
        finally:
            await models.close()
            await database.close()


async def _bring_in(database: Database, models: EmbeddingModels, settings: Settings) -> None:
    target = await models.target()
    async with database.connection() as connection:
        work = await count_index_work(connection, target.id)
    columns = (TextColumn(target.name), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns) as progress:
        bar = progress.add_task("", total=work.left_over)
        indexer = Indexer(
            database,
            Bus("memory://"),
            models,
            poll_seconds=settings.database_poll_seconds,
            report=lambda count: progress.advance(bar, count),
        )
        await indexer.catch_up()
        await indexer.switch_model()
        progress.update(bar, completed=work.left_over)
        progress.console.print(f"✓ {work.entries} texts have a vector of {target.name}, {target.dimension} dimensions.")
