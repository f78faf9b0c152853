"""Another value of what a sentence names in other words than the decision does."""

import re
from collections.abc import Sequence

from app.gate.decisions import MONEY, DecisionReading
from app.gate.likeness import (
    content_of,
    has_other_owner,
    is_attribute,
    is_of_event,
    likeness,
    outside,
    shares_no_thing,
    weight_of,
)
from app.gate.reading import Sentence
from app.gate.scopes import REFUSES
from app.gate.statements import Finding
from app.gate.values import (
    EVERYONE,
    NARROWER,
    amounts_of,
    is_comparable,
    is_condition,
    is_qualified,
    is_same_amount,
    is_within,
    keeps_bound,
    names_other_time,
    refuses,
    stated_amounts,
)
from app.gate.words import COVERED, DIMENSIONS
from app.language.lexicon import Word
from app.language.quantities import Quantity
from app.language.topics import topic_key
from app.language.words import stem

MEASURED = frozenset({"pixel", "degree", "hertz", "rpm", "metre", "gram", "litre", "volt", "ampere", "watt", "decibel"})
FIRST_STATUS_CODE = 400
FREE = re.compile(
    r"(?<![a-z-])(?:for free|free of charge|make (?:\w+ ){1,4}free(?![ -]\w))|無料に|無料で|タダに|無償に"
)
PER = re.compile(r"(?<=\S )(?:per|each) (?:\w+ and )?$")
PART_OF = re.compile(r"(?P<owner>[^\s、。はがをの:]{2,12})の(?P<name>[^\s、。はがをの:]{2,16})(?=[はがを:]|$)")
KANA = frozenset(map(chr, range(ord("ぁ"), ord("ん") + 1)))
AFTER_OR_BEFORE = re.compile(r"(?:after|before) (?:the )?$")


def find_likely_value(statement: Sentence, decision: DecisionReading) -> Finding | None:
    """Why the sentence contradicts the decided value; None when it does not name enough of its subject."""
    if statement.examines(decision.concepts) or refuses(statement, decision):
        return None
    if _is_of_other_part(statement.plain, decision.text.plain):
        return None
    if _is_of_other_dimension(statement.plain, decision.text.plain):
        return None
    decided = [each for _, each in amounts_of(decision)]
    stated = stated_amounts(statement, decision)
    if any(is_same_amount(one, other) for one in stated for other in decided):
        return None
    subject = _without_implied(subject_of(decision, statement), {each.unit for each in decided})
    known = decision.concepts | decision.text.names | frozenset(decision.topic)
    if _is_narrower(statement, subject) or is_qualified(statement, decision, known):
        return None
    words = [each for each in _without_amounts(statement) if not _says_when(statement, each)]
    found = likeness(subject, words, exact=True)
    if found.covered < COVERED["value"]:
        return None
    if has_other_owner(found, subject, decision.text.plain, words, statement.plain) or is_of_event(
        found, subject, decision.text.plain, words, statement.plain
    ):
        return None
    if not decided:
        other = names_other_time(statement, decision)
        return Finding("contradiction.gate_value", 0.8, (("wanted", statement.plain),)) if other else None
    return _other_amount(
        statement, [each for each in stated if not _is_kept(statement, each, decision)], decided, subject
    )


def _is_kept(statement: Sentence, wanted: Quantity, decision: DecisionReading) -> bool:
    comparable = [each for _, each in amounts_of(decision) if is_comparable(wanted, each)]
    return bool(comparable) and is_within(statement, wanted, comparable[0], decision)


def find_likely_bound(statement: Sentence, decision: DecisionReading) -> Finding | None:
    """An amount that a rule does not allow: a ratio of 2:1, where it must be at least 4.5:1."""
    rule = decision.text.plain
    decided = [each for text, each in amounts_of(decision) if each.unit and not is_condition(text, each)]
    stated = [each for each in stated_amounts(statement, decision) if each.unit]
    subject, words = subject_of(decision, statement), _without_amounts(statement)
    found = likeness(subject, words, exact=True)
    if not decided or refuses(statement, decision) or found.covered < COVERED["value"]:
        return None
    if has_other_owner(found, subject, rule, words, statement.plain):
        return None
    for wanted in stated:
        comparable = [each for each in decided if is_comparable(wanted, each)]
        if comparable and not any(
            is_same_amount(wanted, each) or keeps_bound(wanted, each, rule) for each in comparable
        ):
            return Finding("contradiction.gate_value", 0.8, (("wanted", wanted.text),))
    return None


