"""The registry of tools. Each module of this package declares a tool as `TOOL`, with all that belongs to it."""

import pkgutil
from collections.abc import Mapping
from importlib import import_module

from app.tools.tool import Tool


def load_tools() -> dict[str, Tool]:
    """The tools of this package, by name. Raises ValueError for a tool whose name is not that of its module."""
    tools = {}
    for module in pkgutil.iter_modules(__path__):
        tool: Tool = import_module(f"{__name__}.{module.name}").TOOL
        if tool.name != module.name:
            raise ValueError(f"the module {module.name} declares a tool with the name {tool.name}")
        if tool.writes and tool.summary is None:
            raise ValueError(f"{tool.name} writes, so it needs a summary")
        tools[tool.name] = tool
    return tools


TOOLS: Mapping[str, Tool] = load_tools()
"""The tools of this installation."""
