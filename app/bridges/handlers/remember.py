"""Things to remember."""

import re

from app.assistant.language import is_japanese
from app.assistant.ports import IntentKind
from app.bridges.handlers.protocol import Desk, Outcome
from sql.rows import IntentRow

ASKING = re.compile(
    r"^(?:please )?(?:remember|memori[sz]e|keep in mind|bear in mind|note)(?: down)?(?: that|:|,)?\s+|"
    r"(?:(?:という)?こと)?(?:を|は|だと|と)?(?:覚えて|記憶して|メモして)(?:おいて)?(?:ください|下さい|くれ|ね|よ)?[。.!！]*$",
    re.IGNORECASE,
)


class RememberHandler:
    """Keeps a statement: an intent is a record of the user's own words, and recall finds it from now on."""

    intent_type: IntentKind = "remember"

    async def handle(self, intent: IntentRow, desk: Desk) -> Outcome:
        statement = ASKING.sub("", intent.description).strip() or intent.description
        kept = "覚えました" if is_japanese(intent.description) else "Remembered"
        return Outcome(f"{kept}: {statement}")


handler = RememberHandler()
