"""Which embedding models there are, the index of each, and which one queries are asked with."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sql.rows import EmbeddingModelRow
from sql.statements import Connection, statements

INDEX_LOCK = 0x726573  # with the model's id: one process builds its index


async def register_model(connection: Connection, name: str, dimension: int) -> EmbeddingModelRow:
    """The model of this name, made if there is none; its dimension may be another than was asked for."""
    await statements.insert_embedding_model(connection, name=name, dimension=dimension)
    return EmbeddingModelRow(**await statements.find_embedding_model(connection, name=name))


async def find_model(connection: Connection, name: str) -> EmbeddingModelRow | None:
    record = await statements.find_embedding_model(connection, name=name)
    return None if record is None else EmbeddingModelRow(**record)


async def find_active_model(connection: Connection) -> EmbeddingModelRow | None:
    record = await statements.find_active_embedding_model(connection)
    return None if record is None else EmbeddingModelRow(**record)


async def activate_model(connection: Connection, model: EmbeddingModelRow) -> None:
    """Have queries asked with this model from now on. Call in a transaction."""
    await statements.deactivate_embedding_models(connection)
    await statements.activate_embedding_model(connection, id=model.id)


def index_name(model_id: int) -> str:
    return f"embeddings_of_model_{int(model_id)}"


async def is_index_needed(connection: Connection, rows: int) -> bool:
    """Whether any user has more entries than `rows`: nobody else is served by an index."""
    needed: bool = await statements.is_index_needed(connection, rows=rows)
    return needed


async def has_index(connection: Connection, model_id: int) -> bool:
    """Whether the model's index stands and was built to its end."""
    query = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)"
    return bool(await connection.fetchval(query, index_name(model_id)))


async def owns_tables(connection: Connection) -> bool:
    """Whether this login may build indexes itself; one of a service may not."""
    query = "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'embeddings'::regclass"
    return bool(await connection.fetchval(query))


@asynccontextmanager
async def _building(connection: Connection, model_id: int) -> AsyncIterator[bool]:
    """Whether it is this process that works on the model's index: one does at a time, for as long as it takes."""
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
    """Have the owner of the tables make the model's index, unless it stands, before there is anything in it."""
    if await has_index(connection, model.id):
        return
    async with _building(connection, model.id) as mine:
        if mine:
            await statements.drop_model_index(connection, model_id=model.id)  # one that was not built to its end
            await statements.create_model_index(connection, model_id=model.id)


async def create_index(connection: Connection, model: EmbeddingModelRow) -> bool:
    """Build the model's HNSW index beside running writes, unless another process does so: then False.

    Call outside of a transaction; may take minutes.
    """
    # An index takes neither its name nor its condition as a parameter; all three values are numbers of ours.
    name, dimension, model_id = index_name(model.id), int(model.dimension), int(model.id)
    async with _building(connection, model_id) as mine:
        if mine:
            await connection.execute(f"DROP INDEX IF EXISTS {name}")
            await connection.execute(
                f"CREATE INDEX CONCURRENTLY {name} ON embeddings USING hnsw "
                f"((embedding::halfvec({dimension})) halfvec_cosine_ops) WHERE model_id = {model_id} AND by_index"
            )
    return mine


async def delete_other_models(connection: Connection, model: EmbeddingModelRow) -> None:
    """Delete every other model with its vectors and its index."""
    async for record in statements.delete_embedding_models_but(connection, id=model.id):
        await statements.drop_model_index(connection, model_id=record["id"])
