"""Says what was done because of a message, what was only proposed, what is on hold, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.assistant.answers.phrases import phrase, spoken_day, spoken_rule, spoken_time
from app.language.catalogue import Language

SHOWN_DAYS = 3


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one call. `what` names its subject; `held` says why the subject waits; `choices` are candidates.

    `drafted`: a draft of the specification exists, for the person to fill in. `number` is that of a decision;
    `replaced` its predecessor's number and title.
    """

    tool: str
    status: str
    arguments: Mapping[str, Any]
    what: str
    summary: str = ""
    reason: str | None = None
    held: str | None = None
    number: int | None = None
    replaced: tuple[int, str] | None = None
    choices: Sequence[str] = ()
    drafted: bool = False


def confirm(done: Done, now: datetime, language: Language) -> str:
    """One or two sentences about one action."""
    if done.status == "failed":
        return phrase("failed", language, why=done.reason or done.summary)
    if done.choices:
        return phrase("which", language, choices=" / ".join(done.choices))
    if done.status == "proposed":
        return phrase("proposed", language, what=done.summary or done.what, why=done.reason or "")
    if done.tool == "record_decision":
        return _decision(done, language)
    text = _intent(done, now, language) if done.tool in ("create_intent", "update_intent") else _plain(done, language)
    return f"{_closed(text, language)}{phrase('held', language, why=done.held)}" if done.held else text


def _closed(text: str, language: Language) -> str:
    """The sentence with what separates it from the next one: 「追加しました：…。保留に…」."""
    if language == "ja":
        return text if text.endswith(("。", "！", "？")) else f"{text}。"
    return f"{text} "


def _plain(done: Done, language: Language) -> str:
    known = ("remember", "forget", "cancel_intent", "complete_intent", "start_intent", "reopen_intent")
    name = done.tool if done.tool in known else "other"
    return phrase(name, language, what=done.what)


def _decision(done: Done, language: Language) -> str:
    if done.held:
        return phrase("decision_held", language, number=done.number, what=done.what, why=done.held)
    name = "decision" if done.number else "decision_unnumbered"
    text = phrase(name, language, number=done.number, what=done.what)
    if done.replaced:
        text = _closed(text, language) + phrase("replaces", language, number=done.replaced[0], what=done.replaced[1])
    return text


def _days(days: Sequence[str], language: Language) -> str:
    """The days, of many only the first and the last one."""
    shown = [spoken_day(date.fromisoformat(each), language) for each in days]
    if len(shown) > SHOWN_DAYS:
        return f"{shown[0]}–{shown[-1]}" if language == "en" else f"{shown[0]}〜{shown[-1]}"
    return ("、" if language == "ja" else ", ").join(shown)


def _intent(done: Done, now: datetime, language: Language) -> str:
    due = done.arguments.get("dueAt")
    time = spoken_time(datetime.fromisoformat(due), now, language) if due else None
    if days := done.arguments.get("skip"):
        return phrase("skipped", language, what=done.what, days=_days(days, language))
    if done.tool == "update_intent" and time and (rule := done.arguments.get("recurrence")):
        return phrase("repeats", language, what=done.what, time=time, rule=spoken_rule(rule, language))
    if done.tool == "update_intent":
        return phrase("moved" if time else "update_intent", language, what=done.what, time=time)
    kind = str(done.arguments.get("intentType", "TASK")).lower()
    if kind == "reminder":
        rule = done.arguments.get("recurrence")
        if rule:
            return phrase("repeating_reminder", language, rule=spoken_rule(rule, language), time=time, what=done.what)
        return phrase("reminder", language, time=time, what=done.what)
    name = kind if kind in ("specification", "code_execution") else "task"
    text = phrase(f"{name}_due" if time and name != "code_execution" else name, language, time=time, what=done.what)
    return f"{_closed(text, language)}{phrase('drafted', language)}" if done.drafted else text
