"""How the matches of a pattern may begin, so that a text is searched only for the patterns that can be in it."""

import re
from collections.abc import Iterable
from re import _constants as codes
from re import _parser as parser
from typing import Any

LENGTH = 2
ANYTHING = frozenset({""})
START = re.compile(r"(?<![A-Za-z0-9_])\S")


def beginnings_of(pattern: str) -> frozenset[str]:
    """The first characters of all matches in lower case, at most two of each; "" when a match may begin with any."""
    return _of_items(list(parser.parse(pattern, re.IGNORECASE)), LENGTH)


def starts_of(text: str) -> frozenset[str]:
    """What the words of a text begin with, in the form of `beginnings_of`."""
    plain = text.lower()
    places = [match.start() for match in START.finditer(text)] if len(plain) == len(text) else range(len(plain))
    return frozenset({"", *(plain[place : place + size] for place in places for size in range(1, LENGTH + 1))})


def _of_items(items: list[Any], length: int) -> frozenset[str]:
    if not items or length <= 0:
        return ANYTHING
    (code, argument), rest = items[0], items[1:]
    if code in (codes.ASSERT, codes.ASSERT_NOT, codes.AT):
        return _of_items(rest, length)
    if code is codes.LITERAL:
        return _joined([chr(argument).lower()], rest, length)
    if code is codes.SUBPATTERN:
        return _of_items([*argument[-1], *rest], length)
    if code is codes.BRANCH:
        return frozenset().union(*(_of_items([*branch, *rest], length) for branch in argument[1]))
    if code is codes.IN and all(each[0] is codes.LITERAL for each in argument):
        return _joined([chr(each[1]).lower() for each in argument], rest, length)
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
        least, _, repeated = argument
        some = _of_items([*repeated, *rest], length)
        return some if least else some | _of_items(rest, length)
    return ANYTHING


def _joined(first: Iterable[str], rest: list[Any], length: int) -> frozenset[str]:
    return frozenset(one + more for one in first for more in _of_items(rest, length - 1))
