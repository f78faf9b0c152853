"""Why a call is only proposed: a part of it is no phrase, or the sentence has an exception that no part has.

A rule may fit a sentence by chance, so what changes the record is done only when its topic, options, value and time
have the form that such parts have.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.assistant.rules.further_tasks import adds_that
from app.assistant.rules.request_texts import adds_task
from app.assistant.rules.sentence import Sentence, zone_name
from app.assistant.rules.situation import Situation
from app.language.catalogue import StoredText, stored_text
from app.language.data import any_of, read_data
from app.language.technologies import mentions_of
from app.language.text import is_japanese
from app.language.times.reading import Time, read_time
from app.tools.calls import ToolCall

DATA = read_data(__file__, "guard.toml")
EDGE, CLAUSE, JAPANESE_EDGE, JAPANESE_CLAUSE, NUMBER, EXCEPTION, OBJECT, DECIDES, USES, GENERAL, PHASE = (
    re.compile(any_of(DATA[name]), re.IGNORECASE)
    for name in (
        "edge", "clause", "edge_japanese", "clause_japanese", "number", "exception", "object_japanese", "decides",
        "uses", "general", "phase",
    )
)  # fmt: skip
MOST_WORDS = {"topic": 7, "option": 6}


def doubt_of_parts(sentence: Sentence, new: ToolCall, situation: Situation) -> StoredText | None:
    """Why the call is only proposed; None when its parts have the form of such parts."""
    if new.tool == "record_decision":
        if new.arguments["kind"] == "RULE":
            return stored_text("assistant.kind_unsure") if _is_no_rule(str(new.arguments["title"])) else None
        if new.arguments["kind"] == "CHOICE" and not new.arguments.get("topic"):
            return stored_text("assistant.topic_missing")
        odd = next(_odd_parts(new.arguments, situation), None) or _exception(sentence, new.arguments)
        return stored_text("assistant.part_unread", words=odd) if odd else None
    if new.tool == "create_intent":
        return _doubt_of_work(sentence, new.arguments, situation)
    if new.tool in ("cancel_intent", "complete_intent") and (match := EXCEPTION.search(sentence.core)):
        return stored_text("assistant.part_unread", words=match[0].strip(" 、,"))
    return None


def _is_no_rule(title: str) -> bool:
    """Whether it rather chooses a technology, or says what belongs to a phase."""
    if PHASE.search(title):
        return True
    return USES.search(title) is not None and GENERAL.search(title) is None and bool(mentions_of(title))


def _odd_parts(arguments: Mapping[str, Any], situation: Situation) -> Iterator[str]:
    """The parts of a decision that are no phrase; those of earlier decisions are as they were recorded."""
    known = {each for one in situation.record.decisions for each in (one.topic, one.chosen)}
    options: Sequence[Mapping[str, str]] = arguments.get("options") or ()
    parts = [("topic", arguments.get("topic")), *(("option", each["label"]) for each in options)]
    for kind, text in parts:
        if text and text not in known and not _is_phrase(text, MOST_WORDS[kind]):
            yield text
    value = arguments.get("value")
    if value and NUMBER.search(value) is None:
        yield value


def _is_phrase(text: str, most_words: int) -> bool:
    """Whether it can name something: no clause, and no particle or preposition at its edge."""
    if is_japanese(text):
        return JAPANESE_EDGE.search(text) is None and JAPANESE_CLAUSE.search(text) is None
    return len(text.split()) <= most_words and EDGE.search(text) is None and CLAUSE.search(text) is None


def _exception(sentence: Sentence, arguments: Mapping[str, Any]) -> str | None:
    """An exception from a value or an option, which neither of them has."""
    match = EXCEPTION.search(sentence.core) if arguments["kind"] in ("CHOICE", "VALUE") else None
    if match is None or (match[0].strip().lower() in str(arguments.get("value", "")).lower()):
        return None
    return match[0].strip(" 、,")


def _doubt_of_work(sentence: Sentence, arguments: Mapping[str, Any], situation: Situation) -> StoredText | None:
    """A reminder whose text has a second time, or work that is not named."""
    description = str(arguments["description"]).partition("\n")[0]
    if arguments["intentType"] == "REMINDER":
        left = read_time(description, situation.now, zone_name(situation.now))
        if isinstance(left, Time) and left.clock and left.spans:
            start, end = left.spans[0]
            return stored_text("assistant.time_unread", words=description[start:end])
        return None
    if arguments["intentType"] != "TASK" or adds_task(sentence) or adds_that(sentence):
        return None
    if DECIDES.search(description) or (sentence.japanese and OBJECT.search(sentence.core) is None):
        return stored_text("assistant.probably_task")
    return None
