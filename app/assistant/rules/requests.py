"""Turns requests for work, specifications, reminders and code into calls of create_intent."""

import re
from dataclasses import replace

from app.assistant.rules.certainty import changes_record, doubt_of_work, negates, states_something, tells_of_others
from app.assistant.rules.further_tasks import read_further_tasks, read_tasks_said_before
from app.assistant.rules.patterns import reversal
from app.assistant.rules.request_texts import CONTENT, adds_task, description_of
from app.assistant.rules.request_times import AHEAD, REMINDING, before_it, reading_of
from app.assistant.rules.revisions import read_extension, read_revision
from app.assistant.rules.sentence import Sentence, moment, unread, zone_name
from app.assistant.rules.situation import Situation, call
from app.assistant.rules.targets import PLAIN_CANCEL, said
from app.language.catalogue import StoredText, stored_text
from app.language.data import any_of, read_data
from app.language.times.reading import Reading, Recurrence, Time, read_time
from app.models.classification.local import ReadSentence, find_priority, read_sentence
from app.tools.calls import ToolCall

DATA = read_data(__file__, "requests.toml")
TALK = re.compile(any_of(DATA["talk"]), re.IGNORECASE)
NOTICES = re.compile(DATA["notices"], re.IGNORECASE)
RUNS = re.compile(any_of(DATA["runs"]), re.IGNORECASE)
ADDED_TIME = re.compile(r"[、,][^、,]{1,14}(?:まで(?:に|で)?|中に|中で)(?:お願い(?:します)?)?[。.!！]*$")
SUGGESTS = re.compile(
    r"^(?:scratch that|on second thoughts?|change of plans?|correction|instead)\b|^(?:やっぱり?|やはり)|(?:こと|ほう|方)に(?:しましょう|しよう)$",
    re.IGNORECASE,
)
# "Push alerts or a siren: which one would people notice?"
COMPARES = re.compile(r" or [^:,–—-]{2,40}(?:[:,]| [–—-]) ?(?:which|what|who)\b", re.IGNORECASE)
ASKS_WHETHER = re.compile(r"(?:can|could|may|might) (?:we|i|one|they|it)\b", re.IGNORECASE)
# What a program does again and again: 「毎晩コピーするように設定して」, "set up a nightly backup".
DESCRIBES = re.compile(
    r"(?:する|[るうくすつぬむぶぐ])(?:よう(?:に)?|バッチ|ジョブ|処理|仕組み|機能|スクリプト|設定|通知|メール)|(?:バックアップ|ジョブ|バッチ|通知|メール|レポート)(?:を|の)|"
    r"\b(?:so that|to run|runs?|that|which|job|cron|backups?|e-?mails?|notifications?|digest|sync|script|export|batch|pipeline|page|endpoint|feature)\b",
    re.IGNORECASE,
)
PLANS = {
    True: re.compile(r"[^。はがも]{2,40}[をにへと][^。はがも、をに]{0,12}(?:[るうくつぬむぶぐ]|(?<![まで])す)"),
    False: re.compile(
        r"(?:call|phone|ring|e-?mail|mail|text|message|meet|visit|pay|buy|book|order|renew|return|pick up|drop off|ask|invite|send|submit|print|sign|file|clean|pack|collect|fetch|water|feed|back up|register|reserve) (?!(?:it|that|this|is|was|are)\b)[^.?]{2,60}",
        re.IGNORECASE,
    ),
}
AUTOMATIC = re.compile(r"\bautomatic(?:ally)?\b|自動(?:で|的に)", re.IGNORECASE)
DEADLINE = re.compile(r"\b(?:by|before|until|due|deadline)\b|まで|期限|締め?切", re.IGNORECASE)
REPEATED = ("FREQ=MINUTELY", "FREQ=HOURLY")
STATED = ("reason.states_obligation", "reason.states_wish", "reason.states_need", "reason.proposes_work")
# A weekday with an hour of its own.
FURTHER_DAY = re.compile(
    r"(?:[月火水木金土日]曜日?|土日|週末|平日)[のは、]?(?:午前|午後|朝|夜|昼|夕方)?[0-9一二三四五六七八九十]|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days? at\b",
    re.IGNORECASE,
)
NO_WORK = ("none", "question", "remember")


def read_request(sentence: Sentence, situation: Situation) -> list[ToolCall] | None:
    """The call that creates what was asked for; None when nothing was."""
    if (
        sentence.supposed
        or (TALK.search(sentence.core) and not adds_task(sentence))
        or (sentence.question and (ASKS_WHETHER.match(sentence.core) or COMPARES.search(sentence.core)))
    ):
        return None
    if extension := read_extension(sentence, situation):
        return extension
    tasks = read_further_tasks(sentence, situation)
    tasks = read_tasks_said_before(sentence, situation) if tasks is None else tasks
    if tasks is not None:
        return tasks
    found = None if adds_task(sentence) else read_sentence(_without_last_time(sentence, situation), situation.now)
    marked = _marked_reminder(sentence)
    sentence, found = (sentence, found) if marked is None else (marked, None)
    kind = "reminder" if marked is not None else _kind(sentence, found, situation)
    if kind is None or (found is not None and kind != "reminder" and states_something(sentence)):
        return None
    if found is not None and (negates(sentence) or (found.rule.reason in STATED and tells_of_others(sentence))):
        return None
    if kind in ("specification", "task") and (revision := read_revision(sentence, situation)):
        return revision
    reading = reading_of(sentence, kind, situation)
    description = description_of(sentence, kind, reading, situation)
    arguments = {
        "description": description,
        "intentType": kind.upper(),
        "priority": find_priority(sentence.text) or None,
    }
    doubt = (
        _doubt(reading, kind)
        or _doubt_of_further_time(reading, description, situation)
        or (
            stored_text("assistant.probably_record")
            if found and kind == "reminder" and changes_record(sentence)
            else None
        )
        or (_doubt_of_task(sentence, found) if found and kind == "task" else None)
    )
    due = _due(reading, kind, sentence)
    further = reading.others if isinstance(reading, Recurrence) and due else ()
    times = [due, *(_due(each, kind, sentence) for each in further)]
    return [call("create_intent", {**arguments, **each}, propose=doubt) for each in times]


