"""All SQL statements by name, loaded from `queries/*.sql`.

`{columns:IntentRow}` in a statement is replaced by the columns of that class in sql/rows.py or sql/service_rows.py when
the statements are loaded; `{columns:IntentRow:i}` puts the alias `i` before each.

`{visible:i.project_id}` is the condition that the user `:user_id` sees the row whose scope is in this column, and
`{writable:i.project_id}` that they may change it; see sql/migrations/0014_project_members.sql. `{scopes}` is the table
of the user's scopes, to read one index range for each of them, and `{in_scopes:column}` the condition that a scope is
among these. A statement with one of the two is loaded twice, so that both have a plan of their own: under its name for
all projects that are not archived, and with `_of_project` added for the one project `:project_id`.
"""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast, get_type_hints
from uuid import UUID

import aiosql
import asyncpg
from aiosql.adapters.asyncpg import AsyncPGAdapter

from sql import rows, service_rows
from sql.budget import metered
from sql.columns import columns_of, narrowing, record_of
from sql.errors import translate_driver_errors
from sql.rows import ComputedColumn

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
else:
    Connection = asyncpg.Connection  # generic in the type stubs only


class ConnectionAdapter(AsyncPGAdapter):
    """Runs statements on a connection that the caller holds, and translates the driver's errors.

    aiosql's own adapter also accepts a pool, which would hide where a transaction begins, and it checks for one in each
    call.
    """

    def _arguments(self, query_name: str, parameters: Mapping[str, Any]) -> list[Any]:
        return [parameters[name] for name in self.var_sorted[query_name]]

    async def select(
        self, conn: Connection, query_name: str, sql: str, parameters: Mapping[str, Any], record_class: Any = None
    ) -> AsyncIterator[asyncpg.Record]:
        with translate_driver_errors(), metered(conn):
            records = await conn.fetch(sql, *self._arguments(query_name, parameters))
        for record in records:
            yield record

    async def select_one(
        self, conn: Connection, query_name: str, sql: str, parameters: Mapping[str, Any], record_class: Any = None
    ) -> asyncpg.Record | None:
        with translate_driver_errors(), metered(conn):
            return await conn.fetchrow(sql, *self._arguments(query_name, parameters))

    async def select_value(self, conn: Connection, query_name: str, sql: str, parameters: Mapping[str, Any]) -> Any:
        with translate_driver_errors():
            return await conn.fetchval(sql, *self._arguments(query_name, parameters))

    async def insert_update_delete(
        self, conn: Connection, query_name: str, sql: str, parameters: Mapping[str, Any]
    ) -> str:
        with translate_driver_errors():
            return await conn.execute(sql, *self._arguments(query_name, parameters))


Row = TypeVar("Row")
COLUMNS = re.compile(r"\{columns:(\w+)(?::(\w+))?\}")


def columns_sql(kind: str, alias: str | None = None) -> str:
    """The columns of a row type as SQL. Raises ValueError for an unknown type or a missing alias."""
    row_type = getattr(rows, kind, None) or getattr(service_rows, kind, None)
    if not is_dataclass(row_type):
        raise ValueError(f"there is no row type {kind} in sql/rows.py or sql/service_rows.py")
    types = get_type_hints(row_type, include_extras=True)
    columns = []
    for name in columns_of(cast(Any, row_type)):
        computed = next(
            (each for each in getattr(types[name], "__metadata__", ()) if isinstance(each, ComputedColumn)), None
        )
        if computed is None:
            columns.append(f"{alias}.{name}" if alias else name)
        elif alias is None:
            raise ValueError(
                f"{kind}.{name} is computed, so the alias of the table is needed: {{columns:{kind}:alias}}"
            )
        else:
            columns.append(f"{computed.sql.replace('{row}', alias)} AS {name}")
    return ", ".join(columns)


def expand_columns(text: str, source: str) -> str:
    """Replace each `{columns:Kind:alias}`; `source` names the file in errors. Raises ValueError."""
    try:
        expanded = COLUMNS.sub(lambda match: columns_sql(*match.groups()), text)
    except ValueError as error:
        raise ValueError(f"{source}: {error}") from None
    if "{columns" in expanded:
        raise ValueError(f"{source}: a column list must have the form {{columns:Kind}} or {{columns:Kind:alias}}")
    return expanded


