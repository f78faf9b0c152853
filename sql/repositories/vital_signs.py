"""The state of the whole system as the database knows it, for metrics; of all users together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sql.repositories.heartbeats import list_silences
from sql.statements import Connection, statements


@dataclass(frozen=True, slots=True)
class Queue:
    """Work of one kind in one status."""

    queue: str
    status: str
    depth: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class VitalSigns:
    """Moments are seconds since 1970, 0 for never."""

    queues: Sequence[Queue]
    silences: Mapping[str, float]
    last_activity: float
    database_bytes: int
    embedding_backlog: int
    reembedding_left: int
    backup_succeeded_at: float
    backup_failed: bool


async def read_vital_signs(connection: Connection) -> VitalSigns:
    queues = [Queue(**record) async for record in statements.list_queues(connection)]
    sums = await statements.get_vital_sums(connection)
    return VitalSigns(queues=queues, silences=await list_silences(connection), **sums)
