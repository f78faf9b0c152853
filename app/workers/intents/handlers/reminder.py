"""Intents of the type `reminder`."""

from app.workers.intents.handlers.base import CannotHandle, Handler, HandlerContext, Outcome
from sql.rows import IntentRow


class ReminderHandler(Handler):
    """Notifies the user. The bridge claims a reminder when it is due, so no work is left to do."""

    async def handle(self, intent: IntentRow, context: HandlerContext) -> Outcome:
        if intent.due_at is None:
            raise CannotHandle("No time was said to remind you at; set `dueAt` and try it again.")
        return Outcome(intent.description)


HANDLER = ReminderHandler
