"""The export format: its tables, and the ids that imported rows get."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sql.statements import Connection

FORMAT = "resonant-export"
VERSION = 1
# Claims and derived values belong to this installation, not to the user.
OPERATIONAL = frozenset(
    {"claimed_by", "lease_until", "fence", "attempts", "next_attempt_at", "trace_parent", "idempotency_key", "version"}
)
UUID_VERSION_7 = 0x7 << 76
UUID_VARIANT = 0b10 << 62
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ExportedTable:
    """A table and its dependent tables, each as (table, column that references this table).

    `children` are exported and imported, `history` is only exported. `replaced_statuses` maps statuses of running work
    to the status after an import.
    """

    name: str
    children: Sequence[tuple[str, str]] = ()
    history: Sequence[tuple[str, str]] = ()
    replaced_statuses: Sequence[tuple[str, str]] = ()


# Referenced tables first.
TABLES = (
    ExportedTable("conversations"),
    ExportedTable("messages", replaced_statuses=(("pending", "stopped"), ("streaming", "stopped"))),
    ExportedTable(
        "intents", history=(("intent_transitions", "intent_id"),), replaced_statuses=(("processing", "pending"),)
    ),
    ExportedTable("specifications", children=(("specification_revisions", "specification_id"),)),
    ExportedTable("choice_points", children=(("choice_options", "choice_point_id"),)),
    ExportedTable("memories"),
)


async def columns_of(connection: Connection, table: str) -> dict[str, str]:
    """Type by column, without generated and identity columns; empty when the table does not exist."""
    rows = await connection.fetch(
        "SELECT attname, format_type(atttypid, NULL) AS type FROM pg_attribute "
        "WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped "
        "AND attidentity = '' AND attgenerated = ''",
        table,
    )
    return {row["attname"]: row["type"] for row in rows}


def id_at(time: datetime, *names: str) -> UUID:
    """A UUIDv7 with this time whose other bits depend only on `names`, so a repeated import makes the same id."""
    return _uuid7((time - EPOCH) // timedelta(milliseconds=1), "\x1f".join(names))


def id_for(user_id: str, original: UUID) -> UUID:
    """The id of another user's copy of a row; it keeps the time of the original id."""
    return _uuid7(original.int >> 80, f"{user_id}\x1f{original}")


def _uuid7(milliseconds: int, seed: str) -> UUID:
    digest = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:10], "big")
    random_a, random_b = digest >> 68, digest & (2**62 - 1)
    return UUID(int=(milliseconds & (2**48 - 1)) << 80 | UUID_VERSION_7 | random_a << 64 | UUID_VARIANT | random_b)
