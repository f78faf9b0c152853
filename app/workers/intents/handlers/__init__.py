"""One module a type of intent; a new handler is one new file here."""

from importlib import import_module
from pkgutil import iter_modules

from app.models.ports import IntentKind
from app.workers.intents.handlers.protocol import Handler


def load_handlers() -> dict[IntentKind, Handler]:
    """Every handler of this package by the type it handles. Raises ValueError when two claim the same type."""
    handlers: dict[IntentKind, Handler] = {}
    for module in iter_modules(__path__):
        handler: Handler | None = getattr(import_module(f"{__name__}.{module.name}"), "handler", None)
        if handler is None:
            continue
        if handler.intent_type in handlers:
            raise ValueError(f"two handlers claim {handler.intent_type}")
        handlers[handler.intent_type] = handler
    return handlers
