"""A call of a tool, and on whose behalf it is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from app.language.catalogue import Language, StoredText


@dataclass(frozen=True, slots=True)
class Caller:
    """For whom and because of what tools are called.

    `actor`: the program that calls, for example `message-bridge`, or the user's id. `now` is aware, in the user's zone.
    `said_by_user`: the user's own words that led to the call. `agent`: a program calls that no person speaks to here;
    it records what is new, and only proposes all else (app/tools/agents.py).
    """

    user_id: str
    actor: str
    now: datetime
    language: Language = "en"
    project_id: UUID | None = None
    conversation_id: UUID | None = None
    message_id: UUID | None = None
    said_by_user: str = ""
    agent: bool = False


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool with its arguments as JSON values; times are ISO 8601 with an offset.

    `call_id` makes it idempotent within its message. With `propose`, or with `candidates` (the records of which the
    user has to choose one), it is only proposed. `confidence` is 0..1.
    """

    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    call_id: str | None = None
    propose: bool = False
    confidence: float | None = None
    reason: StoredText | None = None
    candidates: Sequence[UUID] = ()
