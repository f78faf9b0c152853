"""What a turn of a dialogue is expected to lead to, and whether it did.

A turn is a list: the message, then expectations. `none`: no action. `answer X`: the reply contains X. `held`: what was
made waits for the user because of an earlier decision. Otherwise one action: `[propose ]tool name=value ...`, with
alternatives separated by `|`. The names: kind, type, topic, chosen, rejected, value, content, due (local time),
recurrence, text (anywhere in the arguments), of and supersedes (the number of the turn whose record is meant).
"""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.assistant.rules.terms import containment, terms_of
from app.language.quantities import same_quantity
from app.language.topics import topic_key
from sql.rows import ActionRow

ZONE = ZoneInfo("Asia/Tokyo")


@dataclass(frozen=True, slots=True)
class Expected:
    """One action; None for `tool` means that none is expected."""

    tool: str | None
    proposed: bool
    wanted: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """right: all that was expected and no more. wrong: something else was done. missed: something was not done."""

    name: str
    detail: str = ""


def parse(text: str) -> list[Expected]:
    """The alternatives of one expectation."""
    return [_parse(each) for each in text.split("|")]


def _parse(text: str) -> Expected:
    words = shlex.split(text)
    proposed = words[0] == "propose"
    if proposed:
        words = words[1:]
    wanted = dict(word.split("=", 1) for word in words[1:])
    return Expected(None if words[0] == "none" else words[0], proposed, wanted)


def judge(
    expectations: Sequence[str],
    actions: Sequence[ActionRow],
    reply: str,
    subjects: Mapping[int, Sequence[UUID]],
    *,
    held: bool = False,
) -> Verdict:
    """`subjects`: the records that the actions of each earlier turn concern."""
    answers = [text.removeprefix("answer ").strip("'") for text in expectations if text.startswith("answer ")]
    if ("held" in expectations) != held:
        return Verdict("missed" if "held" in expectations else "wrong", f"held: {held}")
    left = list(actions)
    for text in (each for each in expectations if each != "held" and not each.startswith("answer ")):
        alternatives = parse(text)
        found = next((row for row in left for each in alternatives if fits(each, row, subjects)), None)
        if found is not None:
            left.remove(found)
        elif all(each.tool is not None for each in alternatives):
            return Verdict("wrong" if _acted(left) else "missed", f"expected {text}, got {_shown(left)}")
    if left:
        return Verdict("wrong" if _acted(left) else "missed", f"unexpected {_shown(left)}")
    absent = [answer for answer in answers if answer.casefold() not in reply.casefold()]
    return Verdict("missed", f"no {absent} in the reply {reply!r}") if absent else Verdict("right")


def _acted(rows: Sequence[ActionRow]) -> bool:
    return any(row.status == "done" for row in rows)


def _shown(rows: Sequence[ActionRow]) -> str:
    return (
        "; ".join(
            f"{row.status} {row.tool} {json.dumps(row.arguments, ensure_ascii=False)} {row.reason or ''}"
            for row in rows
        )
        or "nothing"
    )


def fits(expected: Expected, row: ActionRow, subjects: Mapping[int, Sequence[UUID]]) -> bool:
    status = "proposed" if expected.proposed else "done"
    if expected.tool != row.tool or row.status != status:
        return False
    return all(_has(name, value, row, subjects) for name, value in expected.wanted.items())


def _has(name: str, value: str, row: ActionRow, subjects: Mapping[int, Sequence[UUID]]) -> bool:
    given: Mapping[str, Any] = row.arguments
    match name:
        case "of":
            return str(given.get("id")) in map(str, subjects[int(value)])
        case "supersedes":
            return bool(set(given.get("supersedes", ())) & set(map(str, subjects[int(value)])))
        case "kind" | "recurrence":
            return given.get(name) == value
        case "type":
            return given.get("intentType") == value
        case "topic":
            return _same_topic(value, str(given.get("topic") or ""))
        case "value":
            said = str(given.get("value") or "")
            return value.casefold() in said.casefold() or same_quantity(value, said)
        case "rejected":
            return value in [each["label"] for each in given.get("options", ())]
        case "due":
            due = given.get("dueAt")
            return due is not None and datetime.fromisoformat(due).astimezone(ZONE).isoformat()[:16] == value
        case "text":
            return value.casefold() in json.dumps(given, ensure_ascii=False).casefold()
    return value.casefold() in str(given.get(name) or "").casefold()


def _same_topic(wanted: str, given: str) -> bool:
    if topic_key(wanted) == topic_key(given):
        return True
    return containment(terms_of(wanted), terms_of(given)) >= 0.99
