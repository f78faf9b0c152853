"""What a tool declares, what it gets, and what it returns."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.language.catalogue import Language, StoredText
from resolvers.checks import Limits
from resolvers.ports import Searcher
from sql.rows import JsonObject
from sql.sentences import Sentence
from sql.statements import Connection

Arguments = Mapping[str, Any]


class OnlyProposed(Exception):
    """Raised by a tool that must not do this without the user; the runner rolls back and proposes it."""

    def __init__(self, reason: StoredText) -> None:
        super().__init__(reason.text)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Change:
    """A record that a tool made or changed. `before` is its content, None when it is new; see snapshots.py."""

    kind: str
    id: UUID
    before: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class ToolContext:
    """What a tool gets. The connection is inside a transaction.

    `person`: a person's own mutation, or a proposal that a person accepts. `now` is aware, in the user's zone.
    `agent`: a program calls that no person speaks to here, such as a coding agent. `records_changes`: the call can be
    undone. `reason` and `confidence` are those of the call. `project_id`: what is read and made belongs to it; None for
    a person, whose lists cover all projects. `model_configured`: the assistant can do work itself.
    `shared`: all members of the project see what is read; only what they may see is read.
    """

    connection: Connection
    user_id: str
    actor: str
    now: datetime
    limits: Limits
    searcher: Searcher
    project_id: UUID | None = None
    conversation_id: UUID | None = None
    message_id: UUID | None = None
    language: Language = "en"
    said_by_user: str = ""
    agent: bool = False
    person: bool = False
    records_changes: bool = True
    reason: StoredText | None = None
    confidence: float | None = None
    model_configured: bool = True
    shared: bool = False

    def may_read(self, scope_id: UUID) -> bool:
        return not self.shared or scope_id == self.project_id


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool did: its subject, the output for a model, and what it changed.

    `row` is the row of the subject, for the API. `undo` is filled in by the runner from `changes`.
    """

    subject_kind: str | None = None
    subject_id: UUID | None = None
    output: Any = None
    row: Any = None
    changes: Sequence[Change] = ()
    summary: StoredText | None = None
    undo: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class ForAgents:
    """How a tool is offered to coding agents: a short description, without the parameters that they may not set."""

    description: str
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tool:
    """All that belongs to one tool.

    `description`: when to use it and what it does, for a model, by language. `parameters`: the JSON schema of its
    arguments, in the subset of app/tools/arguments.py. `writes`: whether it changes anything. `unasked`: whether it may
    be called without being asked. `summary`: one line for a person that says what the call does, before it is done.
    `searches`: it reads through the searcher, so it needs no connection.

    `for_agents`: how it is offered to coding agents; None when they do not need it. `output`: the JSON schema of what a
    tool that reads returns. `destructive`: it replaces or removes something. `idempotent`: a repeated call changes
    nothing more.
    """

    name: str
    description: Mapping[str, str]
    parameters: JsonObject
    run: Callable[[ToolContext, Arguments], Awaitable[ToolResult]]
    summary: Callable[[ToolContext, Arguments], Awaitable[Sentence]] | None = None
    writes: bool = False
    unasked: bool = False
    searches: bool = False
    for_agents: ForAgents | None = None
    output: JsonObject | None = None
    destructive: bool = False
    idempotent: bool = False


def parameters(required: Sequence[str] = (), **properties: JsonObject) -> JsonObject:
    """The JSON schema of an object with these properties and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def text(description: str, **constraints: Any) -> JsonObject:
    return {"type": "string", "description": description, **constraints}


def id_of(description: str) -> JsonObject:
    return text(description, format="uuid")


TIME_FORMAT = " ISO 8601 with an offset, for example 2026-12-01T09:00:00+09:00."


def time(description: str) -> JsonObject:
    return text(f"{description}{TIME_FORMAT}", format="date-time")


def optional(schema: JsonObject) -> JsonObject:
    """The schema, or null."""
    return {**schema, "type": [schema["type"], "null"]}


def texts(description: str, **constraints: Any) -> JsonObject:
    return {"type": "array", "items": {"type": "string", **constraints}, "description": description}


LIMIT: JsonObject = {"type": "integer", "minimum": 1, "maximum": 50, "description": "How many at most; default 20."}
