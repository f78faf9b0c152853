"""Reads the TOML files of word lists, which lie next to the modules that use them."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def read_data(module: str, name: str) -> dict[str, Any]:
    """The content of the file `name` in the directory of the module whose `__file__` is given."""
    return tomllib.loads(Path(module).with_name(name).read_text("utf-8"))


def any_of(alternatives: Iterable[str]) -> str:
    """A regular expression group that matches one of the alternatives, tried in their order."""
    return f"(?:{'|'.join(alternatives)})"
