"""Counts the steps of a backtracking search, to see how they grow with the length of the text.

It interprets the parsed pattern in the order of CPython's engine: leftmost first, alternatives in order, greedy or
lazy. Steps do not depend on the speed of the machine.
"""

import re
import sys
from collections.abc import Callable
from typing import Any

Parsed = Any  # the parser of `re` is private and has no types
parser = sys.modules["re._parser"]
Continue = Callable[[int], bool]


def _first(ends: list[int]) -> Continue:
    """Store the end and accept it."""

    def accept(end: int) -> bool:
        ends.append(end)
        return True

    return accept


class _Search:
    def __init__(self, text: str) -> None:
        self.text = text
        self.steps = 0
        self.groups: dict[int, tuple[int, int]] = {}

    def sequence(self, nodes: Parsed, index: int, place: int, then: Continue) -> bool:
        """Match the nodes from `index` on at this place, then the rest of the pattern."""
        if index == len(nodes):
            return then(place)
        self.steps += 1
        name, value = str(nodes[index][0]), nodes[index][1]

        def rest(end: int) -> bool:
            return self.sequence(nodes, index + 1, end, then)

        if name in ("LITERAL", "NOT_LITERAL", "ANY", "IN", "CATEGORY"):
            return place < len(self.text) and _is_one(name, value, self.text[place]) and rest(place + 1)
        method: Callable[[str, Parsed, int, Continue], bool] = getattr(self, f"_{name.lower()}")
        return method(name, value, place, rest)

    def _branch(self, name: str, value: Parsed, place: int, then: Continue) -> bool:
        return any(self.sequence(branch, 0, place, then) for branch in value[1])

    def _subpattern(self, name: str, value: Parsed, place: int, then: Continue) -> bool:
        def close(end: int) -> bool:
            self.groups[value[0]] = (place, end)
            return then(end)

        return self.sequence(value[3], 0, place, close)

    def _atomic_group(self, name: str, value: Parsed, place: int, then: Continue) -> bool:
        end = self._end_of(value, place)
        return end is not None and then(end)

    def _end_of(self, nodes: Parsed, place: int) -> int | None:
        ends: list[int] = []
        return ends[0] if self.sequence(nodes, 0, place, _first(ends)) else None

    def _assert(self, name: str, value: Parsed, place: int, then: Continue) -> bool:
        return self._looks(value, place) and then(place)

    def _assert_not(self, name: str, value: Parsed, place: int, then: Continue) -> bool:
        return not self._looks(value, place) and then(place)

    def _looks(self, value: Parsed, place: int) -> bool:
        direction, nodes = value
        if direction > 0:
            return self._end_of(nodes, place) is not None
        start = place - nodes.getwidth()[0]
        return start >= 0 and self._end_of(nodes, start) == place

    def _groupref(self, name: str, value: Parsed, place: int, then: Continue) -> bool:
        start, end = self.groups.get(value, (0, 0))
        return self.text.startswith(self.text[start:end], place) and then(place + end - start)

    def _at(self, name: str, value: Parsed, place: int, then: Continue) -> bool:
        pattern = {"AT_BEGINNING": r"\A", "AT_BEGINNING_STRING": r"\A", "AT_END": "$", "AT_END_STRING": r"\Z",
                   "AT_BOUNDARY": r"\b", "AT_NON_BOUNDARY": r"\B"}[str(value)]  # fmt: skip
        return re.compile(pattern).match(self.text, place) is not None and then(place)

    def _max_repeat(self, name: str, value: Parsed, place: int, then: Continue) -> bool:
        least, most, nodes = value
        if len(nodes) == 1 and str(nodes[0][0]) in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
            return self._repeat_one(name, value, place, then)
        lazy = name == "MIN_REPEAT"

        def again(count: int, at: int) -> bool:
            def more(end: int) -> bool:
                return end > at and again(count + 1, end)

            if lazy and count >= least and then(at):
                return True
            if count < most and self.sequence(nodes, 0, at, more):
                return True
            return not lazy and count >= least and then(at)

        return again(0, place)

    _min_repeat = _max_repeat

    def _possessive_repeat(self, name: str, value: Parsed, place: int, then: Continue) -> bool:
        ends: list[int] = []
        return self._max_repeat(name, value, place, _first(ends)) and then(ends[0])

    def _repeat_one(self, name: str, value: Parsed, place: int, then: Continue) -> bool:
        least, most, nodes = value
        kind, one = str(nodes[0][0]), nodes[0][1]
        end, last = place, min(len(self.text), place + int(most))
        while end < last and _is_one(kind, one, self.text[end]):
            end += 1
        ends = range(place + least, end + 1)
        self.steps += end - place
        return any(then(each) for each in (ends if name == "MIN_REPEAT" else reversed(ends)))


def _is_one(name: str, value: Parsed, character: str) -> bool:
    if name == "ANY":
        return character != "\n"
    if name in ("LITERAL", "NOT_LITERAL"):
        return (character.lower() == chr(value).lower()) is (name == "LITERAL")
    if name == "CATEGORY":
        pattern = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w", "NOT_DIGIT": r"\D", "NOT_SPACE": r"\S",
                   "NOT_WORD": r"\W"}[str(value).removeprefix("CATEGORY_")]  # fmt: skip
        return re.match(pattern, character) is not None
    negated = bool(value) and str(value[0][0]) == "NEGATE"
    found = any(
        value_[0] <= ord(character) <= value_[1] if str(kind) == "RANGE" else _is_one(str(kind), value_, character)
        for kind, value_ in value[negated:]
    )
    return found is not negated


def count_steps(pattern: re.Pattern[str], text: str) -> int:
    """The steps of `pattern.search(text)`."""
    search = _Search(text)
    nodes = parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)
    for start in range(len(text) + 1):
        search.steps += 1
        if search.sequence(nodes, 0, start, lambda end: True):
            break
    return search.steps
