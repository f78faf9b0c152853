"""Readiness: the database is reachable and its schema is current; apart from that, whether both bridges are running."""

from dataclasses import dataclass, field
from typing import Any

from app.database.migrations import find_pending, load_migrations
from app.errors import StartError
from app.language.catalogue import message_of
from app.observability.metrics import BRIDGES, SILENCE_SECONDS
from sql.errors import ResonantError
from sql.pool import Database
from sql.repositories.operations import list_heartbeat_ages


@dataclass(slots=True)
class Readiness:
    """The problems that were found, by component; ready without any."""

    problems: dict[str, str] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        return {"status": "ready" if self.ready else "not ready", "problems": self.problems}


async def check_readiness(database: Database, *, bridges: bool = False) -> Readiness:
    """Check what the backend needs, and with `bridges` also those; a failure becomes a problem, never an exception."""
    readiness = Readiness()
    try:
        async with database.connection() as connection:
            pending = await find_pending(connection, load_migrations())
            heartbeat_ages = await list_heartbeat_ages(connection)
    except StartError as error:
        readiness.problems["migrations"] = str(error)
        return readiness
    except ResonantError as error:
        readiness.problems["database"] = message_of(error)
        return readiness
    if pending:
        readiness.problems["migrations"] = f"{len(pending)} migrations are pending; run `python -m app migrate`."
    for kind in BRIDGES if bridges else ():
        silence = heartbeat_ages.get(kind)
        if silence is None or silence > SILENCE_SECONDS:
            seen = "was never seen" if silence is None else f"was last seen {silence:.0f} s ago"
            readiness.problems[f"{kind} bridge"] = f"The {kind} bridge {seen}; run `python -m app {kind}-bridge`."
    return readiness
