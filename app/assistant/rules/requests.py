"""Turns requests for work, specifications, reminders and code into calls of create_intent."""

import re
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache

from app.assistant.rules.certainty import changes_record, doubt_of_work, negates, states_something, tells_of_others
from app.assistant.rules.further_tasks import read_further_tasks, read_tasks_said_before
from app.assistant.rules.patterns import reversal
from app.assistant.rules.revisions import read_extension, read_revision
from app.assistant.rules.sentence import Sentence, moment, unread, without, zone_name
from app.assistant.rules.situation import Situation, call
from app.assistant.rules.targets import PLAIN_CANCEL, said
from app.assistant.rules.terms import terms_of
from app.language.catalogue import StoredText, stored_text
from app.language.data import any_of, read_data
from app.language.numerals import english_number
from app.language.times.reading import Reading, Recurrence, Time, read_time
from app.models.classification.local import ReadSentence, find_priority, read_sentence
from app.tools.calls import ToolCall

DATA = read_data(__file__, "requests.toml")
TALK = re.compile(any_of(DATA["talk"]), re.IGNORECASE)
NOTICES = re.compile(DATA["notices"], re.IGNORECASE)
RUNS = re.compile(any_of(DATA["runs"]), re.IGNORECASE)
CONTENT = {
    name: [re.compile(each, re.IGNORECASE) for each in DATA[name]]
    for name in DATA
    if name.startswith(("task_", "reminder_", "work_"))
}
DANGLING = re.compile(
    r"^[\s、,にはのでへ:：]+|(?<=[一-龯ァ-ヶーぁ-ん])[はをが]$|[\s、,:：]+$|(?:\s+(?:at|on|by|in|before|until|for|from|this|next))+$|"
    r"(?:[\s,;(–—-]+(?:and |which |that |it )?(?:is |to be |must be |should be )(?:due|finished|done|ready|delivered|completed)"
    r"|[,;(–—-]+\s*(?:the )?deadline(?: is)?|\s+with (?:a|the) deadline(?: of)?|(?<! is)(?<! are)(?<! be)[\s,;(–—-]+due|[,;]\s*(?:no|not) later than)$",
    re.IGNORECASE,
)
AHEAD = re.compile(
    r"(?P<eve>前日|前の日|the day before|the evening before|a day ahead)|(?P<same>当日|その日|(?:on )?(?:the same|that) day|on the day)|(?P<count>\d+)\s*(?P<unit>分|時間|日)前(?:に|から)?|"
    r"(?P<number>\d+|an?|one|two|five|ten|fifteen|thirty) (?P<unit2>minutes?|mins?|hours?|days?) (?:before(?:hand)?|in advance|earlier|ahead)",
    re.IGNORECASE,
)
# 「前日の17時」, "the day before at 5pm".
EVE_HOUR = re.compile(
    r"(?:の|、| at | by )?(?P<hour>(?:朝|昼|夕方|夜|午前|午後)?の?\d{1,2}(?:時(?:半|\d{1,2}分)?|:\d\d| ?[ap]m))(?:に|頃|ごろ)?",
    re.IGNORECASE,
)
REASON_THEN = re.compile(r"(?P<why>[^。]{4,60}?(?:な)?(?:ので|から|ため|んで))[、,](?P<rest>[^。]{2,60})$")
NAMES_DAY = re.compile(r"曜|今日|本日|明日|明後日|あさって|来週|今週|月|\d日|今夜|今晩|今朝")
# What an event is without its predicate: "the audit is", 「打ち合わせです」.
PREDICATE = re.compile(
    r" (?:is|are|will be|starts?|begins?|takes place|happens)$|(?:です|だ|があります|がある|が入っています|の予定です)$",
    re.IGNORECASE,
)
ADDED_TIME = re.compile(r"[、,][^、,]{1,14}(?:まで(?:に|で)?|中に|中で)(?:お願い(?:します)?)?[。.!！]*$")
AHEAD_UNITS = {"分": "minutes", "時": "hours", "日": "days", "m": "minutes", "h": "hours", "d": "days"}
REMINDING = re.compile(
    r"声(?:を)?かけ|起こし|言っ|アラーム|alarm|ping|nudge|alert|忘れない(?:よう)?(?:に)?|お願い(?:します)?|リマインド|リマインダー|教え|知らせ|通知|声を?(?:かけ|掛け)|remind|reminder|\b(?:about|of) (?:it|that|this)\b",
    re.IGNORECASE,
)
SUGGESTS = re.compile(
    r"^(?:scratch that|on second thoughts?|change of plans?|correction|instead)\b|^(?:やっぱり?|やはり)|(?:こと|ほう|方)に(?:しましょう|しよう)$",
    re.IGNORECASE,
)
ASKS_WHETHER = re.compile(r"(?:can|could|may|might) (?:we|i|one|they|it)\b", re.IGNORECASE)
DETAILS = re.compile(r"[:：](?=.{20,}).*$", re.DOTALL)
# What a program does again and again: 「毎晩コピーするように設定して」, "set up a nightly backup".
DESCRIBES = re.compile(
    r"(?:する|[るうくすつぬむぶぐ])(?:よう(?:に)?|バッチ|ジョブ|処理|仕組み|機能|スクリプト|設定|通知|メール)|(?:バックアップ|ジョブ|バッチ|通知|メール|レポート)(?:を|の)|"
    r"\b(?:so that|to run|runs?|that|which|job|cron|backups?|e-?mails?|notifications?|digest|sync|script|export|batch|pipeline|page|endpoint|feature)\b",
    re.IGNORECASE,
)
REPEATED = ("FREQ=MINUTELY", "FREQ=HOURLY")
DUE_CLAUSE = re.compile(
    r"[、,](?:[^、,]{0,16}?(?:まで|が|は|の))?(?:締め?切り?|期限|〆切)(?:な(?:の|ん)?|です|だ|の)?(?:ので|で|から)?$|"
    r"\s?[(（](?:期限[:：]?)?[^()（）]{1,14}(?:まで(?:に)?|締切|中)[)）]?$"
)
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
        or (sentence.question and ASKS_WHETHER.match(sentence.core))
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
    reading = _reading(sentence, kind, situation)
    description = _description(sentence, kind, reading, situation)
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


