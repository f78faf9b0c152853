"""Embedding models, their HNSW indexes, and which model queries use."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sql.service_rows import EmbeddingModelRow
from sql.statements import Connection, statements

INDEX_LOCK = 0x726573  # advisory lock, with the model's id: one process builds its index


async def register_model(connection: Connection, name: str, dimension: int) -> EmbeddingModelRow:
    """The model with this name, inserted if there is none. An existing one may have another dimension."""
    record = None
    while record is None:  # another process may insert the first model, of another name, at the same time
        await statements.insert_embedding_model(connection, name=name, dimension=dimension)
        record = await statements.find_embedding_model(connection, name=name)
    return EmbeddingModelRow(**record)


async def find_model(connection: Connection, name: str) -> EmbeddingModelRow | None:
    record = await statements.find_embedding_model(connection, name=name)
    return None if record is None else EmbeddingModelRow(**record)


async def find_active_model(connection: Connection) -> EmbeddingModelRow | None:
    record = await statements.find_active_embedding_model(connection)
    return None if record is None else EmbeddingModelRow(**record)


async def activate_model(connection: Connection, model: EmbeddingModelRow) -> None:
    """Make it the model that queries use. Call in a transaction."""
    await statements.deactivate_embedding_models(connection)
    await statements.activate_embedding_model(connection, id=model.id)


def index_name(model_id: int) -> str:
    return f"embeddings_of_model_{int(model_id)}"


async def is_index_needed(connection: Connection, rows: int) -> bool:
    """Whether any user has more than `rows` entries; the others do not need an index."""
    needed: bool = await statements.is_index_needed(connection, rows=rows)
    return needed


async def has_index(connection: Connection, model_id: int) -> bool:
    """Whether the model has a complete index."""
    query = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)"
    return bool(await connection.fetchval(query, index_name(model_id)))


async def owns_tables(connection: Connection) -> bool:
    """Whether this login may build indexes itself; the login of a service may not."""
    query = "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'embeddings'::regclass"
    return bool(await connection.fetchval(query))


@asynccontextmanager
async def _index_lock(connection: Connection, model_id: int) -> AsyncIterator[bool]:
    """Yields whether this process has the lock for the model's index; disables the statement timeout meanwhile."""
    if not await connection.fetchval("SELECT pg_try_advisory_lock($1, $2)", INDEX_LOCK, model_id):
        yield False
        return
    await connection.execute("SET statement_timeout = 0")
    try:
        yield True
    finally:
        await connection.execute("RESET statement_timeout")
        await connection.execute("SELECT pg_advisory_unlock($1, $2)", INDEX_LOCK, model_id)


async def begin_index(connection: Connection, model: EmbeddingModelRow) -> None:
    """Let the owner of the tables create the model's index, if it does not exist, before there are rows for it."""
    if await has_index(connection, model.id):
        return
    async with _index_lock(connection, model.id) as locked:
        if locked:
            await statements.drop_model_index(connection, model_id=model.id)  # an incomplete one
            await statements.create_model_index(connection, model_id=model.id)


async def create_index(connection: Connection, model: EmbeddingModelRow) -> bool:
    """Build the model's HNSW index concurrently with writes. Returns False when another process does so.

    Call outside of a transaction; may take minutes.
    """
    # A name or a condition of an index cannot be a parameter; all three values are our own integers.
    name, dimension, model_id = index_name(model.id), int(model.dimension), int(model.id)
    async with _index_lock(connection, model_id) as locked:
        if locked:
            await connection.execute(f"DROP INDEX IF EXISTS {name}")
            await connection.execute(
                f"CREATE INDEX CONCURRENTLY {name} ON embeddings USING hnsw "
                f"((embedding::halfvec({dimension})) halfvec_cosine_ops) WHERE model_id = {model_id} AND by_index"
            )
    return locked


async def delete_other_models(connection: Connection, model: EmbeddingModelRow) -> None:
    """Delete all other models with their vectors and indexes."""
    async for record in statements.delete_embedding_models_but(connection, id=model.id):
        await statements.drop_model_index(connection, model_id=record["id"])
