"""How far a reply has been written and kept."""

from dataclasses import dataclass
from uuid import UUID

from sql.errors import NotFound
from sql.repositories.messages import NO_MESSAGE
from sql.statements import Connection, statements


@dataclass(frozen=True, slots=True)
class ReplyProgress:
    """`fence` counts how often the reply was begun; `held` says whether a bridge still writes it."""

    content: str
    status: str
    fence: int
    held: bool

    @property
    def final(self) -> bool:
        """Whether the text will not change any more."""
        return self.status in ("complete", "stopped", "failed") and not self.held


async def get_reply_progress(connection: Connection, user_id: str, message_id: UUID) -> ReplyProgress:
    """Raises NotFound."""
    record = await statements.find_reply_progress(connection, user_id=user_id, id=message_id)
    if record is None:
        raise NotFound(NO_MESSAGE)
    return ReplyProgress(**record)
