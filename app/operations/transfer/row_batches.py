"""Inserts many rows of a table with one statement. No part of a statement comes from a file."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

import orjson

from app.operations.transfer.row_checks import Line
from app.operations.transfer.tables import ExportedTable
from sql.statements import Connection

Expression = Callable[[ExportedTable, str], str]

DEFAULTS = """
SELECT a.attname AS name, pg_get_expr(d.adbin, d.adrelid) AS value
FROM pg_attrdef AS d JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
WHERE d.adrelid = to_regclass($1) AND a.attgenerated = ''
"""


def runs(lines: Sequence[Line]) -> Iterator[tuple[str, list[Line]]]:
    """The lines in their order, those of the same table together."""
    for name, group in groupby(lines, key=lambda line: str(line["table"])):
        yield name, list(group)


def is_insertable_together(table: ExportedTable) -> bool:
    """Whether a row depends neither on the rows before it, except by a reference, nor on children of its own."""
    return not table.children and table.name not in ("projects", "attachment_chunks")


async def column_defaults(connection: Connection, table: str) -> dict[str, str]:
    """The default of each column that has one, as an SQL expression."""
    return {row["name"]: row["value"] for row in await connection.fetch(DEFAULTS, table)}


async def insert_rows(
    connection: Connection,
    user_id: str,
    table: ExportedTable,
    rows: Sequence[Line],
    expression: Expression,
    defaults: dict[str, str],
) -> list[Any]:
    """Insert the rows that do not exist; returns those that were inserted.

    `expression` is the value of a column for the row `r` of the file; a column that a row does not have gets its
    default. A reference to a row that precedes it in the same statement is kept as well.
    """
    columns = list(dict.fromkeys(name for row in rows for name in row))
    values = [_value(table, name, rows, expression, defaults) for name in columns]
    owned = " AND ".join(f"{expression(table, name)} IS NOT NULL" for name in table.required)
    inserted: list[Any] = await connection.fetch(
        f"INSERT INTO {table.name} ({', '.join([*columns, 'user_id'])}) SELECT {', '.join(values)}, $2 "  # noqa: S608
        "FROM jsonb_array_elements($1::text::jsonb) WITH ORDINALITY AS given (fields, place) "
        f"CROSS JOIN LATERAL jsonb_populate_record(NULL::{table.name}, given.fields) AS r "
        f"WHERE {owned or 'true'} AND $3::text[] IS NOT NULL ORDER BY given.place ON CONFLICT DO NOTHING RETURNING *",
        orjson.dumps(rows).decode(),
        user_id,
        [row.get("id") for row in rows],
    )
    return inserted


def _value(
    table: ExportedTable, column: str, rows: Sequence[Line], expression: Expression, defaults: dict[str, str]
) -> str:
    value = expression(table, column)
    if table.references.get(column) == table.name:
        value = (
            f"CASE WHEN array_position($3::text[]::uuid[], r.{column}) < given.place THEN r.{column} ELSE {value} END"
        )
    if all(column in row for row in rows):
        return value
    return f"CASE WHEN given.fields ? '{column}' THEN {value} ELSE {defaults.get(column, 'NULL')} END"
