"""What a database holds, table by table: how many rows, and a checksum that does not depend on their order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sql.statements import Connection

# Which process is alive and which backup runs is true only where it is written.
TRANSIENT = ("backup_runs", "bridge_heartbeats")

LIST_TABLES = """
SELECT quote_ident(relname) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> ALL ($1::text[])
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
ORDER BY relname
"""
# md5 stays the same from one PostgreSQL to the next, which its hash functions do not promise.
DIGEST = """
SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 16))::bit(64)::bigint::numeric), 0)::text FROM {table} AS t
"""


@dataclass(frozen=True, slots=True)
class TableDigest:
    """`checksum` is the sum of 64 bits of each row's md5."""

    rows: int
    checksum: str


async def list_tables(connection: Connection) -> list[str]:
    """The tables whose content a backup keeps, quoted where SQL needs it."""
    records = await connection.fetch(LIST_TABLES, TRANSIENT)
    return [record[0] for record in records]


async def digest_tables(
    connection: Connection, *, done: Callable[[str], None] = lambda table: None
) -> dict[str, TableDigest]:
    """A digest of each table as the connection's transaction sees it; `done` hears of each."""
    # A row's text depends on these.
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
    """One line for each table that is not what it should be."""
    lines = []
    for table in sorted({*expected, *found}):
        wanted, has = expected.get(table), found.get(table)
        if wanted is None or has is None:
            lines.append(f"{table} is {'not in the backup' if wanted is None else 'missing'}")
        elif wanted.rows != has.rows:
            lines.append(f"{table} has {has.rows} rows instead of {wanted.rows}")
        elif wanted != has:
            lines.append(f"{table} has other content")
    return lines
