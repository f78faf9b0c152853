"""Which tables hold what a person has said, wished, laid down, decided and had remembered."""

from collections.abc import Sequence
from dataclasses import dataclass

from sql.statements import Connection

# A claim on a row, and what is worked out anew, is nobody's data.
OPERATIONAL = frozenset(
    {"claimed_by", "lease_until", "fence", "attempts", "next_attempt_at", "trace_parent", "idempotency_key", "version"}
)


@dataclass(frozen=True, slots=True)
class Exported:
    """A table, and the tables whose rows belong to one of its rows: (table, column that names the row).

    `rewritten` are statuses that mean nothing elsewhere, with what they become.
    """

    name: str
    children: Sequence[tuple[str, str]] = ()
    history: Sequence[tuple[str, str]] = ()
    rewritten: Sequence[tuple[str, str]] = ()


# In the order in which they refer to each other.
TABLES = (
    Exported("conversations"),
    Exported("messages", rewritten=(("pending", "stopped"), ("streaming", "stopped"))),
    Exported("intents", history=(("intent_transitions", "intent_id"),), rewritten=(("processing", "pending"),)),
    Exported("specifications", children=(("specification_revisions", "specification_id"),)),
    Exported("choice_points", children=(("choice_options", "choice_point_id"),)),
    Exported("memories"),
)


async def columns_of(connection: Connection, table: str) -> dict[str, str]:
    """Column and type, without what the database makes up itself; empty when there is no such table."""
    rows = await connection.fetch(
        "SELECT attname, format_type(atttypid, NULL) AS type FROM pg_attribute "
        "WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped "
        "AND attidentity = '' AND attgenerated = ''",
        table,
    )
    return {row["attname"]: row["type"] for row in rows}
