"""Row count and order-independent checksum of each table, to compare a restored database with its backup."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sql.statements import Connection

# Running processes and running backups are facts of this installation only.
TRANSIENT = ("backup_runs", "bridge_heartbeats")

LIST_TABLES = """
SELECT quote_ident(relname) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> ALL ($1::text[])
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
ORDER BY relname
"""
# md5 gives the same result in every version of PostgreSQL; its other hash functions need not.
DIGEST = """
SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 16))::bit(64)::bigint::numeric), 0)::text FROM {table} AS t
"""


@dataclass(frozen=True, slots=True)
class TableDigest:
    """`checksum` is the sum of the first 64 bits of the md5 of each row."""

    rows: int
    checksum: str


async def list_tables(connection: Connection) -> list[str]:
    """The tables whose content is backed up, as quoted SQL identifiers."""
    records = await connection.fetch(LIST_TABLES, TRANSIENT)
    return [record[0] for record in records]


async def digest_tables(
    connection: Connection, *, done: Callable[[str], None] = lambda table: None
) -> dict[str, TableDigest]:
    """A digest of each table in the snapshot of the current transaction; `done` is called after each table."""
    # The text form of a row depends on these settings.
    await connection.execute(
        "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'iso_8601'"
    )
    digests = {}
    for table in await list_tables(connection):
        rows, checksum = await connection.fetchrow(DIGEST.format(table=table))  # type: ignore[misc]
        digests[table] = TableDigest(rows, checksum)
        done(table)
    return digests


def find_differences(expected: Mapping[str, TableDigest], found: Mapping[str, TableDigest]) -> list[str]:
    """One line for each table that differs."""
    lines = []
    for table in sorted({*expected, *found}):
        wanted, actual = expected.get(table), found.get(table)
        if wanted is None or actual is None:
            lines.append(f"{table} is {'not in the backup' if wanted is None else 'missing'}")
        elif wanted.rows != actual.rows:
            lines.append(f"{table} has {actual.rows} rows instead of {wanted.rows}")
        elif wanted != actual:
            lines.append(f"{table} has different content")
    return lines
