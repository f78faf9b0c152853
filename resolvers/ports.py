"""What resolvers need of the rooms above them; app/ fills these in."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sql.repositories.contexts import AssembledContext
from sql.repositories.nearest import SearchFilter
from sql.rows import EventRow, TokenRow, UserRow


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An event with the opaque cursor behind which a subscription resumes."""

    cursor: str
    event: EventRow


@dataclass(frozen=True, slots=True)
class ReplyPiece:
    """Text that stands at `offset` (in Unicode code points) of a reply; status is the reply's, lower case.

    An offset below what the reader already holds means that the reply was started anew: replace from there.
    """

    message_id: UUID
    offset: int
    text: str
    status: str


class EventFeed(Protocol):
    """The viewer's events in commit order: nothing lost, nothing twice."""

    def follow(
        self, viewer_id: str, *, kinds: frozenset[str] | None = None, after: str | None = None
    ) -> AsyncIterator[Occurrence]:
        """Events after the cursor, or from now on. Raises BadUserInput, CursorExpired."""

    async def latest(self, viewer_id: str) -> str:
        """The cursor of where the events stand: what is not behind it can be read by now."""

    async def trace(self, viewer_id: str, subject_id: UUID) -> list[Occurrence]:
        """The events of the causal chain through the subject, oldest first; empty when nothing is known of it."""


class ReplyFeed(Protocol):
    """Replies as they are written."""

    def follow(self, viewer_id: str, message_id: UUID, from_offset: int) -> AsyncIterator[ReplyPiece]:
        """What stands from `from_offset`, then each new piece; ends with the reply. Raises NotFound."""


class Announcer(Protocol):
    """Tells the other processes that something was committed for a user; a hint, never the news itself."""

    def announce(self, user_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: which row, how well it matches, its text and the part of it that shows why.

    `similarity` is the cosine, None where only the words matched.
    """

    kind: str
    subject_id: UUID
    score: float
    similarity: float | None
    content: str
    snippet: str
    occurred_at: datetime


class Searcher(Protocol):
    """Finds what one user has said, wished, laid down, decided and had remembered."""

    async def search(self, user_id: str, query: str, within: SearchFilter, count: int) -> list[Hit]:
        """The best hits for a query of any language, the best first."""

    async def similar(self, user_id: str, subject_id: UUID, count: int) -> list[Hit]:
        """What comes nearest to a row of the user's, without the row itself."""


class ContextPreviewer(Protocol):
    """Shows beforehand what a reply would be given."""

    async def preview(self, user_id: str, conversation_id: UUID | None, content: str) -> AssembledContext:
        """The context of a reply to `content`, said now in the conversation; nothing is kept."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that has begun, and when it ends if it is not used."""

    user: UserRow
    expires_at: datetime


class Accounts(Protocol):
    """What whoever asks may do with their own account. All raise BadUserInput in AUTH_MODE=local: nobody signs in."""

    @property
    def access_kind(self) -> str:
        """What they came in with: local, session, token, jwt or nobody."""

    async def sign_in(self, name: str, password: str) -> SignedIn:
        """Begin a session. Raises Unauthenticated, RateLimited."""

    async def claim_ownership(self, code: str, name: str, password: str) -> SignedIn:
        """Become the first owner, with the code of the one-time link. Raises Unauthenticated."""

    async def sign_out(self) -> bool:
        """End this session; whether it was still there."""

    async def change_password(self, current: str, new: str) -> None:
        """All other sessions end."""

    async def create_token(self, name: str, expires_at: datetime | None) -> tuple[TokenRow, str]:
        """The token, and the secret that is shown once. Raises Forbidden, Conflict."""

    async def revoke_token(self, token_id: UUID) -> TokenRow:
        """Raises NotFound."""