def is_of_other_subject(statement: Sentence, decision: DecisionReading) -> bool:
    """Whether it is about the same quantity of something else: the price of tea, not of coffee."""
    if _is_of_other_part(statement.plain, decision.text.plain):
        return True
    if _is_of_other_dimension(statement.plain, decision.text.plain):
        return True
    subject, words = subject_of(decision, statement), _without_amounts(statement)
    if shares_no_thing(_uncounted(subject, decision.text), words):
        return True
    found = likeness(subject, words, exact=True)
    if is_of_event(found, subject, decision.text.plain, words, statement.plain):
        return True
    if found.covered < COVERED["other"] and not decision.is_topic_of(statement):
        return True
    return has_other_owner(found, subject, decision.text.plain, words, statement.plain)


def _is_of_other_dimension(statement: str, decision: str) -> bool:
    """Whether it is the height, where the width is decided."""
    said, decided = (
        {name for name, pattern in DIMENSIONS.items() if pattern.search(plain)} for plain in (statement, decision)
    )
    return bool(said and decided) and said.isdisjoint(decided)


def _is_of_other_part(statement: str, decision: str) -> bool:
    """Whether both name a part with the same noun, and the parts have nothing in common: 「書き込みのタイムアウト」."""
    for one in PART_OF.finditer(decision):
        for other in PART_OF.finditer(statement):
            if one["name"] != other["name"] or topic_key(one["owner"]) == topic_key(other["owner"]):
                continue
            if (
                not set(one["owner"]) - KANA & set(other["owner"])
                and not likeness(content_of(one["owner"]), content_of(other["owner"])).found
            ):
                return True
    return False


def subject_of(decision: DecisionReading, statement: Sentence) -> list[Word]:
    """The words of the decision's sentence without amounts, and those of its topic that the statement names."""
    said = [each for each in _without_amounts(decision.text) if not PER.search(decision.text.plain[: each.start])]
    named = [each for each in content_of(", ".join(decision.topic)) if not likeness([each], said).found]
    if sum(map(weight_of, said)) >= 1:
        named = [each for each in named if likeness([each], content_of(statement.plain), exact=True).found]
    return [*said, *named]


def _other_amount(
    statement: Sentence, stated: Sequence[Quantity], decided: Sequence[Quantity], subject: Sequence[Word]
) -> Finding | None:
    free = FREE.search(statement.plain)
    if free and not stated and any(each.unit in MONEY and each.value for each in decided):
        return Finding("contradiction.gate_value", 0.8, (("wanted", free[0]),))
    for wanted in stated:
        if not wanted.unit and wanted.value >= FIRST_STATUS_CODE and REFUSES.search(statement.plain):
            continue
        if any(is_comparable(wanted, each) for each in decided) and not _counts_other(statement, wanted.end, subject):
            return Finding("contradiction.gate_value", 0.8, (("wanted", wanted.text),))
    return None


def _without_implied(subject: list[Word], units: set[str]) -> list[Word]:
    """Without the kind of quantity that the unit says: what is 13 pixels of a text is its size."""
    if not units & MEASURED:
        return subject
    return [each for each in subject if not (is_attribute(each) and weight_of(each) > 0)] or subject


def _without_amounts(sentence: Sentence) -> list[Word]:
    return outside(content_of(sentence.plain), [(each.start, each.end) for each in sentence.amounts])


def _uncounted(words: Sequence[Word], sentence: Sentence) -> list[Word]:
    """Without the names of what is counted: the rows of a page of 50 rows."""
    ends = {amount.end + 1 for amount in sentence.amounts if not amount.unit}
    return [each for each in words if each.start not in ends]


def _says_when(statement: Sentence, word: Word) -> bool:
    """閉店後, "after closing"."""
    following = statement.plain[word.end : word.end + 1]
    return following in ("後", "前") or AFTER_OR_BEFORE.search(statement.plain[: word.start]) is not None


def _counts_other(statement: Sentence, end: int, subject: Sequence[Word]) -> bool:
    """Whether the amount counts another thing: "five members" for a limit of projects."""
    after = [
        each
        for each in content_of(statement.plain)
        if each.start >= end and statement.plain[end : each.start] in ("", " ", "-", "の")
    ]
    return bool(after) and not after[0].action and not likeness(after[:1], subject).found


def _is_narrower(statement: Sentence, subject: Sequence[Word]) -> bool:
    """Whether it is limited to something that the subject does not name: "for administrators"."""
    words = content_of(statement.plain)
    for match in NARROWER.finditer(statement.plain):
        start, end = match.span("english" if match["english"] else "japanese")
        if any(stem(each) in EVERYONE for each in statement.plain[start:end].split()):
            continue
        if any(amount.start < end and start < amount.end for amount in statement.amounts):
            continue
        inside = [each for each in words if each.start < end and start < each.end]
        if inside and not likeness(inside, subject).found:
            return True
    return False
