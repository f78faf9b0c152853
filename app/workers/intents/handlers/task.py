"""Tasks."""

from app.models.ports import IntentKind
from app.workers.intents.handlers.protocol import Handler, HandlerContext, Outcome, write_with_assistant
from sql.rows import IntentRow


class TaskHandler(Handler):
    """Works a task out: a plan, then the result document."""

    intent_type: IntentKind = "task"

    async def handle(self, intent: IntentRow, desk: HandlerContext) -> Outcome:
        return await write_with_assistant(intent, desk, "task")


handler = TaskHandler()