def reminds_of_it(sentence: Sentence | None) -> bool:
    """Whether it asks for a reminder of what the sentence before it tells: "Remind me the day before."."""
    return (
        sentence is not None and AHEAD.search(sentence.core) is not None and REMINDING.search(sentence.core) is not None
    )


@lru_cache(maxsize=64)
def adds_task(sentence: Sentence) -> bool:
    """Whether a task is asked for by its name: "add a task to ...", "TODO: ..."."""
    language = "japanese" if sentence.japanese else "english"
    return any(pattern.fullmatch(sentence.core) for pattern in CONTENT[f"task_{language}"])


def _doubt_of_task(sentence: Sentence, found: ReadSentence) -> StoredText | None:
    """Why a task is only proposed: it changes something that no record has, or it is not plainly asked for."""
    if PLAIN_CANCEL.search(sentence.core) and said("cancel", sentence) is not None:
        return stored_text("assistant.nothing_to_cancel")
    if SUGGESTS.search(sentence.core) or reversal().search(sentence.core):
        return stored_text("assistant.sounds_like_suggestion")
    return doubt_of_work(sentence, found)


def _reading(sentence: Sentence, kind: str, situation: Situation) -> Reading | None:
    """The time of the request; 「10時に会議、15分前に教えて」 means a quarter to ten."""
    zone = zone_name(situation.now)
    # The details of a specification describe the product: "a spec for the cancellation: up to 24 hours before, ...".
    text = DETAILS.sub("", sentence.core) if kind == "specification" else sentence.core
    reading = read_time(text, situation.now, zone, deadline=kind != "reminder")
    ahead = AHEAD.search(sentence.core)
    if kind == "reminder" and ahead is None and (later := _time_after_reason(sentence, situation)):
        return later
    if kind == "reminder" and _is_open(reading, ahead) and situation.earlier:
        reading = _before_it(situation.earlier[-1], ahead, situation, _own_hour(sentence, situation)) or reading
    if kind != "reminder" or ahead is None or not isinstance(reading, Time) or not reading.spans:
        return reading
    if any(start <= ahead.start() < end for start, end in reading.spans):
        return reading
    at, spans = reading.at - _length(ahead), (*reading.spans, ahead.span())
    if _of_day(ahead) and (own := EVE_HOUR.match(sentence.core, ahead.end())):
        said = read_time(own["hour"], situation.now, zone)
        if isinstance(said, Time) and said.clock:
            at = at.replace(hour=said.at.hour, minute=said.at.minute)
            spans = (*reading.spans, (ahead.start(), own.end()))
    return replace(reading, at=at, past=at <= situation.now, spans=spans)


def _time_after_reason(sentence: Sentence, situation: Situation) -> Time | None:
    """「11時半に予約があるので、11時に教えて」: the second time is that of the reminder, on the day of the first one."""
    match = REASON_THEN.match(sentence.core)
    if match is None:
        return None
    first, second = (read_time(match[name], situation.now, zone_name(situation.now)) for name in ("why", "rest"))
    if not isinstance(first, Time) or not isinstance(second, Time) or not second.clock:
        return None
    at = second.at
    if NAMES_DAY.search(match["why"]) and not NAMES_DAY.search(match["rest"]):
        at = first.at.replace(hour=at.hour, minute=at.minute)
    start = match.start("rest")
    spans = (*first.spans, *((start + left, start + right) for left, right in second.spans))
    return replace(second, at=at, past=at <= situation.now, spans=spans)


def _without_last_time(sentence: Sentence, situation: Situation) -> str:
    """「依頼しておいて、木曜まで」: the request without the time that was added to it."""
    if not sentence.japanese or ADDED_TIME.search(sentence.text) is None:
        return sentence.text
    reading = read_time(sentence.text, situation.now, zone_name(situation.now))
    return ADDED_TIME.sub("", sentence.text) if isinstance(reading, Time) else sentence.text


