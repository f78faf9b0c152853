"""Turns "cancel the reminder", 「資料できました」 and "reopen the task" into calls for the item that is named."""

import re
from dataclasses import replace
from datetime import datetime

from app.assistant.record import KnownIntent
from app.assistant.rules.matching import Found, find, find_probable
from app.assistant.rules.moves import moves_nothing, read_move, shifts
from app.assistant.rules.revisions import SPECIFICATION
from app.assistant.rules.sentence import Sentence, without, zone_name
from app.assistant.rules.situation import Situation, call
from app.assistant.rules.skips import names_skipped, read_skip
from app.assistant.rules.statements import read_statement
from app.assistant.rules.targets import (
    DATA,
    ITEM,
    LAST,
    PLAIN_CANCEL,
    POINTS_BACK,
    REMINDER,
    WHY,
    calls_for,
    counted_of,
    latest_of,
    meant_by_it,
    named,
    patterns,
    pool_of,
    said,
    target_of,
)
from app.assistant.rules.terms import containment, terms_of
from app.language.catalogue import stored_text
from app.language.times.reading import read_time
from app.tools.calls import ToolCall

ALL = re.compile(r"^(?:all|every)\b|\ball (?:of )?(?:the|my)\b|すべて|全て|全部", re.IGNORECASE)
POLITE = re.compile(
    r"^(?:can|could|would|will) you\b|(?:でき|もらえ|くれ|いただけ)(?:る|ます)か?$",
    re.IGNORECASE,
)
CREATES = re.compile(r"追加|作成|登録|作って|設定|セット|\b(?:add|create|set|make|new)\b", re.IGNORECASE)
# When or how it was done: "the import is done as of ten minutes ago".
SINCE = re.compile(DATA["complete"]["since"], re.IGNORECASE)
MOVES = re.compile(DATA["move"]["moves_only"], re.IGNORECASE)
# "Close it", 「完了にしといて」: about what the sentence before says.
CLOSES = re.compile(DATA["complete"]["closes"], re.IGNORECASE)
DONE_TOLD = re.compile(DATA["complete"]["told"], re.IGNORECASE)
# 「市への報告は、月曜じゃなくて火曜にして」
OTHER_TIME = re.compile(
    r"(?:じゃなくて?|ではなくて?|でなくて?)[、,]?[^。、]{1,16}(?:に(?:して|変更|変え|ずらし)|で(?:お願い|いい))"
)
STARTED = "processing"
NEARLY = 0.6
FULLY = 0.9
MOST_WORDS = 9


def read_change(sentence: Sentence, situation: Situation) -> list[ToolCall] | None:
    """The calls for a change of existing items; None when the sentence asks for none, or for something else's."""
    if sentence.supposed or (sentence.question and not POLITE.search(sentence.core)):
        return None
    if (skipped := read_skip(sentence, situation)) is not None:
        return skipped
    return (
        _cancel(sentence, situation)
        or _reopen(sentence, situation)
        or read_move(sentence, situation)
        or _complete(sentence, situation)
        or _put_back(sentence, situation)
        or _start(sentence, situation)
        or ([] if names_nothing(sentence, situation.now) else None)
    )


def names_nothing(sentence: Sentence, now: datetime) -> bool:
    """Whether the sentence asks to change an item by name: when none fits, it is no new task either."""
    if sentence.supposed or CREATES.search(sentence.core):
        return False
    if names_skipped(sentence, now) or (OTHER_TIME.search(sentence.core) and sentence.time(now) is not None):
        return True
    if read_statement(sentence, now) is not None:
        return False
    if shifts(sentence):
        return True
    if MOVES.search(sentence.core) is not None or moves_nothing(sentence, now):
        return True
    if ITEM.search(sentence.core) is None:
        return False
    return any(said(kind, sentence) is not None for kind in ("cancel", "complete", "reopen"))


def _cancel(sentence: Sentence, situation: Situation) -> list[ToolCall] | None:
    what = said("cancel", sentence)
    if what is None:
        return None
    named_item = ITEM.search(sentence.core) is not None or REMINDER.search(sentence.core) is not None
    pool = pool_of(sentence.core, situation.record.open_intents)
    if named_item and ALL.search(what):
        doubt = stored_text("assistant.several_named")
        return [call("cancel_intent", {"id": str(each.id)}, propose=doubt) for each in pool] or None
    if not what and not named_item:
        return None
    if not terms_of(what) and not named_item and not LAST.search(what):
        return None
    found = target_of(what, situation, pool)
    if found.one is None and not found.several and len(pool) < len(situation.record.open_intents):
        # 「通知メールの文面は不要です」: the word for a reminder may be a part of a name.
        found = target_of(what, situation, situation.record.open_intents)
    points = LAST.search(what) is not None and POINTS_BACK.search(what) is not None
    sure = named_item or points or PLAIN_CANCEL.search(sentence.core) is not None or _names_document(what, found.one)
    return calls_for("cancel_intent", found, sure=sure)


