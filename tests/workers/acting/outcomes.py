"""Compares the outcome of a message of tests/data/day.json with what it should be; see `about` in that file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from app.assistant.rules.terms import containment, terms_of
from app.language.topics import topic_key

ZONE = ZoneInfo("Asia/Tokyo")
# The day is Tuesday 1 December 2026; it starts at 09:00.
TIMES = {
    "Friday of next week": "2026-12-11T23:59",
    "tomorrow 09:00": "2026-12-02T09:00",
    "+2 days 15:00": "2026-12-03T15:00",
    "+30 minutes": "2026-12-01T09:30",
    "next Monday 10:00": "2026-12-07T10:00",
}
COLUMNS = {"kind": "kind", "intentType": "intent_type", "recurrence": "recurrence"}
ANYWHERE = ("title", "text", "content", "value", "chosen")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One action: its call, its status, and the record that it concerns as it is now. `held_by`: decisions."""

    tool: str
    status: str
    subject_id: UUID | None
    subject: Mapping[str, Any]
    held_by: Sequence[UUID] = ()


@dataclass(slots=True)
class Day:
    """The subjects of the actions so far, by the number of their message."""

    subjects: dict[int, list[UUID]] = field(default_factory=dict)

    def missing(self, expected: Mapping[str, Any], found: Sequence[Outcome], reply: str) -> list[str]:
        """What is expected of a message and not there, and what is there and not expected."""
        left, problems = list(found), []
        for wanted in expected["actions"]:
            fitting = next((each for each in left if self._fits(wanted, each, expected.get("note", ""))), None)
            if fitting is None:
                problems.append(f"no {wanted}")
            else:
                left.remove(fitting)
        problems += [f"unexpected {each.status} {each.tool} {each.subject}" for each in left]
        if "answer" in expected and not any(each in reply for each in expected["answer"]):
            problems.append(f"the reply is {reply!r}")
        problems += [f"no {each} in the reply" for each in expected.get("answerAll", ()) if each not in reply]
        return problems

    def _fits(self, wanted: Mapping[str, Any], found: Outcome, note: str) -> bool:
        revises = "revises" in wanted and found.tool == "write_specification" and found.tool in note
        if found.status != "done" or (found.tool != wanted["tool"] and not revises):
            return False
        rest = {name: value for name, value in wanted.items() if name != "tool"}
        if revises:
            return found.subject["version"] > 1 and self._names(found, rest.pop("revises"))
        return all(self._has(name, value, found) for name, value in rest.items())

    def _names(self, found: Outcome, message: int) -> bool:
        """Whether the record is the one that the message asked for."""
        return found.subject_id in self.subjects[message]

    def _has(self, name: str, value: Any, found: Outcome) -> bool:
        subject = found.subject
        match name:
            case "of":
                return self._names(found, value)
            case "supersedes":
                return bool(set(subject["superseded"]) & set(self.subjects[value]))
            case "held":
                return subject["status"] == "awaiting_confirmation" and bool(
                    set(found.held_by) & set(self.subjects[value])
                )
            case "topic":
                return _same_topic(value, subject["topic"])
            case "rejected":
                return set(value) <= set(subject["labels"])
            case "due":
                due: datetime = subject["due_at"]
                return due.astimezone(ZONE).isoformat()[:16] == TIMES[value]
        if name in COLUMNS:
            return str(subject[COLUMNS[name]]).casefold() == str(value).casefold()
        if name not in ANYWHERE:
            raise AssertionError(f"the expectation {name} is unknown")
        return str(value) in orjson.dumps(dict(subject), default=str).decode()


def _same_topic(wanted: str, given: str) -> bool:
    return topic_key(wanted) == topic_key(given) or containment(terms_of(wanted), terms_of(given)) == 1
