"""Embeds all texts with the configured model, with a progress bar, and then uses that model for search."""

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.commands.runner import command_pool
from app.live.bus.bus import Bus
from app.memory.indexing.active_embedder import EmbeddingModels
from app.memory.indexing.indexer import Indexer
from app.models.factory import build_embedder
from app.settings import Settings
from sql.pool import Database
from sql.repositories.search_index import count_index_work


async def embed_everything(settings: Settings) -> None:
    """Embed the texts that have no vector of the configured model, then switch to it. Raises EmbedderError."""
    async with command_pool(settings, max_size=2) as database:
        models = EmbeddingModels(database, build_embedder(settings))
        try:
            await _embed(database, models, settings)
        finally:
            await models.close()


async def _embed(database: Database, models: EmbeddingModels, settings: Settings) -> None:
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
