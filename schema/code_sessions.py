"""Code sessions of intents, with their tool calls."""

from datetime import datetime

import strawberry
from strawberry.scalars import JSON

from schema.catalogue import key_of, params_of
from schema.costs import LONG_TEXT
from schema.node import Node
from schema.relations import Info, awaited, batched


@strawberry.type(description="One tool call of a code session.")
class ClaudeCodeExecution:
    execution_order: int = strawberry.field(description="The position of the call in the session, from 1.")
    tool_name: str = strawberry.field(description="The name of the tool.")
    input: JSON | None = strawberry.field(metadata=LONG_TEXT, description="The arguments of the call.")
    output: JSON | None = strawberry.field(
        metadata=LONG_TEXT, description="The result of the call; null while it runs."
    )
    success: bool = strawberry.field(description="Whether the call succeeded; false until it has ended.")
    error_message: str | None = strawberry.field(description="Why the call failed; null when it did not.")
    error_key: str | None = strawberry.field(description=key_of("errorMessage"))
    error_params: JSON | None = strawberry.field(description=params_of("errorKey"))
    executed_at: datetime = strawberry.field(description="When the call started.")
    duration_ms: int | None = strawberry.field(description="The duration in milliseconds; null while it runs.")


@strawberry.type(description="One code session of an intent. It runs inside CODE_WORKSPACE.")
class ClaudeCodeSession(Node):
    id: strawberry.ID = strawberry.field(description="The id of the session's record.")
    session_id: str = strawberry.field(description="The session id of the Claude Agent SDK.")
    status: str = strawberry.field(description="One of pending, running, completed, failed and timeout.")
    started_at: datetime | None = strawberry.field(description="When it started.")
    completed_at: datetime | None = strawberry.field(description="When it ended; null while it runs.")
    total_duration_seconds: float | None = strawberry.field(description="The duration in seconds; null while it runs.")
    error_message: str | None = strawberry.field(description="Why the session failed; null when it did not.")
    error_key: str | None = strawberry.field(description=key_of("errorMessage"))
    error_params: JSON | None = strawberry.field(description=params_of("errorKey"))

    @strawberry.field(description="The tool calls in order. Running calls are included.")
    @batched(by="id")
    def executions(self, info: Info) -> list[ClaudeCodeExecution]:
        return awaited(info.context.relations.executions_of_session(self.id))
