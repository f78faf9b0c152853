"""The project of a record that a tool makes."""

from uuid import UUID

from app.tools.arguments import id_in
from app.tools.tool import Arguments, ToolContext
from sql.repositories.projects import NO_PROJECT


def project_in(context: ToolContext, arguments: Arguments) -> UUID | None:
    """The project that is named; None for that of the conversation, else that of the caller."""
    if arguments.get("projectId") is not None:
        return id_in(arguments, "projectId", NO_PROJECT)
    # The conversation may have been moved since the caller read it.
    return None if context.conversation_id is not None else context.project_id
