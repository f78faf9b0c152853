"""Questions."""

from app.models.ports import IntentKind
from app.workers.intents.handlers.protocol import Handler, HandlerContext, Outcome, write_with_assistant
from sql.rows import IntentRow


class QuestionHandler(Handler):
    """Answers with what is known and what memory holds."""

    intent_type: IntentKind = "question"

    async def handle(self, intent: IntentRow, desk: HandlerContext) -> Outcome:
        return await write_with_assistant(intent, desk, "question")


handler = QuestionHandler()
