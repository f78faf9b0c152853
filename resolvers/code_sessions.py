"""Code sessions: rows to types."""

import strawberry
from strawberry.scalars import JSON

from schema.code_sessions import ClaudeCodeExecution, ClaudeCodeSession
from sql.rows import CodeExecutionRow, CodeSessionRow


def to_code_session(row: CodeSessionRow) -> ClaudeCodeSession:
    return ClaudeCodeSession(
        id=strawberry.ID(str(row.id)),
        session_id=row.session_id,
        status=row.status,
        started_at=row.started_at,
        completed_at=row.completed_at,
        total_duration_seconds=row.total_duration_seconds,
        error_message=row.error_message,
    )


def to_execution(row: CodeExecutionRow) -> ClaudeCodeExecution:
    return ClaudeCodeExecution(
        execution_order=row.execution_order,
        tool_name=row.tool_name,
        input=None if row.input is None else JSON(row.input),
        output=None if row.output is None else JSON(row.output),
        success=row.success,
        error_message=row.error_message,
        executed_at=row.executed_at,
        duration_ms=row.duration_ms,
    )
