"""Code sessions: what was run for an intent, tool call by tool call."""

from datetime import datetime

import strawberry
from strawberry.scalars import JSON

from schema.catalogue import key_of, params_of
from schema.node import Node
from schema.relations import Info, coming, together


@strawberry.type(description="One tool call of a session.")
class ClaudeCodeExecution:
    execution_order: int = strawberry.field(description="Its place in the session, from 1 on.")
    tool_name: str = strawberry.field(description="The tool that was called.")
    input: JSON | None = strawberry.field(description="What it was given.")
    output: JSON | None = strawberry.field(description="What came of it; null while the call is under way.")
    success: bool = strawberry.field(description="Whether it did what it was called for; false until it has ended.")
    error_message: str | None = strawberry.field(description="Why not.")
    error_key: str | None = strawberry.field(description=key_of("errorMessage"))
    error_params: JSON | None = strawberry.field(description=params_of("errorKey"))
    executed_at: datetime = strawberry.field(description="When it was called.")
    duration_ms: int | None = strawberry.field(description="How long it took, in milliseconds.")


@strawberry.type(description="One run of code for an intent, inside the workspace.")
class ClaudeCodeSession(Node):
    id: strawberry.ID = strawberry.field(description="The id of its record.")
    session_id: str = strawberry.field(description="The id that the agent knows it by.")
    status: str = strawberry.field(description="One of pending, running, completed, failed and timeout.")
    started_at: datetime | None = strawberry.field(description="When it began.")
    completed_at: datetime | None = strawberry.field(description="When it ended.")
    total_duration_seconds: float | None = strawberry.field(description="How long it took.")
    error_message: str | None = strawberry.field(description="Why it failed.")
    error_key: str | None = strawberry.field(description=key_of("errorMessage"))
    error_params: JSON | None = strawberry.field(description=params_of("errorKey"))

    @strawberry.field(description="Its tool calls, in their order, as they happen.")
    @together(by="id")
    def executions(self, info: Info) -> list[ClaudeCodeExecution]:
        return coming(info.context.relations.executions_of_session(self.id))
