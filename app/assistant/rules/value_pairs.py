"""Splits a sentence that states values of several things: "app logs are kept 30 days, audit logs 400 days"."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from app.assistant.rules.patterns import parameter
from app.assistant.rules.sentence import Sentence
from app.assistant.rules.terms import terms_of
from app.language.quantities import Quantity, quantities

MOST = 4
LONGEST = 300  # characters
VERB = re.compile(
    r"^(?P<of>[\w' /-]{2,50}?) (?P<verb>(?:is|are|will be|costs?|will cost|pays?|lasts?|expires?|times? out|lives?|"
    r"has to|have to|must|needs?|gets?|may|can)\b.{0,30})$",
    re.IGNORECASE,
)
VERBS = re.compile(
    r"\b(?:is|are|be|costs?|pays?|lasts?|expires?|out|lives?|must|needs?|gets?|may|can|kept|keep)\b", re.IGNORECASE
)
NAMED = re.compile(r"^(?:(?P<of>[\w' /-]{2,40}?) ?[:=–—-] ?)?(?P<subject>[\w' /-]{2,40})$", re.IGNORECASE)
NEXT = re.compile(
    r"^(?:,|;)? ?(?:(?:and|but|while|whereas) )?(?P<subject>[\w' /-]{2,40}?)"
    r"(?P<verb> (?:is|are|will be|costs?|pays?|lasts?|expires?|kept|for|after|:)(?: [a-z]+){0,3})? ?:?$",
    re.IGNORECASE,
)
AFTER = re.compile(r"^ (?:for|on|in) (?P<subject>[\w' /-]{2,40}?)(?:,? and|,|;)?$", re.IGNORECASE)
JAPANESE_FIRST = re.compile(
    r"^(?:(?P<of>[^、。はが:]{1,20}?)(?:は|が|:)[、,]?)?(?P<subject>[^、。はが:]{1,24}?)(?:は|が|:|が最大|は最大)?$"
)
JAPANESE_NEXT = re.compile(
    r"^(?:です|でし|とし|にし|で)?[、,]\s*(?:一方)?(?P<subject>[^、。はが:]{1,24}?)(?:は|が|:|は最大)?$"
)
MONEY = frozenset({"yen", "dollar", "euro", "pound"})
NO_SUBJECT = re.compile(
    r"^(?:max(?:imum)?|min(?:imum)?|at (?:most|least)|up to|then|about|also|or|only|最大|最低|最長|約|または"
    r"|もしくは)$",
    re.IGNORECASE,
)
CLAUSE = re.compile(
    r"\b(?:takes?|took|is|are|was|were|has|have|had|sold|runs?|ran|made|got|paid|spent|earned|needs?|we|i|they|he|she|it)\b",
    re.IGNORECASE,
)
PLAIN = re.compile(r"[\d,.]+")


def split_values(sentence: Sentence) -> list[Sentence]:
    """One sentence for each value; none unless the values are of the same unit and of different things."""
    text = unicodedata.normalize("NFKC", sentence.core)
    found = quantities(text) if len(text) <= LONGEST else []
    if not 2 <= len(found) <= MOST or any(each.unit not in ("", found[0].unit) for each in found):
        return []
    gaps = [text[: found[0].start], *(text[a.end : b.start] for a, b in pairwise(found))]
    build = _japanese if sentence.japanese else _english
    written = [replace(each, text=text[each.start : each.end]) for each in found]
    clauses = build(gaps, [_with_unit(each, written[0]) for each in written], text[found[-1].end :])
    return [replace(sentence, text=each, core=each) for each in clauses]


def is_bare(sentence: Sentence) -> bool:
    """Whether it only lists things with prices: "adults 2,800 yen, students 1,500"."""
    return not (sentence.japanese or sentence.firm or VERBS.search(sentence.core) or re.search("[:=]", sentence.core))


def _with_unit(quantity: Quantity, first: Quantity) -> str:
    """The quantity as it was written, with the unit of the first one when it has none."""
    if quantity.unit or not PLAIN.fullmatch(quantity.text):
        return quantity.text
    number = PLAIN.search(first.text)
    return f"{first.text[: number.start()]}{quantity.text}{first.text[number.end() :]}" if number else quantity.text


def _english(gaps: Sequence[str], values: Sequence[str], tail: str) -> list[str]:
    subjects_after = [AFTER.fullmatch(each.rstrip()) for each in (*gaps[1:], tail)]
    first = VERB.fullmatch(gaps[0].strip())
    if first and all(subjects_after):
        subjects = [match["subject"] for match in subjects_after if match]
        pairs = zip(subjects, values, strict=True)
        return (
            [f"{first['of']} for {each} {first['verb']} {value}" for each, value in pairs] if _differ(subjects) else []
        )
    following = [NEXT.fullmatch(each.rstrip()) for each in gaps[1:]]
    if not all(following) or tail.strip(" .!"):
        return []
    subjects = [match["subject"].strip() for match in following if match]
    if first:
        verbs = [match["verb"] or f" {first['verb']}" for match in following if match]
        clauses = [f"{each}{verb} {value}" for each, verb, value in zip(subjects, verbs, values[1:], strict=True)]
        return [f"{gaps[0].strip()} {values[0]}", *clauses] if _differ([first["of"], *subjects]) else []
    named = NAMED.fullmatch(gaps[0].strip())
    if named is None or not _differ([named["subject"], *subjects]):
        return []
    if named["of"] is None and not _is_money(values[0]):
        return []
    if any(CLAUSE.search(each) for each in (named["subject"], *subjects)):
        return []
    of = named["of"] or "price"
    verb = "are" if of.endswith("s") else "is"
    return [
        f"{of} for {each} {verb} {value}" for each, value in zip([named["subject"], *subjects], values, strict=True)
    ]


def _japanese(gaps: Sequence[str], values: Sequence[str], tail: str) -> list[str]:
    first, following = JAPANESE_FIRST.fullmatch(gaps[0]), [JAPANESE_NEXT.fullmatch(each) for each in gaps[1:]]
    if first is None or not all(following):
        return []
    subjects = [first["subject"], *(match["subject"] for match in following if match)]
    if not _differ(subjects):
        return []
    name = first["of"] or _shared_name(subjects, values)
    topics = [each if name is None or name in each else f"{each}の{name}" for each in subjects]
    return [f"{topic}は{value}{tail}" for topic, value in zip(topics, values, strict=True)]


def _shared_name(subjects: Sequence[str], values: Sequence[str]) -> str | None:
    """「保存期間」 of 「通常ログの保存期間」, when only the first one is said with it; prices need no name."""
    _, of, name = subjects[0].rpartition("の")
    if of and parameter().search(name) and not any(parameter().search(each) for each in subjects[1:]):
        return name
    if any(parameter().search(each) for each in subjects):
        return None
    return "料金" if _is_money(values[0]) else None


def _is_money(value: str) -> bool:
    found = quantities(value)
    return bool(found) and found[0].unit in MONEY


def _differ(subjects: Sequence[str]) -> bool:
    """Whether they are different things: no words of measure, and no two with the same words."""
    terms = [terms_of(each) for each in subjects]
    return all(terms) and len(set(terms)) == len(terms) and not any(NO_SUBJECT.match(each.strip()) for each in subjects)
