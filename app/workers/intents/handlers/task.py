"""Intents of the type `task`."""

from app.models.ports import IntentKind
from app.workers.intents.handlers.protocol import Handler, HandlerContext, Outcome, write_with_assistant
from sql.rows import IntentRow


class TaskHandler(Handler):
    """Writes a plan and the result document with the assistant."""

    intent_type: IntentKind = "task"

    async def handle(self, intent: IntentRow, context: HandlerContext) -> Outcome:
        return await write_with_assistant(intent, context, "task")


handler = TaskHandler()
