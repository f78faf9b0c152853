"""Answers questions for lists of the record: open work, what is due, reminders, decisions, the day."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from app.assistant.answers.phrases import PHRASES, listed, period_name, phrase, spoken_time
from app.assistant.record import KnownDecision, KnownIntent, Record
from app.assistant.rules.questions import REPLACED, UNDECIDED, Question
from app.language.catalogue import Language
from sql.errors import BadUserInput
from sql.recurrence import next_occurrence

MOST = 20
TASKS = re.compile(r"\b(?:tasks?|to-?dos?)\b|タスク|ToDo|やること", re.IGNORECASE)
DECISION = re.compile(r"decision|adr|決定|決めた", re.IGNORECASE)
REMINDERS = re.compile(r"\breminders?\b|リマイン", re.IGNORECASE)
STATUS = {"finished": "completed", "cancelled": "cancelled"}
NEVER = datetime.max.replace(tzinfo=UTC)


def answer_list(question: Question, record: Record, now: datetime, language: Language) -> str:
    """The list that was asked for, or that it is empty."""
    match question.kind:
        case "tasks":
            return _tasks(question, record, now, language)
        case "overdue":
            return _overdue(record, now, language)
        case "memories":
            return _memories(record, language)
        case "added" | "finished" | "cancelled":
            return _of_period(question, record, now, language)
        case "reminders":
            return _reminders(question, record, now, language)
        case "due":
            return _due(question, record, now, language)
        case "decisions":
            return _decisions(question, record, now, language)
    return _day(question, record, now, language)


def _by_due(intents: Sequence[KnownIntent]) -> list[KnownIntent]:
    return sorted(intents, key=lambda each: each.due_at or NEVER)[:MOST]


def item(intent: KnownIntent, now: datetime, language: Language) -> str:
    """One line about an open item."""
    what = intent.description
    if intent.status == "awaiting_confirmation":
        what = phrase("on_hold", language, what=what)
    if intent.due_at is None:
        return phrase("with_due", language, what=what, time="").split("(due")[0].split("（期限")[0].strip()
    name = "at_time" if intent.intent_type == "reminder" else "with_due"
    return phrase(name, language, what=what, time=spoken_time(intent.due_at, now, language))


def _tasks(question: Question, record: Record, now: datetime, language: Language) -> str:
    """Open work; reminders too when everything that is open was asked for, and not the tasks."""
    if question.until is not None and not TASKS.search(question.text):
        return _due(question, record, now, language)  # "what's left for this week?"
    only_tasks = TASKS.search(question.text) is not None
    tasks = [each for each in record.open_intents if each.intent_type != "reminder" or not only_tasks]
    if not tasks:
        return phrase("no_tasks", language)
    lines = [item(each, now, language) for each in _by_due(tasks)]
    return listed(phrase("tasks", language, count=len(tasks)), lines)


def _overdue(record: Record, now: datetime, language: Language) -> str:
    late = [each for each in record.open_intents if each.due_at is not None and each.due_at <= now]
    if not late:
        return phrase("no_overdue", language)
    return listed(phrase("overdue", language, count=len(late)), [item(each, now, language) for each in _by_due(late)])


def _memories(record: Record, language: Language) -> str:
    if not record.memories:
        return phrase("no_memories", language)
    lines = [phrase("listed_memory", language, what=each.content) for each in record.memories[:MOST]]
    return listed(phrase("memories", language, count=len(record.memories)), lines)


def _of_period(question: Question, record: Record, now: datetime, language: Language) -> str:
    """What was added, completed or cancelled in the period; without one, all that the record has."""
    period = period_name(question.since, now, question.until, language)
    only_tasks, only_reminders = TASKS.search(question.text), REMINDERS.search(question.text)
    found = [
        each
        for each in record.intents
        if _in_period(each.created_at if question.kind == "added" else each.updated_at, question)
        and (question.kind == "added" or each.status == STATUS[question.kind])
        and not (only_tasks and not only_reminders and each.intent_type == "reminder")
        and not (only_reminders and not only_tasks and each.intent_type != "reminder")
    ]
    if not found:
        return phrase(f"no_{question.kind}", language, period=period)
    lines = [_with_status(each, now, language) for each in found[:MOST]]
    return listed(phrase(question.kind, language, count=len(found), period=period), lines)


def _with_status(intent: KnownIntent, now: datetime, language: Language) -> str:
    if intent.open:
        return item(intent, now, language)
    name = f"listed_{intent.status}"
    return phrase(name if name in PHRASES else "listed_memory", language, what=intent.description)


def _reminders(question: Question, record: Record, now: datetime, language: Language) -> str:
    """The reminders of the period; without one, all."""
    found = [
        each for each in record.open_intents if each.intent_type == "reminder" and _in_period(each.due_at, question)
    ]
    period = period_name(question.since, now, question.until, language)
    name = "reminders_of_period" if period else "reminders"
    if not found:
        return phrase(f"no_{name}", language, period=period)
    lines = [item(each, now, language) for each in _by_due(found)]
    return listed(phrase(name, language, count=len(found), period=period), lines)


def _due(question: Question, record: Record, now: datetime, language: Language) -> str:
    """Open items that are due in the period; without one, all that have a time. What is overdue counts for today."""
    period = period_name(question.since, now, question.until, language)
    timed = [each for each in record.open_intents if each.due_at is not None]
    if question.until is not None and question.since is not None:
        since = None if question.since <= now < question.until else question.since
        timed = [_next_from(each, question.since, now) for each in timed]
        timed = [
            each
            for each in timed
            if each.due_at and each.due_at < question.until and (not since or each.due_at >= since)
        ]
    dated = [each for each in record.accepted if each.kind == "value" and _date_in(each, question)]
    if not timed and not dated:
        return phrase("no_due", language, period=period)
    lines = [item(each, now, language) for each in _by_due(timed)] + [decision_line(each, language) for each in dated]
    name = "due" if period else "due_at_any_time"
    return listed(phrase(name, language, count=len(lines), period=period), lines)


def _next_from(intent: KnownIntent, since: datetime, now: datetime) -> KnownIntent:
    """A repeating item with its first time in the period, or after it."""
    if intent.recurrence is None or intent.due_at is None or intent.due_at >= since:
        return intent
    zone = now.tzinfo if isinstance(now.tzinfo, ZoneInfo) else ZoneInfo("UTC")
    try:
        following = next_occurrence(intent.recurrence, intent.due_at, zone, since - timedelta(seconds=1))
    except BadUserInput:  # a rule that only an imported file can contain
        return intent
    return intent if following is None else replace(intent, due_at=following[0])


def _date_in(decision: KnownDecision, question: Question) -> bool:
    """Whether the value of a decision is a date in the period, as that of a deadline is."""
    try:
        day = datetime.fromisoformat((decision.value or "")[:10]).date()
    except ValueError:
        return False
    if question.since is None or question.until is None:
        return False
    return question.since.date() <= day < question.until.date()


def decision_line(decision: KnownDecision, language: Language) -> str:
    result = decision.chosen or decision.value
    if result and result.casefold() not in decision.title.casefold():
        return phrase("listed_result", language, number=decision.number, title=decision.title, result=result)
    return phrase("listed_decision", language, number=decision.number, title=decision.title)


def _in_period(at: datetime | None, question: Question) -> bool:
    if question.since is None or question.until is None:
        return True
    return at is not None and question.since <= at < question.until


def _decisions(question: Question, record: Record, now: datetime, language: Language) -> str:
    period = period_name(question.since, now, question.until, language)
    if REPLACED.search(question.text) and DECISION.search(question.text):
        return _replaced(record, language)
    undecided = UNDECIDED.search(question.text) is not None
    asked = [each for each in record.decisions if each.status == ("proposed" if undecided else "accepted")]
    found = [each for each in asked if _in_period(each.decided_at, question)]
    name = "proposed_decisions" if undecided else "decisions"
    if not found:
        return phrase(f"no_{name}", language, period=period)
    lines = [decision_line(each, language) for each in sorted(found, key=lambda each: each.number)[-MOST:]]
    return listed(phrase(name, language, count=len(found), period=period), lines)


def _replaced(record: Record, language: Language) -> str:
    """The decisions that do not apply any more, each with its successor."""
    pairs = [(each, record.find_decision(each.superseded_by)) for each in record.decisions if each.superseded_by]
    if not pairs:
        return phrase("no_replaced_decisions", language)
    lines = [
        f"{decision_line(each, language)} → {decision_line(new, language)}" if new else decision_line(each, language)
        for each, new in sorted(pairs, key=lambda pair: pair[0].number)[-MOST:]
    ]
    return listed(phrase("replaced_decisions", language, count=len(pairs)), lines)


def _day(question: Question, record: Record, now: datetime, language: Language) -> str:
    """What was decided, added and completed in the period, today when none is named."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    since, until = question.since or midnight, question.until or NEVER
    asked = Question(question.kind, question.text, since, until)
    period = period_name(since, now, question.until or now, language) if question.since else ""
    parts = []
    if any(_in_period(each.decided_at, asked) for each in record.accepted):
        parts.append(
            _decisions(
                asked if question.since else Question("decisions", question.text, since, until), record, now, language
            )
        )
    done = [each for each in record.intents if each.status == "completed" and since <= each.updated_at < until]
    added = [each for each in record.open_intents if since <= each.created_at < until]
    for name, group in (("today_done", done), ("today_added", added)):
        if group:
            parts.append(
                listed(phrase(name, language, period=period), [item(each, now, language) for each in group[:MOST]])
            )
    return "\n\n".join(parts) or phrase("nothing_today", language, period=period)
