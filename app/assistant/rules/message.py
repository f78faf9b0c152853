"""Reads a whole message: the calls that it asks for, its questions, and small talk. Pure; needs no database."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.assistant.record import Record
from app.assistant.rules.certainty import doubt_of_all
from app.assistant.rules.changes import names_nothing, read_change
from app.assistant.rules.corrections import read_correction, read_report
from app.assistant.rules.decisions import read_decision
from app.assistant.rules.details import adds_detail, adds_statement, is_detail
from app.assistant.rules.further_tasks import adds_that, confirms_before
from app.assistant.rules.guard import doubt_of_parts
from app.assistant.rules.marks import is_marked, says_nothing
from app.assistant.rules.memories import read_memory, remember_following, remembers_before, unmatched_forget
from app.assistant.rules.questions import Question, asks_to_show, read_question
from app.assistant.rules.request_texts import adds_task
from app.assistant.rules.request_times import reminds_of_it
from app.assistant.rules.requests import notes_work, read_request
from app.assistant.rules.sentence import Sentence, moment, sentences_of, settled, to_sentence, unread, without
from app.assistant.rules.situation import Situation
from app.assistant.rules.terms import terms_of
from app.language.catalogue import stored_text
from app.language.data import any_of, read_data
from app.language.times.reading import Time
from app.models.classification.local import find_priority
from app.tools.calls import ToolCall

SMALL_TALK = {
    kind: re.compile(any_of(patterns), re.IGNORECASE)
    for kind, patterns in read_data(__file__, "small_talk.toml").items()
}
POLITE = re.compile(r"お願い|希望|締め?切り|期限|まで|need(?:ed)?|due|deadline|please|でき(?:れば|たら)", re.IGNORECASE)
ASKS_TO_ADD = re.compile(
    r"(?:(?:can|could|would|will) you )?(?:please )?(?:also )?"
    r"(?:add|put|create|make|file|book|log|open|set up|schedule|write|remind me to)\b",
    re.IGNORECASE,
)
MAX_CALLS = 10
CLOSES = ("complete_intent", "cancel_intent")
READERS: Sequence[Callable[[Sentence, Situation], list[ToolCall] | None]] = (
    read_correction,
    read_memory,
    read_change,
    read_decision,
    read_request,
    read_report,
)


@dataclass(frozen=True, slots=True)
class MessageReading:
    """What a message asks for. `unmatched`: it names a record that does not exist. `recorded`: it says nothing new."""

    calls: tuple[ToolCall, ...] = ()
    questions: tuple[Question, ...] = ()
    small_talk: str | None = None
    unmatched: bool = False
    recorded: bool = False


def read_message(text: str, record: Record, now: datetime) -> MessageReading:
    """The reading of a message. `now` is aware and in the user's zone. At most 10 calls."""
    situation = Situation(record, now)
    questions, talk, unmatched, recorded = list[Question](), None, False, False
    sentences = list(_with_their_times(list(settled(sentences_of(text))), now))
    for place, sentence in enumerate(sentences):
        following = sentences[place + 1] if place + 1 < len(sentences) else None
        kind = small_talk_of(sentence)
        if _is_no_own(sentence, following, situation):
            pass  # nothing, or it is remembered as a whole
        elif place == 0 and (fact := remember_following(sentence, following)):
            situation.calls.append(fact)
        elif place == 1 and situation.calls and remember_following(sentences[0], sentence):
            pass  # the sentence before it asked to remember it
        elif kind is not None:
            talk = talk or kind
        elif question := _own_question(sentence, now):
            questions.append(question)
        else:
            calls = [] if adds_detail(sentence, situation) else _read(sentence, situation, following)
            unmatched = unmatched or (not calls and _names_unknown(sentence, calls, now))
            recorded = recorded or (calls == [] and not situation.calls)
            situation.calls += [each for each in calls or [] if not _ended_before(each, situation)]
            if calls is None and _adds_priority(sentence, situation):
                calls = []
            if calls is None and not _is_only_time(sentence, now) and adds_statement(sentence, situation):
                calls = []
            if calls is None and not _adds_time(sentence, situation) and (question := read_question(sentence, now)):
                questions.append(question)
        situation.earlier.append(sentence)
    named = (replace(each, call_id=f"rule-{number}") for number, each in enumerate(situation.calls[:MAX_CALLS], 1))
    return MessageReading(tuple(named), tuple(questions), talk, unmatched and not situation.calls, recorded)


def _is_no_own(sentence: Sentence, following: Sentence | None, situation: Situation) -> bool:
    """Whether it asks for nothing by itself: it is remembered with the next one, or points at the one before."""
    if says_nothing(sentence.core):
        return True
    if remembers_before(sentence):
        return False
    return remembers_before(following) or confirms_before(sentence, situation)


def _names_unknown(sentence: Sentence, calls: Sequence[ToolCall] | None, now: datetime) -> bool:
    """Whether it asks to forget or to change something that no record has."""
    # A statement that led to no call was asked already, by read_change.
    asked = calls is not None or sentence.question
    return unmatched_forget(sentence) or (asked and names_nothing(sentence, now))


