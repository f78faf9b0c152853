"""Reminders."""

from app.models.ports import IntentKind
from app.workers.intents.handlers.protocol import CannotDo, Handler, HandlerContext, Outcome
from sql.rows import IntentRow


class ReminderHandler(Handler):
    """The notification is the reminder. The bridge takes an intent up when it is due, so this is the moment."""

    intent_type: IntentKind = "reminder"
    checked = False

    async def handle(self, intent: IntentRow, desk: HandlerContext) -> Outcome:
        if intent.due_at is None:
            raise CannotDo("No time was said to remind you at; set `dueAt` and try it again.")
        return Outcome(intent.description, occasion="reminder")


handler = ReminderHandler()
