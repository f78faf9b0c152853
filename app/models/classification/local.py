"""Classifies intents without a model, sentence by sentence: by rules, else by the nearest labelled examples."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from app.intent_types import INTENT_TYPES
from app.language.catalogue import StoredText, stored_text
from app.language.data import read_data
from app.language.text import READ_CHARACTERS, is_japanese, split_sentences
from app.models.classification import english, japanese
from app.models.classification.due import Due, read_due
from app.models.classification.examples import ExampleMatch, NearestExamples
from app.models.classification.rules import Rule, Verdict, judge, rule
from app.models.ports import IntentClassification, Turn
from app.text_process import InThisProcess, TextWork

log = structlog.get_logger()

NAME = "local rules"
NAME_OF_EXAMPLES = "labelled examples"
# Cosine similarity from which an example is near enough: an intent always asks for something.
LEAST_SIMILARITY = 0.6
EXAMPLE_CHARACTERS = 1000
SENTENCE_ENDS = ".!?。\n"
SENTENCE_COST = 5  # characters
STATES_SOMETHING = rule("none", "", "reason.states_something", 0.6)
TYPE_RULES = tuple(
    Rule(name, each.pattern, "reason.asks_for_work", each.confidence, each.timed)
    for name, intent_type in INTENT_TYPES.items()
    for each in intent_type.rules
)
ENDS_LIKE_QUESTION = rule("question", "", "reason.ends_like_question", 0.75)
WITHOUT_TIME = "reason.asks_for_reminder_without_time"


NO_HURRY = 0
IMPORTANT = 5
URGENT = 9
URGENCY = read_data(__file__, "urgency.toml")
RELAXED_WORDS = re.compile("|".join(URGENCY["relaxed"]), re.IGNORECASE)
URGENT_WORDS = re.compile("|".join(URGENCY["urgent"]), re.IGNORECASE)
IMPORTANT_WORDS = re.compile("|".join(URGENCY["important"]), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence, the time that it states, and the rule that decides what it asks for."""

    text: str
    time: Due | None
    rule: Rule

    @property
    def verdict(self) -> Verdict:
        return self.rule.verdict

    def reason(self, time: Due | None) -> StoredText:
        """The reason of the rule, with the time when it matters."""
        reason = stored_text(self.rule.reason)
        return reason if time is None else time.reason(reason)


def read_sentence(sentence: str, now: datetime) -> ReadSentence:
    """What one sentence asks for, by the rules."""
    time = read_due(sentence, now)
    timed = time is not None and time.certain
    rule = judge(japanese.core_of(sentence), japanese.RULES, timed=timed) if is_japanese(sentence) else None
    rule = rule or judge(english.core_of(sentence), english.RULES, timed=timed)
    rule = rule or judge(sentence, TYPE_RULES, timed=timed)
    # The Japanese rules ignore question marks: 「直してくれる？」 is a request, but 「直せる？」 matches no rule.
    rule = rule or (ENDS_LIKE_QUESTION if sentence.endswith("?") else STATES_SOMETHING)
    if time and rule.reason == WITHOUT_TIME:
        # It says when, though not exactly: the reminder asks for the time, and no work is done on it.
        rule = replace(rule, verdict="reminder", reason="reason.asks_for_reminder")
    if time and _due(rule.verdict) != "none":
        # Work "on Friday" is due at the end of that day; a reminder "by Friday" is due in its morning.
        time = read_due(sentence, now, deadline=_due(rule.verdict) == "deadline")
    return ReadSentence(sentence, _relevant(time, rule), rule)


def _relevant(time: Due | None, rule: Rule) -> Due | None:
    """The time. A past or vague one matters only to a reminder: "fix the bug of last Friday" is due at no time."""
    return time if time is None or time.certain or _due(rule.verdict) == "moment" else None


def _due(verdict: Verdict) -> str:
    """Whether a time in the sentence is a "deadline" of its intent, the "moment" to act, or "none" of both."""
    return "none" if verdict == "none" else INTENT_TYPES[verdict].due


def find_priority(text: str) -> int | None:
    """9 for urgent, 5 for important, 0 for no hurry, None when the text says nothing about it."""
    if RELAXED_WORDS.search(text):
        return NO_HURRY
    if URGENT_WORDS.search(text):
        return URGENT
    return IMPORTANT if IMPORTANT_WORDS.search(text) else None


def _confidence(match: ExampleMatch) -> float:
    return round(min(0.5 + 0.4 * match.similarity, 0.9), 2)


def _likeness(match: ExampleMatch) -> StoredText:
    return stored_text("reason.most_similar", example=match.example)


def read_intent(description: str, now: datetime) -> tuple[IntentClassification | None, datetime | None]:
    """The type by the first sentence that asks for something, None when there is none; and the first time."""
    sentences = [read_sentence(sentence, now) for sentence in split_sentences(description)]
    due_at = next((each.time.at for each in sentences if each.time and each.time.at), None)
    decides = next((each for each in sentences if each.verdict != "none"), None)
    if decides is None:
        return None, due_at
    reason = decides.reason(decides.time)
    return IntentClassification(decides.verdict, decides.rule.confidence, reason, NAME, due_at), due_at


def _size(text: str) -> int:
    """The characters that are read, and for each sentence some more: ﷺ is 18 characters, and 「明日。」 a sentence."""
    plain = unicodedata.normalize("NFKC", text[:READ_CHARACTERS])
    return len(plain) + SENTENCE_COST * sum(map(plain.count, SENTENCE_ENDS))


class LocalClassifier:
    """Implements app.models.ports.Classifier. Without `examples` the rules alone decide.

    Raises TextProcessError when the process that reads long texts is ended.
    """

    def __init__(self, examples: NearestExamples | None = None, work: TextWork | None = None) -> None:
        self._examples = examples
        self._work = work or InThisProcess()

    async def classify_intent(self, description: str, recent: Sequence[Turn], now: datetime) -> IntentClassification:
        """The first sentence that asks for something decides."""
        found, due_at = await self._work.run(_size(description), read_intent, description[:READ_CHARACTERS], now)
        return found if found is not None else await self._classify_by_example(description, due_at)

    async def _classify_by_example(self, description: str, due_at: datetime | None) -> IntentClassification:
        """For an intent that no rule matches: the type of the nearest labelled examples, or a task."""
        match = await self._find_example(description)
        if match is not None and match.similarity >= LEAST_SIMILARITY:
            kind = "task" if _due(match.kind) == "moment" and due_at is None else match.kind
            return IntentClassification(kind, _confidence(match), _likeness(match), NAME_OF_EXAMPLES, due_at)
        return IntentClassification("task", 0.5, stored_text("reason.no_other_type"), NAME, due_at)

    async def _find_example(self, description: str) -> ExampleMatch | None:
        if self._examples is None or not description[:EXAMPLE_CHARACTERS].strip():
            return None
        try:
            return await self._examples.find(description[:EXAMPLE_CHARACTERS])
        except Exception as failure:
            # Any failure of the embedder: the rules alone decide.
            log.warning("the labelled examples are not available", reason=str(failure), exc_info=failure)
            return None