SCOPES = re.compile(r"\{(scopes|scopes_and_own|in_scopes)(?::([\w.]+))?\}")
RIGHT = re.compile(r"\{(visible|writable):([\w.]+)\}")
STATEMENT = re.compile(r"(?m)^(?=-- name: )")
HEADER = re.compile(r"-- name: (\w+)\(")
OF_USER = "SELECT s.scope_id FROM user_scopes AS s WHERE s.user_id = :user_id"
NOT_ARCHIVED = "NOT s.archived"
ONE_PROJECT = "s.project_id = :project_id"
PROJECT_AND_OWN = "(s.project_id = :project_id OR s.project_id IS NULL)"


def expand_rights(text: str) -> str:
    """The text with the condition of each `{visible:column}` and `{writable:column}`."""
    return RIGHT.sub(
        lambda match: f"{match[2]} = ANY (ARRAY({OF_USER}{' AND s.writable' if match[1] == 'writable' else ''}))", text
    )


def expand_scopes(text: str) -> str:
    """The text with each statement that has `{scopes}` or `{in_scopes:column}` for all projects and for one."""
    return "".join(
        f"{_with_scopes(each, False)}\n{HEADER.sub(_of_project, _with_scopes(each, True))}"
        if SCOPES.search(each)
        else each
        for each in STATEMENT.split(text)
    )


def _with_scopes(statement: str, one: bool) -> str:
    def scopes_of(match: re.Match[str]) -> str:
        kind, column = match.groups()
        chosen = NOT_ARCHIVED if not one else PROJECT_AND_OWN if kind == "scopes_and_own" else ONE_PROJECT
        listed = f"{OF_USER} AND {chosen}"
        return f"{column} = ANY (ARRAY({listed}))" if kind == "in_scopes" else f"({listed}) AS scopes (id)"

    return SCOPES.sub(scopes_of, statement)


def _of_project(header: re.Match[str]) -> str:
    return f"-- name: {header[1]}_of_project(project_id, "


def in_projects(name: str, project_id: UUID | None) -> Any:
    """The statement for one project, or for all projects that are not archived."""
    return getattr(statements, name if project_id is None else f"{name}_of_project")


def load_statements(directory: Path) -> Any:
    """All statements of the directory's `*.sql` files. Raises ValueError for a column list that has no row type."""
    adapter: Any = ConnectionAdapter  # aiosql types its adapters as returning untyped values
    texts = [
        expand_columns(expand_rights(expand_scopes(path.read_text("utf-8"))), path.name)
        for path in sorted(directory.glob("*.sql"))
    ]
    return _slim(aiosql.from_str("\n".join(texts), adapter))


def _slim(queries: Any) -> Any:
    """Remove what aiosql adds for readers and for cursors, which nothing here uses: half a megabyte."""
    for name in queries.available_queries:
        if name.endswith("_cursor"):
            delattr(queries, name)
        else:
            del getattr(queries, name).__func__.__signature__
    return queries


statements: Any = load_statements(Path(__file__).parent / "queries")


async def fetch_rewritten(
    connection: Connection, statement: Any, rewritten: Mapping[str, str], **parameters: Any
) -> list[asyncpg.Record]:
    """Run a statement with parts of its text replaced, where SQL allows no parameter, for example in a partial index.

    The replacements must be constants or numbers, never user input.
    """
    text: str = statement.sql
    for part, replacement in rewritten.items():
        text = text.replace(part, replacement)
    names: list[str] = statements.driver_adapter.var_sorted[statement.__name__]
    with translate_driver_errors(), metered(connection):
        return await connection.fetch(text, *(parameters[name] for name in names))


async def fetch_rows(connection: Connection, statement: Any, kind: type[Row], **parameters: Any) -> list[Row]:
    """The driver's records, with the attributes of the row type `kind`; no object is created per row.

    Inside `narrowed_to` only the needed columns are fetched. Raises TypeError when the statement does not return the
    columns of the row type.
    """
    arguments = statements.driver_adapter._arguments(statement.__name__, parameters)
    text, columns, of_kind = statement.sql, narrowing.get(), cast(Any, kind)
    narrowed, record_class = (text, record_of(of_kind)) if columns is None else columns.narrow(text, of_kind)
    with translate_driver_errors(), metered(connection):
        records: Any = await connection.fetch(narrowed, *arguments, record_class=record_class)
    if narrowed is text and records and tuple(records[0].keys()) != columns_of(of_kind):
        raise TypeError(
            f"{statement.__name__} reads {', '.join(records[0].keys())}, which are not the columns of {kind.__name__}"
        )
    if columns is not None:
        columns.record_rows(of_kind, records)
    rows: list[Row] = records
    return rows
