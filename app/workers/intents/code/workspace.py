"""The one directory that code execution may touch."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

# The inputs of the offered tools that name files, and those that are patterns over file names.
PATHS = ("file_path", "notebook_path", "path")
PATTERNS = ("pattern", "glob")
TOOLS_WITH_PATTERNS = ("Glob",)


class OutsideWorkspace(Exception):
    """A tool wants something outside of the workspace; the message is for the model, which may do otherwise."""


def check_call(workspace: Path, tools: frozenset[str], tool: str, given: Mapping[str, Any]) -> None:
    """Raise OutsideWorkspace unless the tool is one of those offered and every path it names is in the workspace."""
    if tool not in tools:
        raise OutsideWorkspace(f"The tool {tool} is not offered here; use one of {', '.join(sorted(tools))}.")
    named = [given[name] for name in PATHS if name in given]
    if tool in TOOLS_WITH_PATTERNS:
        named += [given[name] for name in PATTERNS if name in given]
    for value in named:
        if not isinstance(value, str) or not is_inside(workspace, value):
            raise OutsideWorkspace(f"{value!r} is outside of the workspace {workspace}; stay inside of it.")


def is_inside(workspace: Path, named: str) -> bool:
    """Whether the path, relative ones from the workspace on, leads into it when all links are followed."""
    if "\x00" in named or named.startswith("~"):
        return False
    root = workspace.resolve()
    # A pattern is judged by what stands before its first wildcard, and must not climb behind it.
    fixed = named
    for place, character in enumerate(named):
        if character in "*?[{":
            fixed = named[:place]
            break
    if ".." in Path(named).parts and fixed != named:
        return False
    return (root / fixed).resolve().is_relative_to(root)
