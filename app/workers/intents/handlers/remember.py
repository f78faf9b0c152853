"""Things to remember."""

import re

from app.language.detection import is_japanese
from app.models.ports import IntentKind
from app.workers.intents.handlers.protocol import Handler, HandlerContext, Outcome
from sql.rows import IntentRow

ASKING = re.compile(
    r"^(?:(?:覚えて|記憶して|メモして)(?:おいて)?(?:ください|下さい|くれ|ね|よ)?[:：、。,]\s*)|"
    r"^(?:please )?(?:remember|memori[sz]e|keep in mind|bear in mind|note)(?: down)?(?: that|:|,)?\s+|"
    r"(?:(?:という)?こと)?(?:を|は|だと|と)?(?:覚えて|記憶して|メモして)(?:おいて)?(?:ください|下さい|くれ|ね|よ)?[。.!！]*$",
    re.IGNORECASE,
)


class RememberHandler(Handler):
    """Keeps a statement: a memory is made of what the intent's metadata then says is to be remembered."""

    intent_type: IntentKind = "remember"

    async def handle(self, intent: IntentRow, desk: HandlerContext) -> Outcome:
        statement = ASKING.sub("", intent.description).strip() or intent.description
        kept = "覚えました" if is_japanese(intent.description) else "Remembered"
        return Outcome(f"{kept}: {statement}", metadata={"remembered": statement})


handler = RememberHandler()
