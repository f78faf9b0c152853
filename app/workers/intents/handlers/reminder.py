"""Intents of the type `reminder`."""

from app.models.ports import IntentKind
from app.workers.intents.handlers.protocol import CannotHandle, Handler, HandlerContext, Outcome
from sql.rows import IntentRow


class ReminderHandler(Handler):
    """Notifies the user. The bridge claims a reminder when it is due, so no work is left to do."""

    intent_type: IntentKind = "reminder"
    checked = False

    async def handle(self, intent: IntentRow, context: HandlerContext) -> Outcome:
        if intent.due_at is None:
            raise CannotHandle("No time was said to remind you at; set `dueAt` and try it again.")
        return Outcome(intent.description, occasion="reminder")


handler = ReminderHandler()