def _marked_reminder(sentence: Sentence) -> Sentence | None:
    """What 「リマインド：明日9時に電話」 is about."""
    match = next((match for each in CONTENT["reminder_mark"] if (match := each.fullmatch(sentence.core))), None)
    return replace(sentence, core=match["what"], text=match["what"]) if match and not sentence.question else None


def _doubt_of_further_time(reading: Reading | None, description: str, situation: Situation) -> StoredText | None:
    """A second repetition that is said of something else: 「毎週火曜10時に定例、金曜16時に振り返り」."""
    if not isinstance(reading, Recurrence):
        return None
    further = read_time(description, situation.now, zone_name(situation.now))
    if not isinstance(further, Recurrence) and not (
        isinstance(further, Time) and further.clock and FURTHER_DAY.search(description)
    ):
        return None
    return stored_text("assistant.time_unread", words=description[further.spans[0][0] : further.spans[-1][1]])


def _doubt_of_task(sentence: Sentence, found: ReadSentence) -> StoredText | None:
    """Why a task is only proposed: it changes something that no record has, or it is not plainly asked for."""
    if PLAIN_CANCEL.search(sentence.core) and said("cancel", sentence) is not None:
        return stored_text("assistant.nothing_to_cancel")
    if SUGGESTS.search(sentence.core) or reversal().search(sentence.core):
        return stored_text("assistant.sounds_like_suggestion")
    return doubt_of_work(sentence, found)


def _without_last_time(sentence: Sentence, situation: Situation) -> str:
    """「依頼しておいて、木曜まで」: the request without the time that was added to it."""
    if not sentence.japanese or ADDED_TIME.search(sentence.text) is None:
        return sentence.text
    reading = read_time(sentence.text, situation.now, zone_name(situation.now))
    return ADDED_TIME.sub("", sentence.text) if isinstance(reading, Time) else sentence.text


def _kind(sentence: Sentence, found: ReadSentence | None, situation: Situation) -> str | None:
    """The type of the intent by the classification rules and by the words that only a request has."""
    if found is None:
        return "task"
    if (
        AHEAD.search(sentence.core)
        and REMINDING.search(sentence.core)
        and situation.earlier
        and before_it(situation.earlier[-1], None, situation)
    ):
        return "reminder"
    if NOTICES.search(sentence.core) and sentence.time(situation.now):
        return "reminder"
    if found.verdict in NO_WORK:
        return "task" if _plans(sentence, situation) else None
    if found.verdict == "task" and found.rule.reason == "reason.asks_for_reminder_without_time":
        return "reminder"
    if found.verdict == "task" and RUNS.search(sentence.core):
        return "code_execution"
    return found.verdict


def notes_work(sentence: Sentence) -> bool:
    """Whether it names work as in a list of things to do, which is nothing without a time."""
    return PLANS[sentence.japanese].fullmatch(sentence.core) is not None


def _plans(sentence: Sentence, situation: Situation) -> bool:
    """Whether it notes work with its time: 「火曜までに請求書を送る」, "call Bob on Friday"."""
    if sentence.question or not notes_work(sentence):
        return False
    return moment(sentence.time(situation.now, deadline=True)) is not None


def _doubt(reading: Reading | None, kind: str) -> StoredText | None:
    """Why it is only proposed: the time is missing, past, or was not understood."""
    if words := unread(reading):
        return stored_text("assistant.time_unread", words=words)
    if kind != "reminder":
        return None
    if isinstance(reading, Time) and reading.past:
        return stored_text("assistant.time_past", time=f"{reading.at:%Y-%m-%d %H:%M}")
    return stored_text("assistant.time_missing") if moment(reading) is None else None


def _due(reading: Reading | None, kind: str, sentence: Sentence) -> dict[str, str]:
    at = moment(reading)
    if at is None:
        return {}
    if isinstance(reading, Recurrence):
        if kind != "reminder" and (reading.rule.startswith(REPEATED) or DESCRIBES.search(sentence.core)):
            return {}  # work "every 5 minutes" describes a program
        return {"dueAt": at.isoformat(), "recurrence": reading.rule}
    if kind != "reminder" and AUTOMATIC.search(sentence.core) and DEADLINE.search(sentence.core) is None:
        return {}  # "open the valves automatically at noon" says when a program acts
    return {"dueAt": at.isoformat()}
