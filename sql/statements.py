"""Every SQL statement of the system by name, loaded from `queries/*.sql` and checked for its parameters."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import aiosql
import asyncpg
from aiosql.adapters.asyncpg import AsyncPGAdapter

from sql.columns import columns_of, reading, record_of
from sql.errors import translated

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
else:
    Connection = asyncpg.Connection  # generic in the type stubs only


class ConnectionAdapter(AsyncPGAdapter):
    """Runs statements on a connection that the caller holds, and translates the driver's errors.

    The stock adapter also accepts a pool, which would hide where a transaction begins, and pays for the question
    on each call.
    """

    def _arguments(self, query_name: str, parameters: Mapping[str, Any]) -> list[Any]:
        return [parameters[name] for name in self.var_sorted[query_name]]

    async def select(
        self, conn: Connection, query_name: str, sql: str, parameters: Mapping[str, Any], record_class: Any = None
    ) -> AsyncIterator[asyncpg.Record]:
        with translated():
            records = await conn.fetch(sql, *self._arguments(query_name, parameters))
        for record in records:
            yield record

    async def select_one(
        self, conn: Connection, query_name: str, sql: str, parameters: Mapping[str, Any], record_class: Any = None
    ) -> asyncpg.Record | None:
        with translated():
            return await conn.fetchrow(sql, *self._arguments(query_name, parameters))

    async def select_value(self, conn: Connection, query_name: str, sql: str, parameters: Mapping[str, Any]) -> Any:
        with translated():
            return await conn.fetchval(sql, *self._arguments(query_name, parameters))

    async def insert_update_delete(
        self, conn: Connection, query_name: str, sql: str, parameters: Mapping[str, Any]
    ) -> str:
        with translated():
            return await conn.execute(sql, *self._arguments(query_name, parameters))


Row = TypeVar("Row")


adapter: Any = ConnectionAdapter  # aiosql types its adapters as returning untyped values
statements: Any = aiosql.from_path(Path(__file__).parent / "queries", adapter)


async def fetch_rewritten(
    connection: Connection, statement: Any, rewritten: Mapping[str, str], **parameters: Any
) -> list[asyncpg.Record]:
    """Run a statement with parts of its text replaced: for what no parameter can stand for. Never pass in input."""
    text: str = statement.sql
    for part, replacement in rewritten.items():
        text = text.replace(part, replacement)
    names: list[str] = statements.driver_adapter.var_sorted[statement.__name__]
    with translated():
        return await connection.fetch(text, *(parameters[name] for name in names))


async def fetch_rows(connection: Connection, statement: Any, kind: type[Row], **parameters: Any) -> list[Row]:
    """The rows of a statement as the driver made them: records that read like `kind`, at no cost for each.

    Raises TypeError when the statement and the row have drifted apart.
    """
    arguments = statements.driver_adapter._arguments(statement.__name__, parameters)
    text, columns, of_kind = statement.sql, reading.get(), cast(Any, kind)
    narrowed, record_class = (text, record_of(of_kind)) if columns is None else columns.of(text, of_kind)
    with translated():
        records: Any = await connection.fetch(narrowed, *arguments, record_class=record_class)
    if narrowed is text and records and tuple(records[0].keys()) != columns_of(of_kind):
        raise TypeError(f"{statement.__name__} reads {', '.join(records[0].keys())}, which is no {kind.__name__}")
    if columns is not None:
        columns.meet(of_kind, records)
    rows: list[Row] = records
    return rows
