"""What a decided value is about, and whether a sentence speaks about the same quantity of the same subject."""

import re
from dataclasses import dataclass
from functools import lru_cache

from app.gate.decisions import DecisionReading
from app.gate.reading import Sentence
from app.gate.words import ASPECTS, NEUTRAL, STOP, WEAK
from app.language.quantities import Quantity
from app.language.topics import CONCEPTS, TOPIC_OF_PURPOSE, TOPICS
from app.language.words import CJK_RUN

NEAR = 45  # characters between a subject and its amount
DIRECTLY = re.compile(r"[ -]|の|間の|以内の|まで?の?")
# A point in time, not a duration: "in three weeks", 3日後に.
OFFSET_BEFORE = re.compile(
    r"(?<!expires )(?<!expire )(?<!out )(?<!answer )(?<!respond )(?<![a-z])"
    r"(?:in|for the last|for the next|last|past|next) (?:about )?$"
)
OFFSET_AFTER = re.compile(
    r" ?(?:後|前|以前|ago|later|earlier|before(?! (?:logout|expiry))|from now|ぶり|遅れ)(?!に失効)"
)
LASTS = re.compile(r"(?<![a-z])(?:for|up to|within|at most|at least|no longer than) $")


@dataclass(frozen=True, slots=True)
class Subject:
    """`topic` and `title` are the terms that both name, `aspects` the kinds of quantity, such as a size."""

    topic: frozenset[str]
    title: frozenset[str]
    aspects: frozenset[str]


@lru_cache(maxsize=4096)
def subject_of(decision: DecisionReading) -> Subject:
    topic: set[str] = set()
    for part in decision.topic:
        topic.update(sorted(TOPICS[part], key=len)[0] if part in TOPICS else [part])
    for each in decision.text.technologies:
        topic.discard(TOPIC_OF_PURPOSE[each.purpose])  # the version of Python is not the language
    amounts = decision.text.amounts
    title = {
        each.name
        for each in decision.text.terms
        if not any(each.start < amount.end and each.end > amount.start for amount in amounts)
    }
    aspects = frozenset(ASPECTS[each] for each in topic | title if each in ASPECTS)
    return Subject(frozenset(filter(_names_subject, topic)), frozenset(filter(_names_subject, title)), aspects)


def _names_subject(name: str) -> bool:
    return name not in ASPECTS and name not in NEUTRAL and name not in WEAK and name not in STOP and not name.isdigit()


def speaks_of(statement: Sentence, decision: DecisionReading) -> bool:
    """Whether the sentence names the subject of the decided value and no other kind of quantity."""
    subject = subject_of(decision)
    technologies = {each.name for each in decision.text.technologies}
    if (
        technologies
        and statement.technologies
        and technologies.isdisjoint(each.name for each in statement.technologies)
    ):
        return False
    named = {each.name for each in statement.terms} | {
        name.lower() for each in statement.technologies for name in each.name.split()
    }
    aspects = frozenset(ASPECTS[each] for each in named if each in ASPECTS)
    if subject.aspects and aspects and not subject.aspects & aspects:
        return False
    topic = _comparable(subject.topic, statement, decision)
    both = topic | _comparable(subject.title, statement, decision)
    found = both & named
    if not found:
        return False
    whole_topic = bool(topic) and topic <= named
    if not whole_topic and not (len(found) >= 2 and len(found) * 2 >= len(both)) and len(found) < len(both):
        return False
    return bool(subject.aspects & aspects) or len(found) >= 2 or _is_attached(statement, found)


def _comparable(names: frozenset[str], statement: Sentence, decision: DecisionReading) -> set[str]:
    """Without words that the other language would write differently."""
    return {
        each
        for each in names
        if each in CONCEPTS
        or any(each in technology.name.lower() for technology in decision.text.technologies)
        or (CJK_RUN.search(each) is None) == (not statement.japanese)
        or (each.isascii() and decision.text.japanese)
    }


def _is_attached(statement: Sentence, found: set[str]) -> bool:
    """Whether an amount follows a word of the subject, or is directly before it."""
    spans = [(each.start, each.end, each.name) for each in statement.terms]
    for amount in statement.amounts:
        for start, end, name in spans:
            if name not in found:
                continue
            if start >= amount.end and DIRECTLY.fullmatch(statement.plain[amount.end : max(start, amount.end)]):
                return True
            if 0 <= amount.start - end <= NEAR and not any(
                end <= other[0]
                and other[1] <= amount.start
                and other[2] in CONCEPTS
                and other[2] not in found
                and _names_subject(other[2])
                for other in spans
            ):
                return True
    return False


def is_offset(statement: Sentence, amount: Quantity) -> bool:
    """Whether the amount only says when: "in three weeks", 3日後に."""
    if amount.unit not in ("second", "month"):
        return False
    before, after = statement.plain[: amount.start], statement.plain[amount.end :]
    if LASTS.search(before):
        return False
    return OFFSET_BEFORE.search(before) is not None or OFFSET_AFTER.match(after) is not None
