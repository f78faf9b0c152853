"""Running code."""

from app.assistant.ports import IntentKind
from app.bridges.handlers.protocol import CannotDo, Desk, Outcome
from sql.rows import IntentRow


class CodeExecutionHandler:
    """Refuses: nothing here may run code, and an intent that cannot be done says so."""

    intent_type: IntentKind = "code_execution"
    checked = True

    async def handle(self, intent: IntentRow, desk: Desk) -> Outcome:
        raise CannotDo(
            "Code execution is not enabled in this installation. Run it yourself, or ask for a plan as a TASK."
        )


handler = CodeExecutionHandler()
