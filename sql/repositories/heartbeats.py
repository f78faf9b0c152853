"""When each bridge was last heard of."""

from sql.statements import Connection, statements

KEPT_SECONDS = 3600.0


async def beat(connection: Connection, bridge_id: str, kind: str) -> None:
    """Say that the bridge lives, and forget those that have not for an hour."""
    await statements.beat(connection, bridge_id=bridge_id, kind=kind)
    await statements.forget_silent_bridges(connection, seconds=KEPT_SECONDS)


async def forget_bridge(connection: Connection, bridge_id: str) -> None:
    await statements.forget_bridge(connection, bridge_id=bridge_id)


async def list_silences(connection: Connection) -> dict[str, float]:
    """Seconds since a bridge of each kind was seen; a kind that never was is absent."""
    return {record["kind"]: record["seconds"] async for record in statements.list_silences(connection)}
