"""The handlers of the intent types that need code of their own; all others are written by the assistant."""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec

from app.intent_types import INTENT_TYPES, IntentType
from app.workers.intents.handlers.base import Handler


def load_handlers(
    types: Mapping[str, IntentType] = INTENT_TYPES, packages: tuple[str, ...] = (__name__,)
) -> dict[str, Handler]:
    """A handler for each type: the `HANDLER` class of the module named like the type, else the base class."""
    return {name: _handler_class(name, packages)(intent_type) for name, intent_type in types.items()}


def _handler_class(name: str, packages: tuple[str, ...]) -> type[Handler]:
    for package in packages:
        if find_spec(f"{package}.{name}") is not None:
            handler: type[Handler] = import_module(f"{package}.{name}").HANDLER
            return handler
    return Handler
