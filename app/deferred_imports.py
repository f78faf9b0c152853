"""Imports of what many installations do not use, or not for hours: at the first use, in a thread.

The rules that read messages take 8 MB and up to half a second to import.
"""

import asyncio
from importlib import import_module
from types import ModuleType
from typing import Any

_imported: dict[str, ModuleType] = {}


async def imported(name: str) -> Any:
    """The module of this name. Raises ImportError."""
    if name not in _imported:
        _imported[name] = await asyncio.to_thread(import_module, name)
    return _imported[name]