def _own_hour(sentence: Sentence, situation: Situation) -> Reading | None:
    """The hour that is said with 「前日」."""
    return read_time(AHEAD.sub("", sentence.core).lstrip("の"), situation.now, zone_name(situation.now))


def _is_open(reading: Reading | None, ahead: re.Match[str] | None) -> bool:
    """Whether the sentence names no time of its own: 「10分前」 alone is ten minutes before something."""
    return not isinstance(reading, Time | Recurrence) or (
        isinstance(reading, Time) and ahead is not None and (reading.past or _of_day(ahead))
    )


def _before_it(
    earlier: Sentence, ahead: re.Match[str] | None, situation: Situation, own: Reading | None = None
) -> Time | None:
    """The time of the sentence before: "The review is on Thursday at 4pm. Remind me an hour before."."""
    reading = earlier.time(situation.now, deadline=False)
    if earlier.question or not isinstance(reading, Time) or reading.past:
        return None
    at = reading.at - _length(ahead) if ahead else reading.at
    if ahead is not None and _of_day(ahead) and isinstance(own, Time) and own.clock:
        at = at.replace(hour=own.at.hour, minute=own.at.minute)  # 「前日の17時に教えて」
    return replace(reading, at=at, past=at <= situation.now, spans=())


def _of_day(ahead: re.Match[str]) -> bool:
    """Whether it names a day, of which an hour may be said: 「前日の17時」, 「当日の朝9時」."""
    return ahead["eve"] is not None or ahead["same"] is not None


def _length(ahead: re.Match[str]) -> timedelta:
    if ahead["eve"] or ahead["same"]:
        return timedelta(days=1) if ahead["eve"] else timedelta()
    count = english_number((ahead["count"] or ahead["number"]).lower())
    return timedelta(**{AHEAD_UNITS[(ahead["unit"] or ahead["unit2"])[0].lower()]: count})


def _kind(sentence: Sentence, found: ReadSentence | None, situation: Situation) -> str | None:
    """The type of the intent by the classification rules and by the words that only a request has."""
    if found is None:
        return "task"
    if (
        AHEAD.search(sentence.core)
        and REMINDING.search(sentence.core)
        and situation.earlier
        and _before_it(situation.earlier[-1], None, situation)
    ):
        return "reminder"
    if NOTICES.search(sentence.core) and sentence.time(situation.now):
        return "reminder"
    if found.verdict in NO_WORK:
        return None
    if found.verdict == "task" and found.rule.reason == "reason.asks_for_reminder_without_time":
        return "reminder"
    if found.verdict == "task" and RUNS.search(sentence.core):
        return "code_execution"
    return found.verdict


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
    return {"dueAt": at.isoformat()}


def _description(sentence: Sentence, kind: str, reading: Reading | None, situation: Situation) -> str:
    """What is to be done, without "remind me" and without a time that was understood."""
    text = sentence.core
    if kind == "reminder" and isinstance(reading, Time) and not reading.spans and situation.earlier:
        text = AHEAD.sub("", text)
        text = without(text, read_time(text, situation.now, zone_name(situation.now)))
        if not terms_of(REMINDING.sub("", text)):
            before = situation.earlier[-1]
            what = trim(without(before.core, read_time(before.core, situation.now, zone_name(situation.now))))
            return PREDICATE.sub("", what) or before.core
    if moment(reading) is not None and reading is not None:
        shorter = trim(without(text, reading))
        # "Deploy on Friday": the day of the work is a part of it; "deploy by Friday": a deadline is not.
        plain = read_time(sentence.core, situation.now, zone_name(situation.now))
        ends = not isinstance(plain, Time) or plain.deadline
        if kind == "reminder" or (ends and _at_edge(reading, text)):
            text = shorter if terms_of(shorter) else text
    language = "japanese" if sentence.japanese else "english"
    names = ("reminder",) if kind == "reminder" else ("task", "work")
    for pattern in (each for name in names for each in CONTENT[f"{name}_{language}"]):
        if (match := pattern.fullmatch(text)) and _says(content := trim(match["what"]).strip("\"「」'")):
            return re.sub(r"(?<=[一-龯ァ-ヶーるす])(?:も|の|やつ)$", "", content) if sentence.japanese else content
    return text


def _says(content: str) -> bool:
    """One kanji is a word."""
    return len(content) > 1 or "一" <= content <= "龯"


def _at_edge(reading: Reading, text: str) -> bool:
    """Whether the time is said before or after everything else, so that the rest is a sentence without it."""
    spans = sorted(reading.spans)
    return len(spans) == 1 and (spans[0][0] == 0 or spans[0][1] == len(text))


def trim(text: str) -> str:
    text = DUE_CLAUSE.sub("", text)
    plain = re.sub(
        r"^(?:(?:が)?(?:締め?切り?|期限|〆切|納期)(?:で|の|なので)[、,]?|に?なったら[、,]?|まで|頃|ごろ|から|中|いっぱい)?(?:に|には|は|の)?[、,\s]*|(?<=[一-龯ァ-ヶー])です$",
        "",
        re.sub(r"\s{2,}", " ", text).strip(),
    )
    while (shorter := DANGLING.sub("", plain)) != plain:
        plain = shorter
    return plain
