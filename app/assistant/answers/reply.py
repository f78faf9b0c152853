"""Writes the reply of the assistant without a model: what was done, the answers, and related records."""

from collections.abc import Sequence
from datetime import datetime

from app.assistant.answers.confirmations import Done, confirm
from app.assistant.answers.facts import answer_from_record
from app.assistant.answers.lists import answer_list
from app.assistant.answers.phrases import kind_name, listed, phrase, spoken_time
from app.assistant.record import Record
from app.assistant.rules.message import MessageReading
from app.assistant.rules.questions import Question
from app.language.catalogue import Language
from app.models.ports import Recollection

CITED = 5


def unanswered(reading: MessageReading, record: Record, now: datetime, language: Language) -> bool:
    """Whether a question of the message has no answer in the record."""
    return any(_answer(question, record, now, language) is None for question in reading.questions)


def write_reply(
    reading: MessageReading,
    record: Record,
    done: Sequence[Done],
    recollections: Sequence[Recollection],
    now: datetime,
    language: Language,
    about_files: Sequence[str] = (),
) -> str:
    """The reply as plain text, in paragraphs; `about_files` answers what the record does not.

    The note that no model is configured ends the first reply only.
    """
    parts = [confirm(each, now, language) for each in done]
    open_question = unanswered(reading, record, now, language)
    for question in reading.questions:
        answer = _answer(question, record, now, language)
        parts += [answer] if answer and answer not in parts else []
    if reading.small_talk and (not parts or reading.small_talk == "undo") and not open_question:
        parts.insert(0, phrase(reading.small_talk, language))
    if reading.unmatched:
        parts.append(phrase("no_such_record", language))
    if about_files and (open_question or not parts):
        parts += about_files
    elif open_question or not parts:
        parts.append(_related(reading, recollections, now, language))
    if not any(turn.role == "assistant" for turn in record.turns):
        parts.append(phrase("no_model", language))
    return "\n\n".join(parts)


def _answer(question: Question, record: Record, now: datetime, language: Language) -> str | None:
    if question.kind != "record":
        return answer_list(question, record, now, language)
    return answer_from_record(question, record, now, language)


def _related(reading: MessageReading, found: Sequence[Recollection], now: datetime, language: Language) -> str:
    """The best records about a question; a statement that led to nothing is acknowledged."""
    if not reading.questions:
        return phrase("already" if reading.recorded else "noted", language)
    best = sorted(found, key=lambda each: -each.score)[:CITED]
    if not best:
        return phrase("nothing_found", language)
    lines = [
        phrase(
            "citation", language,
            time=spoken_time(each.recorded_at, now, language), kind=kind_name(each.kind, language),
            what=_one_line(each.text),
        )
        for each in best
    ]  # fmt: skip
    return listed(phrase("related", language), lines)


def _one_line(text: str) -> str:
    """What is recorded, without the line before it that tells the status of a decision; a list shows first lines."""
    first, _, rest = text.partition("\n")
    return f"{first} {rest.strip()}" if first.rstrip().endswith((":", "：")) and rest.strip() else text
