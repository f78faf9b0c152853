"""Code sessions."""

import strawberry

from resolvers.views import to_json
from schema.code_sessions import ClaudeCodeExecution, ClaudeCodeSession
from sql.service_rows import CodeExecutionRow, CodeSessionRow


def to_code_session(row: CodeSessionRow) -> ClaudeCodeSession:
    return ClaudeCodeSession(
        id=strawberry.ID(str(row.id)),
        session_id=row.session_id,
        status=row.status,
        started_at=row.started_at,
        completed_at=row.completed_at,
        total_duration_seconds=row.total_duration_seconds,
        error_message=row.error_message,
        error_key=row.error_key,
        error_params=to_json(row.error_params),
    )


def to_execution(row: CodeExecutionRow) -> ClaudeCodeExecution:
    return ClaudeCodeExecution(
        execution_order=row.execution_order,
        tool_name=row.tool_name,
        input=to_json(row.input),
        output=to_json(row.output),
        success=row.success,
        error_message=row.error_message,
        error_key=row.error_key,
        error_params=to_json(row.error_params),
        executed_at=row.executed_at,
        duration_ms=row.duration_ms,
    )
