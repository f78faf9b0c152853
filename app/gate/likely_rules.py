"""Rules that a sentence breaks in other words than theirs."""

import re

from app.gate.calendar_days import HOURS, is_in_hours
from app.gate.decisions import DecisionReading
from app.gate.likely_choices import find_likely_member
from app.gate.likely_values import find_likely_bound
from app.gate.likeness import (
    ACTION_WEIGHT,
    belongs_to_other,
    content_of,
    has_other_owner,
    is_person,
    likeness,
    outside,
    weight_of,
)
from app.gate.permissions import is_for_others
from app.gate.reading import Sentence, read_sentence
from app.gate.rule_limits import CONDITIONS, has_members, is_about_contrast, is_about_new, is_no_streak
from app.gate.rules import CHANGES, DUTY, NEVER_WITHOUT, ONLY_WHO, occasion_of, read_rule
from app.gate.scopes import REFUSES
from app.gate.statements import Finding
from app.gate.words import ALONE, CONTRASTS, COVERED, DESPITE, OTHERS, VERBS
from app.language.lexicon import Word
from app.language.topics import KINDS

CLAUSE = re.compile(r"[、;。]|, |(?<![a-z])(?:and|but) (?=(?:never|no|not|do not|always)(?![a-z]))")
CONSENT = re.compile(r"(?<![a-z])unless(?![a-z])|(?:でない|ない)限り|(?:承認|許可|同意|確認)(?:なしに|なく)")
BOTH = re.compile(r"(?<![a-z])both(?![a-z])|両方|どちらも|いずれも|両言語|(?<![a-z])and(?![a-z])|と")
JUST = re.compile(r"(?<![a-z])(?:only|just)(?: in| for| the| an?)* $")
ALONE_AFTER = re.compile(r" only(?![a-z])|[のでにを]?(?:だけ|のみ)")
UNDONE = re.compile(r"(?<![a-z])un(?P<english>[a-z]{3,}ed)(?![a-z])|[未無](?P<japanese>[一-龯]{2,4})")
REQUIREMENT = "contradiction.gate_requirement"


def find_likely_rule(statement: Sentence, decision: DecisionReading) -> Finding | None:
    """Why the sentence breaks the rule; None when it does not name enough of it."""
    if statement.examines(decision.concepts):
        done = statement.done_first() if read_rule(decision.text).forbids else None
        return find_likely_rule(done, decision) if done is not None else None
    if read_rule(decision.text).exceptions & statement.closure:
        return _bypasses_exception(statement, decision.text)
    if REFUSES.search(statement.plain) and not REFUSES.search(decision.text.plain):
        return None
    rules = [decision.text, *_clauses(decision.text)]
    return next((found for each in rules if (found := _breaks(statement, each, decision))), None)


def _bypasses_exception(statement: Sentence, text: Sentence) -> Finding | None:
    """It does without what a rule allows a thing with: "before it is approved", where 承認なしに変更しない holds."""
    if CONSENT.search(text.plain) is None:
        return None
    bypassed = [
        each for each in statement.terms if each.name in text.names and statement.bypasses(each.start, each.end)
    ]
    if not bypassed or likeness(content_of(text.plain), content_of(statement.plain)).covered < COVERED["requirement"]:
        return None
    return Finding(REQUIREMENT, 0.78, (("wanted", statement.plain[bypassed[0].start : bypassed[0].end]),))


def _breaks(statement: Sentence, text: Sentence, decision: DecisionReading) -> Finding | None:
    if read_rule(text).forbids:
        return _does_forbidden(statement, text)
    if is_for_others(statement, text):
        return None
    return (
        find_likely_member(statement, decision)
        or _does_alone(statement, text)
        or _does_one_only(statement, text)
        or _is_for_contrast(statement, text)
        or _leaves_out_required(statement, text)
        or find_likely_bound(statement, decision)
    )


def _clauses(text: Sentence) -> list[Sentence]:
    """The clauses of a rule that says two things: "APIs require a login; anonymous access is not allowed"."""
    parts = [each.strip() for each in CLAUSE.split(text.plain)]
    return [read_sentence(each) for each in parts if len(content_of(each)) > 1] if len(parts) > 1 else []


def _does_forbidden(statement: Sentence, text: Sentence) -> Finding | None:
    if (
        statement.undoes
        or is_about_new(statement, text)
        or is_no_streak(statement, text)
        or not has_members(statement, text)
        or is_about_contrast(statement, text)
    ):
        return None
    places = [(each.start, each.end) for each in text.members if each.group in CONDITIONS]
    if bound := HOURS.search(text.plain):
        if not is_in_hours(statement.plain, bound):
            return None
        places.append(bound.span())
    wanted = outside(content_of(text.plain), places)
    words = content_of(statement.plain)
    found = likeness(wanted, words, also=_shared_verbs(statement, text))
    if not read_rule(text).verbs & CHANGES and any(
        not each.action and statement.avoids(each.start, each.end) for _, each in found.found
    ):
        return None
    if found.covered < COVERED["rule"] or has_other_owner(found, wanted, text.plain, words, statement.plain):
        return None
    if belongs_to_other(found, wanted, text.plain, words, statement.plain):
        return None
    return Finding("contradiction.gate_rule", 0.8)


