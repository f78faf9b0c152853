"""Intents of the type `reminder`."""

from app.workers.intents.handlers.base import CannotHandle, Handler, HandlerContext, Outcome
from sql.rows import IntentRow


class ReminderHandler(Handler):
    """Notifies the user. The bridge claims a reminder when it is due, so no work is left to do."""

    async def handle(self, intent: IntentRow, context: HandlerContext) -> Outcome:
        if intent.due_at is None:
            raise CannotHandle("intent.reminder_time_missing")
        return Outcome(intent.description)


HANDLER = ReminderHandler
