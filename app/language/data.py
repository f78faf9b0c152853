"""Reads the TOML files of word lists, which lie next to the modules that use them."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast


def read_data(module: str, name: str) -> dict[str, Any]:
    """The content of the file `name` in the directory of the module whose `__file__` is given."""
    return tomllib.loads(Path(module).with_name(name).read_text("utf-8"))


def any_of(alternatives: Iterable[str]) -> str:
    """A regular expression group that matches one of the alternatives, tried in their order."""
    return f"(?:{'|'.join(alternatives)})"


class _LazyPattern:
    """A regular expression that is compiled when it is first used: most texts need few of the hundreds."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self._pattern)
        # Found in the instance the next time, without a call of this method.
        self.__dict__ |= {each: getattr(compiled, each) for each in ("search", "match", "fullmatch", "sub", "finditer")}
        return getattr(compiled, name)


def lazy_pattern(pattern: str) -> re.Pattern[str]:
    """The pattern, compiled with its first use, which raises re.error when it is wrong."""
    return cast(re.Pattern[str], _LazyPattern(pattern))