def _shared_verbs(statement: Sentence, text: Sentence) -> list[tuple[int, int]]:
    """The places of the rule's verbs for which the sentence has another one: "roll out" for デプロイ."""
    return [
        match.span()
        for pattern in VERBS.values()
        if pattern.search(statement.plain)
        for match in pattern.finditer(text.plain)
    ]


def _does_one_only(statement: Sentence, text: Sentence) -> Finding | None:
    """It does one of two things that are both required: 日本語だけ, where Japanese and English are."""
    if BOTH.search(text.plain) is None:
        return None
    required = {each.name for each in text.terms if each.known and KINDS.get(each.name)}
    for each in statement.terms:
        others = {name for name in required if name != each.name and set(KINDS[name]) & set(KINDS.get(each.name, ()))}
        if each.name not in required or not others or others & statement.closure:
            continue
        before, after = statement.plain[: each.start], statement.plain[each.end :]
        found = likeness(content_of(text.plain), content_of(statement.plain))
        if (JUST.search(before) or ALONE_AFTER.match(after)) and found.covered >= COVERED["despite"]:
            return Finding(REQUIREMENT, 0.78, (("wanted", statement.plain[each.start : each.end]),))
    return None


def _does_alone(statement: Sentence, text: Sentence) -> Finding | None:
    """One person does what the rule lets people do together only."""
    alone = ALONE.search(statement.plain)
    places = [each.span() for each in OTHERS.finditer(text.plain)]
    if alone is None or not places:
        return None
    rest = [each for each in outside(content_of(text.plain), places) if not is_person(each)]
    if likeness(rest, content_of(statement.plain)).covered < COVERED["requirement"]:
        return None
    return Finding(REQUIREMENT, 0.78, (("wanted", alone[0]),))


def _is_for_contrast(statement: Sentence, text: Sentence) -> Finding | None:
    """It asks for the contrast of what the rule allows only: a personal account, where only company accounts may."""
    if ONLY_WHO.match(text.plain) is None or statement.undoes:
        return None
    for limit, other in CONTRASTS:
        only, said = limit.search(text.plain), other.search(statement.plain)
        if only is None or said is None or limit.search(statement.plain) or other.search(text.plain):
            continue
        wanted = outside(content_of(text.plain), [only.span()])
        if likeness(wanted, content_of(statement.plain)).covered >= COVERED["rule"]:
            return Finding(REQUIREMENT, 0.78, (("wanted", said[0]),))
    return None


def _undone(statement: Sentence, text: Sentence) -> str | None:
    """What the rule requires and the sentence leaves undone: "unsigned", 未承認."""
    required = [each for each in content_of(text.plain) if not each.action or _is_required(each, text)]
    for match in UNDONE.finditer(statement.plain):
        found = likeness(content_of(match["english"] or match["japanese"]), required).found
        if found and not likeness([same for _, same in found], content_of(statement.plain)).found:
            return match[0]  # "pin the unpinned ones" does it
    return None


def _is_required(action: Word, text: Sentence) -> bool:
    """Whether the rule requires that this is done: "has to be signed", 必ず確認してから."""
    if weight_of(action) < ACTION_WEIGHT:
        return False
    duty = DUTY.search(text.plain)
    required = {each.start for each in read_rule(text).terms} if NEVER_WITHOUT.search(text.plain) else set()
    return action.start in required or (duty is not None and action.start >= duty.end())


def _leaves_out_required(statement: Sentence, text: Sentence) -> Finding | None:
    if ONLY_WHO.match(text.plain) and statement.undoes:
        return None
    found = likeness(content_of(text.plain), content_of(statement.plain))
    despite = DESPITE.search(statement.plain)
    if despite and not statement.undoes and found.covered >= COVERED["despite"] and len(found.found) > 1:
        return Finding(REQUIREMENT, 0.75, (("wanted", despite[0]),))
    if found.covered >= COVERED["despite"] and (undone := _undone(statement, text)) is not None:
        return Finding(REQUIREMENT, 0.78, (("wanted", undone),))
    if found.covered < COVERED["requirement"]:
        return None
    start, end = occasion_of(text)
    for asked, each in found.found:
        if (asked.action and not _is_required(asked, text)) or start <= asked.start < end:
            continue
        if statement.bypasses(each.start, each.end):
            return Finding(REQUIREMENT, 0.8, (("wanted", each.text),))
    return None
