"""Intents of the type `reminder`."""

from app.workers.intents.handlers.base import CannotHandle, Handler, HandlerContext, Outcome
from sql.rows import IntentRow
from sql.sentences import Sentence, sentence


class ReminderHandler(Handler):
    """Notifies the user. The bridge claims a reminder when it is due, so no work is left to do."""

    def missing(self, intent: IntentRow) -> Sentence | None:
        """The time, when the text says none that can be read."""
        if intent.due_at is not None:
            return None
        said = intent.classification or {}
        params = said.get("params") or {}
        if said.get("key") == "reason.with_unread_time":
            return sentence("intent.reminder_time_unread", words=params.get("words", ""))
        if said.get("key") == "reason.with_past_time":
            return sentence("intent.reminder_time_past", time=params.get("time", ""))
        return sentence("intent.reminder_time_missing")

    async def handle(self, intent: IntentRow, context: HandlerContext) -> Outcome:
        if intent.due_at is None:
            raise CannotHandle("intent.reminder_time_missing")
        return Outcome(intent.description)


HANDLER = ReminderHandler
