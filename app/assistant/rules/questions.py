"""Recognises questions about the user's own record: open work, what is due, reminders, decisions, facts."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from app.assistant.rules.sentence import Sentence
from app.language.data import any_of, read_data
from app.language.times.reading import Time

DATA = read_data(__file__, "questions.toml")
LISTS = {kind: re.compile(any_of(DATA[kind]), re.IGNORECASE) for kind in DATA["order"]}
ASPECTS = {name: re.compile(DATA[name], re.IGNORECASE) for name in ("why", "rejected", "when", "status", "who")}
REPLACED = re.compile(DATA["replaced"], re.IGNORECASE)
UNDECIDED = re.compile(DATA["undecided"], re.IGNORECASE)
PERIODS = (
    (r"\bday after tomorrow\b|明後日|あさって", 2, 1),
    (r"\btomorrow\b|明日", 1, 1),
    (r"\b(?:today|tonight)\b|今日|本日", 0, 1),
    (r"\byesterday\b|昨日", -1, 1),
)
WEEKS = ((r"\bnext week\b|来週", 1), (r"\bthis week\b|今週", 0), (r"\blast week\b|先週", -1))
MONTHS = ((r"\bthis month\b|今月", 0), (r"\bnext month\b|来月", 1))
# A short sentence with a predicate states something: 「原因は証明書の期限切れでした」.
STATES = re.compile(
    r"(?:た|だ|です|ます|ません|る|ない|よ|ね|し|けど|ので|から|みたい|そう|らしい|だって)(?:です|よ|ね|な)*$|\b(?:is|was|are|were|has|had|i'm|we're|got|went)\b",
    re.IGNORECASE,
)
ASKS_WORD = re.compile(r"何|なに|どれ|いくつ|どう|誰|いつ|\b(?:what|which|how|any|who|when)\b", re.IGNORECASE)
ASKS_TO_SHOW = re.compile(
    r"^(?:please )?(?:show|list|summari[sz]e|recap|sum up|display|tell me|give me|remind me (?:what|which|how|why|when|who|where)|let me (?:see|know))\b|"
    r"(?:見せ|教え|要約し|(?<!に)まとめ|一覧|リスト|表示し|おさらい|振り返)(?:て|って|で)?.{0,10}$|(?:一覧|リスト)(?:は|を)?$",
    re.IGNORECASE,
)


# "Due on Thursday" is that day; "due by Thursday" is until then.
BY_THEN = re.compile(r"\b(?:by|before|until|till)\b|まで", re.IGNORECASE)
HYPOTHETICAL = re.compile(DATA["hypothetical"], re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    """`kind`: a list (tasks, due, decisions ...; see questions.toml) or "record" for everything else that may be answered.

    `since` and `until` limit a list to a period. `aspect`: what is asked about the record: why, when, its status.
    """

    kind: str
    text: str
    since: datetime | None = None
    until: datetime | None = None
    aspect: str | None = None


def asks_to_show(sentence: Sentence) -> bool:
    """Whether it is a question or asks to be shown something."""
    return sentence.question or ASKS_TO_SHOW.search(sentence.core) is not None


@lru_cache(maxsize=64)  # asked before and after a sentence is read as a request
def read_question(sentence: Sentence, now: datetime) -> Question | None:
    """The question of a sentence; None when it asks nothing."""
    asks = asks_to_show(sentence)
    short = len(sentence.core) <= 30 and (
        STATES.search(sentence.core) is None or ASKS_WORD.search(sentence.core) is not None
    )
    for kind, pattern in LISTS.items():
        if (asks or short) and pattern.search(sentence.core) and not HYPOTHETICAL.search(sentence.core):
            since, until = _period(sentence, now)
            return Question(kind, sentence.text, since, until)
    if not asks:
        return None
    aspect = next((name for name, pattern in ASPECTS.items() if pattern.search(sentence.core)), None)
    return Question("record", sentence.text, aspect=aspect)


def _period(sentence: Sentence, now: datetime) -> tuple[datetime | None, datetime | None]:
    """The day, the week or the month that is named."""
    text = sentence.core
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for words, days, length in PERIODS:
        if re.search(words, text, re.IGNORECASE):
            start = midnight + timedelta(days=days)
            return start, start + timedelta(days=length)
    for words, weeks in WEEKS:
        if re.search(words, text, re.IGNORECASE):
            start = midnight - timedelta(days=now.weekday()) + timedelta(weeks=weeks)
            return start, start + timedelta(weeks=1)
    for words, months in MONTHS:
        if re.search(words, text, re.IGNORECASE):
            first = midnight.replace(day=1)
            start = first if months == 0 else (first + timedelta(days=32)).replace(day=1)
            return start, (start + timedelta(days=32)).replace(day=1)
    reading = sentence.time(now)
    if not isinstance(reading, Time) or reading.at.date() == now.date():
        return None, None
    day = reading.at.replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight if BY_THEN.search(text) else day), day + timedelta(days=1)
