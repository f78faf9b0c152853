"""The handlers, one module per intent type."""

from importlib import import_module
from pkgutil import iter_modules

from app.models.ports import IntentKind
from app.workers.intents.handlers.protocol import Handler


def load_handlers() -> dict[IntentKind, Handler]:
    """Each module's `handler` by its intent type. Raises ValueError when two handlers have the same type."""
    handlers: dict[IntentKind, Handler] = {}
    for module in iter_modules(__path__):
        handler: Handler | None = getattr(import_module(f"{__name__}.{module.name}"), "handler", None)
        if handler is None:
            continue
        if handler.intent_type in handlers:
            raise ValueError(f"two handlers have the type {handler.intent_type}")
        handlers[handler.intent_type] = handler
    return handlers
