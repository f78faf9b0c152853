"""Which open items a person means: by their words, their time, or "it"."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from app.assistant.record import KnownIntent
from app.assistant.rules.matching import Found, find, find_probable, is_another, names_of
from app.assistant.rules.sentence import Sentence, moment, without, zone_name
from app.assistant.rules.situation import Situation, call
from app.assistant.rules.terms import terms_of
from app.language.catalogue import stored_text
from app.language.data import read_data
from app.language.times.reading import read_time
from app.tools.calls import ToolCall

DATA = read_data(__file__, "changes.toml")
ITEM = re.compile(DATA["item"], re.IGNORECASE)
REMINDER = re.compile(r"reminder|remind|alarm|リマインド|リマインダー|通知|アラーム|教え|知らせ", re.IGNORECASE)
REMINDER_NOUN = re.compile(r"\breminders?\b|\balarms?\b|リマインダー|リマインド|アラーム", re.IGNORECASE)
LAST = re.compile(DATA["last"], re.IGNORECASE)
ORDINALS = [re.compile(each, re.IGNORECASE) for each in DATA["ordinals"]]
POINTS_BACK = re.compile(r"それ|その|この|これ|さっき|先ほど|直前|今の|\b(?:it|that|this|last)\b", re.IGNORECASE)
# A reason after the change: "cancel the demo, we don't need it anymore".
WHY = re.compile(
    r",? (?=because\b|since\b)|[,;–—-] (?=(?:i|we|it|he|she|they|that|this)(?:\b|')|as\b|thanks|no longer|not needed)",
    re.IGNORECASE,
)
# A reason between the item and the change: 「一覧のToDoは鈴木さんがやってくれるそうなので、消してください」.
WHY_JAPANESE = re.compile(
    r"(?P<what>[^、。]{2,40}?)(?:は|って|の件は|についてですが|ですが)[、,]?[^。]{2,60}?(?:ので|から|ため|んで|ですし|し)[、,]?(?:もう|やっぱり?)?"
    r"(?P<rest>(?:消|キャンセル|取り?消|削除|中止|やめ|止め|なし|完了|終わり|外し|不要|いらな|要らな|延期|後回し|ずらし|破棄|取り?下げ).{0,16})"
)
AFTERTHOUGHT = re.compile(
    r"[、,]?(?:やっぱり?|やはり|もう|結局|いったん|一旦)$| (?:for now|for the moment|after all|for good|anymore|please)$",
    re.IGNORECASE,
)
PLAIN_CANCEL = re.compile(
    r"cancel|やめ(?:ます|ました|る$|た$|とき|ておき)|キャンセル|取り?消|取り?やめ|取り?下げ|なかったこと|中止|call(?:ed)? off|\bno longer\b|don't need|"
    r"do not need|不要|いら(?:な|なく)|必要(?:な|あり)|off (?:my|the) ",
    re.IGNORECASE,
)
# "The allergy one", 「効果音のやつ」.
NAMED_ONE = re.compile(r"(?<=\w) (?:one|thing|stuff)$|(?<=[^のそこあ])の(?:やつ|奴|もの|ほう|方|件|分)$", re.IGNORECASE)
LETS = re.compile(r"^let'?s (?:also |just )?", re.IGNORECASE)
SAME_TIME = timedelta(minutes=1)
OFTEN = {"FREQ=DAILY": "daily", "FREQ=WEEKLY": "weekly", "FREQ=MONTHLY": "monthly", "FREQ=YEARLY": "yearly"}
MOST_CANDIDATES = 6


@cache
def patterns(kind: str, name: str) -> list[re.Pattern[str]]:
    """The patterns of a kind of change; AMOUNT in them is an amount of time."""
    found = DATA[kind][name]
    texts = [found] if isinstance(found, str) else found
    return [re.compile(each.replace("AMOUNT", DATA["shift"]["amount"]), re.IGNORECASE) for each in texts]


def said(kind: str, sentence: Sentence, text: str | None = None) -> str | None:
    """What the sentence names; None when it does not ask for this kind of change."""
    whole = sentence.core if text is None else text
    candidates = [WHY.split(whole, maxsplit=1)[0], whole]
    if not sentence.japanese and ITEM.search(head := whole.partition(", ")[0]):
        candidates.insert(0, head)
    if ITEM.search(whole) and (shorter := LETS.sub("", whole)) != whole:
        candidates.append(shorter)
    if sentence.japanese and (match := WHY_JAPANESE.fullmatch(whole)):
        candidates.insert(0, f"{match['what']}を{match['rest']}")
    for candidate in candidates:
        for pattern in patterns(kind, "japanese" if sentence.japanese else "english"):
            if match := pattern.fullmatch(candidate):
                return AFTERTHOUGHT.sub("", match["what"].strip(" 、,のをはが")).strip(" 、,のをはが")
    return None


def pool_of(text: str, intents: Sequence[KnownIntent]) -> list[KnownIntent]:
    """The items of the kind that is named: reminders when a reminder is."""
    if not REMINDER.search(text):
        return list(intents)
    return [each for each in intents if each.intent_type == "reminder"] or list(intents)


def checked(what: str, found: Found[KnownIntent], situation: Situation) -> Found[KnownIntent]:
    """What was found; it is doubtful when it is no reminder as named, or when it may be another item."""
    if found.one is None:
        return found
    other_kind = found.one.intent_type != "reminder" and REMINDER_NOUN.search(what) is not None
    words = without(what, read_time(what, situation.now, zone_name(situation.now)))
    another = is_another(REMINDER.sub("", words), named(found.one))
    return replace(found, doubtful=True) if other_kind or another else found


def target_of(what: str, situation: Situation, pool: Sequence[KnownIntent]) -> Found[KnownIntent]:
    """The items that the words, the time, or "it" mean."""
    return checked(what, _target_of(what, situation, pool), situation)


def _target_of(what: str, situation: Situation, pool: Sequence[KnownIntent]) -> Found[KnownIntent]:
    counted = counted_of(what, situation)
    if counted is not None:
        return Found(one=counted)
    what = NAMED_ONE.sub("", what)
    latest = latest_of(situation, pool)
    if latest is not None and LAST.search(what.strip()) and POINTS_BACK.search(what):
        return Found(one=latest)
    reading = read_time(what, situation.now, zone_name(situation.now))
    words = without(what, reading)
    if terms_of(words) or names_of(words, map(named, pool)):
        found = find(words, pool, named)
        if found.several and (at := moment(reading)):
            return _narrowed(found.several, at)
        return found if found.one or found.several else find_probable(what, pool, named)
    if at := moment(reading):
        return _narrowed(pool, at)
    return Found(one=pool[0]) if len(pool) == 1 else Found(several=tuple(pool))


def named(intent: KnownIntent) -> str:
    """What an item may be called: "the monthly invoice reminder"."""
    return (
        f"{intent.description} {OFTEN.get(intent.recurrence.split(';')[0], '')}"
        if intent.recurrence
        else intent.description
    )


def _narrowed(pool: Sequence[KnownIntent], at: datetime) -> Found[KnownIntent]:
    """The items that are due at the time, or else on its day."""
    exact = [each for each in pool if each.due_at and abs(each.due_at - at) < SAME_TIME]
    day = [each for each in pool if each.due_at and each.due_at.astimezone(at.tzinfo).date() == at.date()]
    for group in (exact, day):
        if group:
            return Found(one=group[0]) if len(group) == 1 else Found(several=tuple(group))
    return Found()


def latest_of(situation: Situation, pool: Sequence[KnownIntent] | None = None) -> KnownIntent | None:
    """The open item, of the pool, that the message or the conversation last dealt with."""
    for made in reversed(situation.calls):
        named_before = next(
            (each for each in situation.record.open_intents if str(each.id) == made.arguments.get("id")), None
        )
        if named_before is not None and (pool is None or named_before in pool):
            return named_before
    for action in reversed(situation.record.actions):
        found = situation.record.find_intent(action.subject_id)
        if found is not None and found.open and (pool is None or found in pool):
            return found
    return None


def meant_by_it(situation: Situation) -> Found[KnownIntent]:
    """What "that one" means: the item that the sentence before names, or else the latest one.

    "Elena finished the clouds, so mark that one as done": when no item fits the sentence before, the latest is doubtful.
    """
    latest = Found(one=latest_of(situation))
    before = situation.earlier[-1] if situation.earlier and not situation.calls else None
    if before is None or before.question or not terms_of(before.core):
        return latest
    found = find_probable(before.core, situation.record.open_intents, named)
    return found if found.one or found.several else replace(latest, doubtful=True)


def counted_of(what: str, situation: Situation) -> KnownIntent | None:
    """The item that is meant by its place among those that one message made: "the second one"."""
    match = next((match for each in ORDINALS if (match := each.fullmatch(what.strip()))), None)
    if match is None:
        return None
    made: dict[UUID, list[KnownIntent]] = {}
    for action in situation.record.actions:
        found = situation.record.find_intent(action.subject_id)
        if action.tool == "create_intent" and found is not None and found.open:
            made.setdefault(action.message_id, []).append(found)
    several = next((group for group in reversed(made.values()) if len(group) > 1), [])
    place = match.lastgroup or "last"
    if place == "last":
        return several[-1] if several else None
    number = int(place[1:])
    return several[number - 1] if number <= len(several) else None


def calls_for(tool: str, found: Found[KnownIntent], *, sure: bool) -> list[ToolCall] | None:
    """The call for the item that is meant, or a proposal to choose one; None when nothing fits."""
    if found.one is not None:
        propose = None if sure and not found.doubtful else stored_text("assistant.probably_this")
        return [call(tool, {"id": str(found.one.id)}, propose=propose)]
    if found.several:
        return [call(tool, {}, candidates=[each.id for each in found.several[:MOST_CANDIDATES]])]
    return None
