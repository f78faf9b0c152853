"""Intents of the type `question`."""

from app.models.ports import IntentKind
from app.workers.intents.handlers.protocol import Handler, HandlerContext, Outcome, write_with_assistant
from sql.rows import IntentRow


class QuestionHandler(Handler):
    """Answers the question with the assistant."""

    intent_type: IntentKind = "question"

    async def handle(self, intent: IntentRow, context: HandlerContext) -> Outcome:
        return await write_with_assistant(intent, context, "question")


handler = QuestionHandler()