def _with_their_times(sentences: Sequence[Sentence], now: datetime) -> Iterator[Sentence]:
    """The sentences; a time alone belongs to the request that follows: "Every weekday at 9:30, remind me to ..."."""
    time: Sentence | None = None
    noted: Sentence | None = None
    for place, sentence in enumerate(sentences):
        follows = sentences[place + 1] if place + 1 < len(sentences) else None
        if place == 0 and follows is not None and _is_only_time(sentence, now) and follows.time(now) is None:
            time = sentence
            continue
        if follows is not None and notes_work(sentence) and sentence.time(now) is None and _is_only_time(follows, now):
            noted = follows  # 「画面を作る。金曜まで。」
            both = f"{follows.core}、{sentence.text}" if sentence.japanese else f"{sentence.core} {follows.core}"
            yield to_sentence(both)
            continue
        if sentence is noted:
            continue
        separator = "、" if sentence.japanese else ", "
        yield sentence if time is None else to_sentence(f"{time.core}{separator}{sentence.text}")
        time = None


def _own_question(sentence: Sentence, now: datetime) -> Question | None:
    """A question for a list of the record, which looks like a request for work."""
    if (
        adds_that(sentence)
        or ASKS_TO_ADD.match(sentence.core)
        or (is_marked(sentence.core) and not asks_to_show(sentence))
    ):
        return None
    question = read_question(sentence, now)
    return question if question is not None and question.kind != "record" else None


def _read(sentence: Sentence, situation: Situation, following: Sentence | None = None) -> list[ToolCall] | None:
    if situation.calls and _is_only_time(sentence, situation.now) and _adds_time(sentence, situation):
        return []
    for reader in (read_request,) if adds_task(sentence) or adds_that(sentence) else READERS:
        if reader is read_decision and (is_detail(sentence, situation) or reminds_of_it(following)):
            continue
        calls = reader(sentence, situation)
        if calls is not None:
            return _with_doubt(sentence, calls, situation)
        if reader is read_memory and unmatched_forget(sentence):
            return None  # what is not known is not forgotten, and it is no work either
    return None


def _ended_before(new: ToolCall, situation: Situation) -> bool:
    """Whether the message has already closed the item: "it's done, so cancel the reminder"."""
    return new.tool in CLOSES and any(
        each.tool in CLOSES and each.arguments.get("id") == new.arguments.get("id", "") for each in situation.calls
    )


def _with_doubt(sentence: Sentence, calls: list[ToolCall], situation: Situation) -> list[ToolCall]:
    """The calls; those are only proposed that are guessed, depend on something, or have a part that is no phrase."""
    doubt = doubt_of_all(sentence, [each.tool for each in calls])
    doubts = [doubt or doubt_of_parts(sentence, each, situation) for each in calls]
    return [
        each if each.propose or why is None else replace(each, propose=True, confidence=0.5, reason=why)
        for each, why in zip(calls, doubts, strict=True)
    ]


def _is_only_time(sentence: Sentence, now: datetime) -> bool:
    """「金曜までにお願いします」."""
    reading = sentence.time(now)
    return (
        reading is not None and not sentence.question and not terms_of(POLITE.sub("", without(sentence.text, reading)))
    )


def _adds_time(sentence: Sentence, situation: Situation) -> bool:
    """「来週の金曜までです」 after a request says when that is due."""
    last = situation.calls[-1] if situation.calls else None
    if last is None or last.tool != "create_intent" or "dueAt" in last.arguments or sentence.question:
        return False
    reading = sentence.time(situation.now, deadline=last.arguments.get("intentType") != "REMINDER")
    if words := unread(reading):
        doubt = stored_text("assistant.time_unread", words=words)
        situation.calls[-1] = replace(last, propose=True, reason=doubt)
        return True
    at = moment(reading)
    if at is None or not isinstance(reading, Time) or len(terms_of(sentence.core)) > 4:
        return False
    arguments = {**last.arguments, "dueAt": at.isoformat()}
    situation.calls[-1] = replace(last, arguments=arguments, propose=False, reason=None)
    return True


def _adds_priority(sentence: Sentence, situation: Situation) -> bool:
    """ "High priority, please." after a request says how urgent that is."""
    last = situation.calls[-1] if situation.calls else None
    priority = find_priority(sentence.text)
    if last is None or last.tool != "create_intent" or priority is None or len(terms_of(sentence.core)) > 4:
        return False
    if priority:
        situation.calls[-1] = replace(last, arguments={**last.arguments, "priority": priority})
    return True


def small_talk_of(sentence: Sentence) -> str | None:
    """A greeting, thanks, agreement ...; None for everything else."""
    plain = re.sub(r"[\s!！。.~〜、,♪☺-➿\U0001f300-\U0001faff]+$", "", sentence.text)
    return next((kind for kind, pattern in SMALL_TALK.items() if pattern.fullmatch(plain)), None)
