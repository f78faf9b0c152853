"""Protocols of the services that resolvers use; app/ implements them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from sql.repositories.contexts import AssembledContext
from sql.repositories.decisions import NewDecision
from sql.repositories.moves import Moved
from sql.repositories.nearest import SearchFilter
from sql.repositories.search_ratings import SearchedQuery
from sql.rows import ActionRow, EventRow, IntentRow, MessageRow, UserRow
from sql.service_rows import TokenRow
from sql.statements import Connection


@dataclass(frozen=True, slots=True)
class EventWithCursor:
    """An event with the opaque cursor after which a subscription resumes."""

    cursor: str
    event: EventRow


@dataclass(frozen=True, slots=True)
class ReplyPiece:
    """The text at `offset` (in Unicode code points) of a reply, and the status of the reply in lower case.

    An offset below the length that the reader has means that the reply was restarted: replace the text from there.
    """

    message_id: UUID
    offset: int
    text: str
    status: str


class EventFeed(Protocol):
    """The viewer's events in commit order, each exactly once."""

    def follow(
        self,
        viewer_id: str,
        *,
        kinds: frozenset[str] | None = None,
        project_id: UUID | None = None,
        after: str | None = None,
    ) -> AsyncIterator[EventWithCursor]:
        """Events after the cursor, or new ones only. Raises BadUserInput, CursorExpired.

        Those of a project include the events of records that were moved out of it, and of profile memories.
        """

    async def latest(self, viewer_id: str) -> str:
        """The cursor of the latest event; everything up to it is already readable."""

    async def trace(self, viewer_id: str, subject_id: UUID) -> list[EventWithCursor]:
        """The events of the causal chain of the subject, oldest first; empty when there are none."""


class ReplyFeed(Protocol):
    """Replies while they are written."""

    def follow(self, viewer_id: str, message_id: UUID, from_offset: int) -> AsyncIterator[ReplyPiece]:
        """The existing text from `from_offset`, then each new piece. Ends with the reply. Raises NotFound."""


@dataclass(frozen=True, slots=True)
class TypedTask:
    """What one typed line says about a work item.

    `undated`: the line with the words of its time. `past`: its time is not after now. `unread`: words that seem to name
    a time but were not understood.
    """

    description: str
    undated: str
    due_at: datetime | None
    past: bool
    recurrence: str | None
    labels: Sequence[str]
    priority: int | None
    assignee: str | None
    reminder: bool
    unread: str | None


class Announcer(Protocol):
    """Sends hints to the other processes that a change of a user was committed."""

    def announce(self, user_id: str) -> None: ...


