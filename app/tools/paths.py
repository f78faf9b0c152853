"""Paths of a repository that work concerns, and whether two of them can name the same file."""

import posixpath
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sql.errors import BadUserInput

PATHS = "paths"
"""The entry of an intent's metadata with the paths that the work concerns."""
MAX_PATHS = 50
MAX_CHARACTERS = 300
# Control characters, and those that break a line or turn its direction.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f\u2028-\u202e\u2066-\u2069]")
WILDCARD = re.compile(r"[*?\[\]{}]")


def checked_paths(value: Any) -> list[str]:
    """Files, folders and globs, relative to the repository, each once. Raises BadUserInput."""
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        raise BadUserInput("tool.argument_type", name=PATHS, expected="array", given=str(value)[:80])
    if len(value) > MAX_PATHS:
        raise BadUserInput("input.too_many", field=PATHS, given=len(value), maximum=MAX_PATHS)
    longest = max(map(len, value), default=0)
    if longest > MAX_CHARACTERS:
        raise BadUserInput("input.too_long", field=PATHS, given=longest, maximum=MAX_CHARACTERS)
    if unprintable := next(filter(UNPRINTABLE.search, value), None):
        raise BadUserInput("input.unprintable", field=PATHS, given=ascii(unprintable)[:80])
    normal = (posixpath.normpath(each.replace("\\", "/").strip()) for each in value if each.strip())
    return list(dict.fromkeys(normal))


def common_path(some: Sequence[str], others: Sequence[str]) -> str | None:
    """The first of `some` that can name the same file as one of the others."""
    return next((each for each in some if any(may_be_same(each, other) for other in others)), None)


def may_be_same(one: str, other: str) -> bool:
    """Whether the paths can name one file: the same, a folder of the other, or globs that do not exclude each other.

    Of a glob only the text before its first and after its last wildcard is compared, so the work is linear.
    """
    (head, tail, glob), (other_head, other_tail, other_glob) = _ends(one), _ends(other)
    if not glob and not other_glob:
        return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/") or "." in (one, other)
    if not glob:
        return (one.startswith(other_head) and one.endswith(other_tail)) or other_head.startswith(f"{one}/")
    if not other_glob:
        return may_be_same(other, one)
    return _fits(head, other_head, str.startswith) and _fits(tail, other_tail, str.endswith)


def _fits(one: str, other: str, test: Any) -> bool:
    return bool(test(one, other) or test(other, one))


@lru_cache(maxsize=4096)  # one path is compared with many
def _ends(path: str) -> tuple[str, str, bool]:
    """The text before the first and after the last wildcard, and whether there is one."""
    wildcards = list(WILDCARD.finditer(path))
    return (path[: wildcards[0].start()], path[wildcards[-1].end() :], True) if wildcards else (path, path, False)