def _names_document(what: str, found: KnownIntent | None) -> bool:
    """ "drop the refund spec" means the item that asks for it, and not something in a program."""
    return found is not None and found.intent_type == "specification" and SPECIFICATION.search(what) is not None


def _complete(sentence: Sentence, situation: Situation) -> list[ToolCall] | None:
    pool = situation.record.open_intents
    if CLOSES.fullmatch(sentence.core) and (before := _done_before(situation)) is not None:
        return calls_for("complete_intent", before, sure=True)
    what = said("complete", sentence) or said("complete", sentence, SINCE.sub("", sentence.core))
    if what is not None and (counted := counted_of(what, situation)) is not None:
        return calls_for("complete_intent", Found(one=counted), sure=True)
    if what is not None and terms_of(what):
        found = find_probable(_without_when(what, situation), pool, named)
        if found.one or found.several:
            return calls_for("complete_intent", found, sure=True)
    elif what is not None and LAST.search(what):
        return calls_for("complete_intent", meant_by_it(situation), sure=True)
    if happened := _happened(sentence, situation):
        return happened
    (past,) = patterns("complete", "past_japanese" if sentence.japanese else "past_english")
    did = past.fullmatch(WHY.split(sentence.core, maxsplit=1)[0]) or past.fullmatch(sentence.core)
    done = _without_when(did["what"], situation) if did else ""
    if len(terms_of(done)) < 2:
        return None
    found = find(done, pool, named, sure=NEARLY)
    # "I've sent the contract to the owner" is the whole item; a few of its words may be those of something else.
    whole = found.one is not None and containment(terms_of(found.one.description), terms_of(done)) >= FULLY
    return calls_for("complete_intent", found, sure=whole and not sentence.japanese)


def _done_before(situation: Situation) -> Found[KnownIntent] | None:
    """The item of 「写真の撮り直し、さっき終わったって。」 before 「完了にしといて」."""
    if not situation.earlier or situation.calls:
        return None
    told = DONE_TOLD.sub("", SINCE.sub("", situation.earlier[-1].core))
    found = find_probable(told, situation.record.open_intents, named)
    return replace(found, doubtful=False) if found.one is not None else None


def _happened(sentence: Sentence, situation: Situation) -> list[ToolCall] | None:
    """ "Gel's bought", "cert automation shipped": a short statement about one item, in a form that says it is done."""
    if sentence.japanese or len(sentence.core.split()) > MOST_WORDS:
        return None
    (passive,) = patterns("complete", "passive_english")
    match = passive.fullmatch(SINCE.sub("", sentence.core))
    if match is None:
        return None
    found = find(match["what"], situation.record.open_intents, named, sure=FULLY)
    return calls_for("complete_intent", found, sure=True) if found.one else None


def _without_when(what: str, situation: Situation) -> str:
    """ "the numbers this morning" without the time at which it was done."""
    return without(what, read_time(what, situation.now, zone_name(situation.now)))


def _reopen(sentence: Sentence, situation: Situation) -> list[ToolCall] | None:
    what = said("reopen", sentence)
    if what is None:
        return None
    ended = [each for each in situation.record.intents if not each.open]
    return calls_for("reopen_intent", find(what, ended, named), sure=True)


def _put_back(sentence: Sentence, situation: Situation) -> list[ToolCall] | None:
    """The started to-do that is named, or without a name the latest one, waits again."""
    started = [each for each in situation.record.open_intents if each.status == STARTED and each.assignee == "person"]
    what = said("put_back", sentence) if started else None
    if what is None:
        return None
    if not terms_of(what):
        return calls_for("reopen_intent", Found(one=latest_of(situation, started)), sure=True)
    return calls_for("reopen_intent", find(what, started, named), sure=True)


def _start(sentence: Sentence, situation: Situation) -> list[ToolCall] | None:
    what = said("start", sentence)
    if what is None:
        return None
    todos = [each for each in situation.record.open_intents if each.assignee == "person" and each.status == "pending"]
    return calls_for("start_intent", find(what, todos, named), sure=True)
