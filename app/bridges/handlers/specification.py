"""Specifications."""

from app.assistant.ports import IntentKind
from app.bridges.handlers.protocol import Desk, Outcome, write_with_assistant
from sql.rows import IntentRow


class SpecificationHandler:
    """Drafts a specification."""

    intent_type: IntentKind = "specification"
    checked = True

    async def handle(self, intent: IntentRow, desk: Desk) -> Outcome:
        return await write_with_assistant(intent, desk, "specification")


handler = SpecificationHandler()
