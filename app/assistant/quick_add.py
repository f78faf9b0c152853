"""Reads a work item that is typed in one line: "call the bank tomorrow 3pm #finance !high"."""

import re
import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

from app.assistant.rules.request_texts import CONTENT, trim
from app.assistant.rules.sentence import PREPOSITION, moment, unread, zone_name
from app.language.data import read_data
from app.language.text import is_japanese
from app.language.times.reading import Reading, Recurrence, Time, only_one, read_time
from resolvers.ports import TypedTask

DATA = read_data(__file__, "quick_add.toml")
PRIORITIES: dict[str, int] = DATA["priorities"]
ASSIGNEES: dict[str, str] = DATA["assignees"]
MOST_LABELS = 10
READ_CHARACTERS = 300  # a time further on is not read
# A mark begins a word: "C#", "a@b.example" and "done!" have none. A number alone is not a label: "#12" names a ticket.
MARK = re.compile(r"(?:(?<=\s)|^|(?<=[^\x00-\x7f]))(?P<mark>[#＃!！@＠])(?P<word>\w[\w/.-]{0,48}\w|\w)(?=\s|$)")
PARTICLES = re.compile(r"(?:まで(?:に)?|頃(?:に)?|ごろ(?:に)?|から|中に|に|は|の)?[、,]?")
REMINDER_STARTS = ("reminder_english", "reminder_japanese")


def read_typed_task(text: str, now: datetime, timezone: str) -> TypedTask:
    """The work item that the line describes. `now` is aware; `timezone` is an IANA name.

    The description is the line without what was understood. A day without an hour ends at 23:59.
    """
    here = now.astimezone(ZoneInfo(timezone))
    labels, priority, assignee, rest = _marks(text.strip())
    content = _reminder(rest)
    reading = only_one(read_time(rest[:READ_CHARACTERS], here, zone_name(here), deadline=content is None), rest)
    due_at = reading.at if isinstance(reading, Time) else moment(reading)
    plain = rest if due_at is None or reading is None else _without(rest, reading)
    reminds = content is not None and due_at is not None
    description = (_reminder(plain) or plain) if reminds else plain
    return TypedTask(
        description=trim(description) or rest or text.strip(),
        undated=rest or text.strip(),
        due_at=due_at,
        past=isinstance(reading, Time) and reading.past,
        recurrence=reading.rule if isinstance(reading, Recurrence) else None,
        labels=labels,
        priority=priority,
        assignee=assignee,
        reminder=reminds,
        unread=unread(reading),
    )


def _marks(text: str) -> tuple[list[str], int | None, str | None, str]:
    """The labels, the priority, the assignee, and the text without their marks."""
    labels = list[str]()
    priority: int | None = None
    assignee: str | None = None
    pieces = list[str]()
    end = 0
    for match in MARK.finditer(text):
        mark, word = unicodedata.normalize("NFKC", match["mark"]), unicodedata.normalize("NFKC", match["word"])
        if mark == "#" and not word.isdecimal() and len(labels) < MOST_LABELS:
            labels += [word] if word not in labels else []
        elif mark == "!" and (given := _priority(word)) is not None:
            priority = given
        elif mark == "@" and (given_assignee := ASSIGNEES.get(word.casefold())) is not None:
            assignee = given_assignee
        else:
            continue
        pieces.append(text[end : match.start()])
        end = match.end()
    return labels, priority, assignee, re.sub(r"\s{2,}", " ", "".join([*pieces, text[end:]])).strip()


def _priority(word: str) -> int | None:
    if word.isdecimal():
        return int(word) if len(word) <= 2 and int(word) <= 10 else None
    return PRIORITIES.get(word.casefold())


def _reminder(text: str) -> str | None:
    """What a request for a reminder is about; None for another text."""
    if len(text) > READ_CHARACTERS:
        return None
    name = REMINDER_STARTS[is_japanese(text)]
    for pattern in CONTENT[name]:
        if match := pattern.fullmatch(text):
            return str(match["what"])
    return None


def _without(text: str, reading: Reading) -> str:
    """The text without the words of the time and the particles that belong to them."""
    for start, end in sorted(reading.spans, reverse=True):
        after = text[end:]
        particles = PARTICLES.match(after) if is_japanese(text) else None
        text = PREPOSITION.sub("", text[:start]) + after[particles.end() if particles else 0 :]
    return re.sub(r"\s{2,}", " ", text).strip()