HitReason = Literal[
    "WORDS", "MEANING", "TIME", "NEIGHBOUR", "LANGUAGE",
    "MARKED_USEFUL", "MARKED_WRONG", "MARKED_OUTDATED", "OUTRANKED", "BELOW_FLOOR",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hit:
    """A search result: the row, its score, its text and the snippet that matched.

    `similarity` is the cosine, None when only words were compared. `status` is that of a decision: only an accepted one
    is in force. `project_id` is None for a profile memory. `also` are hits that say the same.
    `rating` is that of the user for the query: useful, wrong or outdated.
    """

    kind: str
    subject_id: UUID
    score: float
    similarity: float | None
    content: str
    snippet: str
    occurred_at: datetime
    status: str | None = None
    project_id: UUID | None = None
    reasons: Sequence[HitReason] = ()
    also: "Sequence[Hit]" = ()
    rating: str | None = None


class Searcher(Protocol):
    """Searches the records of one user."""

    async def search(
        self,
        user_id: str,
        query: str,
        within: SearchFilter,
        count: int,
        *,
        joined: bool = False,
        explain: bool = False,
        rated: bool = False,
    ) -> list[Hit]:
        """The best hits, the best first. The query may be in any language.

        `joined`: records that say one thing are one hit, and what has too little in common is none. `explain`: the next
        candidates follow, as many again, with the reason why they are not hits. `rated`: the user's ratings of hits
        count; not for what other members see.
        """

    async def read_query(self, user_id: str, query: str) -> SearchedQuery:
        """The query as ratings of its hits are stored with it."""

    async def search_words(
        self, connection: Connection, user_id: str, query: str, within: SearchFilter, count: int
    ) -> list[Hit]:
        """The best hits by words alone, on this connection, for use in a transaction."""

    async def similar(self, user_id: str, subject_id: UUID, count: int) -> list[Hit]:
        """The records of the same project most similar to a record of the user, without the record itself."""


@dataclass(frozen=True, slots=True)
class EnteredModel:
    """A model that the owner enters. Without a key the known one is kept, if the address stays the same."""

    api_key: str | None
    base_url: str | None
    model: str
    further_models: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ModelState:
    """The configured model; its key is never shown."""

    base_url: str | None
    model: str
    further_models: Sequence[str]
    has_key: bool
    from_environment: bool


class ModelConfigurator(Protocol):
    """The model of a local installation, which its owner may enter."""

    def state(self) -> ModelState: ...

    def save(self, entered: EnteredModel) -> None:
        """Applies from the next reply on. Raises BadUserInput, and Conflict when the environment sets the model."""

    def remove(self) -> None:
        """Forget the model and its key. Raises Conflict when the environment sets the model."""

    async def test(self, entered: EnteredModel) -> str:
        """Send one tiny request; returns the model that answered. Raises ResonantError that says what is wrong."""


class ContextPreviewer(Protocol):
    """Previews the context of a reply."""

    async def preview(
        self, user_id: str, project_id: UUID | None, conversation_id: UUID | None, content: str
    ) -> AssembledContext:
        """The context of a reply to `content`, if it were sent now: in the conversation, else in the project.

        Nothing is stored.
        """


class Tools(Protocol):
    """The registry of tools. All methods need a transaction, except those that only read, and raise ResonantError."""

    async def run(self, connection: Connection, viewer_id: str, name: str, arguments: Mapping[str, Any]) -> Any:
        """A person's own request: runs a tool and returns the row of its subject, or what it lists. Makes no action."""

    async def new_decision(self, connection: Connection, viewer_id: str, arguments: Mapping[str, Any]) -> NewDecision:
        """The decision that record_decision would insert with these arguments."""

    async def accept(
        self, connection: Connection, viewer_id: str, action_id: UUID, arguments: Mapping[str, Any]
    ) -> ActionRow:
        """Do what was proposed, with these arguments in place of those of the same name."""

    async def dismiss(self, connection: Connection, viewer_id: str, action_id: UUID) -> ActionRow:
        """Dismiss a proposal."""

    async def undo(self, connection: Connection, viewer_id: str, action_id: UUID) -> ActionRow:
        """Restore what an action changed."""

    async def undoable(self, connection: Connection, viewer_id: str, actions: Sequence[ActionRow]) -> list[bool]:
        """Whether each action can be undone now."""


class Gate(Protocol):
    """Holds an intent that contradicts accepted decisions, and notifies whom a text mentions.

    Needs the transaction that changes the intent or inserts the message.
    """

    async def check_message(self, connection: Connection, message: MessageRow, *, actor: str) -> None:
        """Notify the members whom a message of a shared conversation mentions as `@name`."""

    async def check_intent(self, connection: Connection, intent: IntentRow, *, actor: str) -> IntentRow:
        """The intent; AWAITING_CONFIRMATION with its contradictions when decisions speak against it."""

    async def check_moved(self, connection: Connection, user_id: str, moved: Moved, *, actor: str) -> None:
        """Hold what contradicts the decisions of its new project, and release what no longer contradicts any."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session. It ends at `expires_at` unless it is used before."""

    user: UserRow
    expires_at: datetime


class Accounts(Protocol):
    """The account of the viewer. All methods raise BadUserInput in AUTH_MODE=local, which has no sign-in."""

    @property
    def access_kind(self) -> str:
        """How the request is authenticated: local, session, token, jwt or nobody."""

    def stored_name(self, name: str) -> str:
        """The name of a user as it is stored; "" when no user can have it."""

    async def sign_in(self, name: str, password: str) -> SignedIn:
        """Start a session. Raises Unauthenticated, RateLimited."""

    async def claim_ownership(self, code: str, name: str, password: str) -> SignedIn:
        """Become the first owner, with the code of the one-time link. Raises Unauthenticated."""

    async def sign_out(self) -> bool:
        """End this session. Returns whether it still existed."""

    async def change_password(self, current: str, new: str, *, keep_tokens: bool) -> None:
        """Change the password and end all other sessions; tokens are revoked unless they are kept."""

    async def create_token(
        self, name: str, expires_at: datetime | None, *, read_only: bool, project_id: UUID | None
    ) -> tuple[TokenRow, str]:
        """A new token and its secret, which is shown only once; for all projects without one.

        Raises Forbidden, Conflict.
        """

    async def revoke_token(self, token_id: UUID) -> TokenRow:
        """Revoke a token. Raises NotFound."""
