"""Intents of the type `remember`."""

import re

from app.language.text import is_japanese
from app.workers.intents.handlers.base import CannotHandle, Handler, HandlerContext, Outcome
from sql.rows import IntentRow

REQUEST = re.compile(
    r"^(?:(?:覚えて|記憶して|メモして)(?:おいて)?(?:ください|下さい|くれ|ね|よ)?[:：、。,]\s*)|"
    r"^(?:please )?(?:remember|memori[sz]e|keep in mind|bear in mind|note)(?: down)?(?: that|:|,)?\s+|"
    r"(?:(?:という)?こと)?(?:を|は|だと|と)?(?:覚えて|記憶して|メモして)(?:おいて)?(?:ください|下さい|くれ|ね|よ)?[。.!！]*$",
    re.IGNORECASE,
)
PUNCTUATION = " 　。、.,!！?？:：…"


class RememberHandler(Handler):
    """Extracts the statement; memory extraction stores a memory of the `remembered` text in the intent's metadata."""

    async def handle(self, intent: IntentRow, context: HandlerContext) -> Outcome:
        statement = REQUEST.sub("", intent.description).strip()
        if not statement.strip(PUNCTUATION):
            raise CannotHandle("intent.nothing_to_remember")
        prefix = "覚えました" if is_japanese(intent.description) else "Remembered"
        return Outcome(f"{prefix}: {statement}", metadata={"remembered": statement})


HANDLER = RememberHandler
