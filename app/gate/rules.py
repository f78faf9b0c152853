"""Contradictions of a sentence with a decided rule: it asks for what is forbidden, or leaves out what is required."""

import re
from dataclasses import dataclass
from functools import lru_cache

from app.gate.choices import find_other_choice, find_other_member
from app.gate.decisions import DecisionReading
from app.gate.likeness import belongs_to_other, content_of, likeness
from app.gate.permissions import find_unpermitted, is_for_others
from app.gate.reading import Sentence, read_sentence, read_sentences
from app.gate.rule_limits import (
    CONDITIONS,
    has_members,
    is_about_contrast,
    is_about_new,
    is_for_other_thing,
    is_no_streak,
    names_other_place,
    shows_to_person,
)
from app.gate.statements import Finding
from app.gate.values import find_other_value
from app.gate.words import EXCEPTIONS, FORBIDS, OPPOSITES, UNDO, VERBS, WEAK
from app.language.topics import CONCEPTS, KINDS, Term, wider

NOT_FORBIDDING = re.compile(r"not only|no (?:later|more|longer|less) than|no longer|しないと|だけでなく|のみならず")
# "Never merge without a review" requires a review.
NEVER_WITHOUT = re.compile(
    r"(?:without|before|until|unless)\s+(?P<english>.+)$|(?P<japanese>[^、。]{1,20}?)(?:なし|無し|なく|せず|(?<!必)(?<!ま)ず(?=に|、)|抜き)(?:で|に|の)?[^。]{0,20}(?:ない|ません|禁止|不可|いけ)"
    r"|(?P<lacking>[^、。]{1,20}?)[のが](?:ない|無い)(?=[^。]{1,20}(?:ない|ません|禁止|不可|いけ))"
)
# What must not leave a place stays there: "patient data must not leave Japan".
STAYS = re.compile(
    r"(?<![a-z])(?:leave|exit"
    r"|(?:be )?(?:stored|kept|hosted|moved|sent|transferred|held|go|taken|copied|processed) outside)(?![a-z])"
    r"|(?:から|の外[にへ]?|外[にへ])(?:は|も)?(?:持ち出|出[さしる]|移[さし]|送[らり])"
)
ABROAD = re.compile(r"(?<![a-z])(?:overseas|abroad)(?![a-z])|海外|国外")
OTHER_CLAUSE = re.compile(
    r"[,;、。.—]\s*(?=(?:use|write|always|only|prefer|instead|we|they|it|ask|run|do|keep|put|send|store)(?![a-z])"
    r"|[^、。,]*(?:する|使う|書く|行う|こと|とする)[。]?$)|[;—]"
)
REMOVALS = frozenset({"delete", "disable"})
CHANGES = REMOVALS | {"change"}
EXCLUSIVE = frozenset({"natural language", "operating system", "payment method"})  # one of a kind is used
MANNERS = frozenset(each for opposites in OPPOSITES.values() for each in opposites)  # "in plain text" is no place
BEFORE_WHAT = re.compile(r"(?<![a-z])(?:before|when|whenever|if|prior to)(?![a-z])")
AFTER_WHAT = re.compile(
    r"(?:する|の)?(?:前に|前には|際は|際に|時は|ときは|場合は)|は(?=、?(?:必ず|常に|毎回|事前に|先に))"
)
ONLY_WHO = re.compile(r"only |[^、。はをが]{1,20}(?:のみ|だけ)(?:が|に|は)")
DUTY = re.compile(
    r"(?<![a-z])(?:must|shall|should|needs?|has to|have to|requires?|(?:is|are) only)(?![a-z])(?! be (?:present|there))"
    r"|^[^、。は]{2,30}は、?(?=.*(?:必ず|常に|毎回|こと))"
)
PURPOSE = re.compile(
    r"(?:,? so (?:that )?|,? because |,? since |,? in order to |,? to (?:avoid|prevent|save) )(?=[a-z]).*$"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """`terms`: what is forbidden, or what is required. `exceptions`: terms of what the rule leaves out."""

    forbids: bool
    terms: tuple[Term, ...]
    verbs: frozenset[str]
    exceptions: frozenset[str]


def find_broken_rule(statement: Sentence, decision: DecisionReading) -> Finding | None:
    """Why the sentence breaks the rule; None when it does not."""
    rule = read_rule(decision.text)
    if statement.examines(decision.concepts):
        done = statement.done_first() if rule.forbids else None
        return find_broken_rule(done, decision) if done is not None else None
    if rule.exceptions & statement.closure:
        return None
    if rule.forbids:
        place = find_other_member(statement, decision) if _names_where_it_stays(decision.text) else None
        return place or _does_forbidden(statement, decision.text, rule)
    if is_for_others(statement, decision.text):
        return find_unpermitted(statement, decision.text)
    return (
        find_unpermitted(statement, decision.text)
        or _leaves_out_required(statement, decision, rule)
        or _other_of_kind(statement, decision.text, rule)
        or find_other_value(statement, decision)
        or find_other_choice(statement, decision)
    )


def _names_where_it_stays(text: Sentence) -> bool:
    regions = {each.group for each in text.members} == {"region"}
    return regions and STAYS.search(text.plain) is not None and ABROAD.search(text.plain) is None


@lru_cache(maxsize=4096)
def read_rule(text: Sentence) -> Rule:
    plain = text.plain
    clause = _forbidding_clause(plain)
    cut = EXCEPTIONS.search(plain)
    end = cut.start() if cut and cut[0].isascii() else len(plain)
    excepted = frozenset(each.name for each in text.terms if each.start >= end) if cut else frozenset()
    if cut and not cut[0].isascii():  # the exception precedes 以外
        end, place = len(plain), cut.start()
        before = [each for each in text.terms if each.end <= place]
        excepted = frozenset(each.name for each in before[-2:])
    terms = tuple(each for each in text.terms if each.end <= end and each.name not in excepted and _is_in(each, clause))
    forbidding = FORBIDS.search(plain) is not None and NOT_FORBIDDING.search(plain) is None
    required = NEVER_WITHOUT.search(plain) if forbidding else None
    if required is not None:
        start, stop = required.span(next(name for name, said in required.groupdict().items() if said))
        terms = tuple(
            each for each in text.terms if start <= each.start and each.end <= stop and each.name not in excepted
        )
        return Rule(False, terms, frozenset(), excepted)
    return Rule(forbidding, terms, text.verbs, excepted)


def forbids(text: str) -> bool:
    """Whether the first sentence of a text forbids something."""
    sentences = read_sentences(text)
    return bool(sentences) and read_rule(sentences[0]).forbids


def _is_in(term: Term, clause: tuple[int, int]) -> bool:
    return clause[0] <= term.start and term.end <= clause[1]


def _forbidding_clause(plain: str) -> tuple[int, int]:
    """Start and end of the clause that forbids: the first half of "no ORMs, write SQL"; the whole text otherwise."""
    forbids = FORBIDS.search(plain)
    cut = OTHER_CLAUSE.search(plain) if forbids else None
    if forbids is None or cut is None:
        return 0, len(plain)
    return (0, cut.start()) if forbids.start() < cut.start() else (cut.start(), len(plain))


def _does_forbidden(statement: Sentence, text: Sentence, rule: Rule) -> Finding | None:
    if is_about_new(statement, text) or is_no_streak(statement, text):
        return None
    technology = _forbidden_technology(statement, text)
    if technology is not None:
        return Finding("contradiction.gate_rule", 0.92, (("wanted", technology),))
    return next(
        (found for each in _wanted_parts(statement) if (found := _is_forbidden(each, text, rule))),
        None,
    )


def _wanted_parts(statement: Sentence) -> list[Sentence]:
    """What the sentence asks for without its purpose, and the whole sentence."""
    head = PURPOSE.sub("", statement.plain)
    return [statement] if head == statement.plain else [read_sentence(head), statement]


def _is_forbidden(statement: Sentence, text: Sentence, rule: Rule) -> Finding | None:
    if statement.undoes and (not rule.verbs & REMOVALS or FORBIDS.search(statement.plain)):
        return None
    concepts, words = _subjects(rule, text)
    if is_about_contrast(statement, text):
        return None
    places = frozenset(each.name for each in rule.terms if each.known and text.is_place(each)) & concepts
    objects = concepts - places
    if not places & MANNERS <= statement.closure:
        return None
    whole = bool(objects and places and concepts <= statement.closure)
    if (objects or words) and places and not places & statement.closure:
        if names_other_place(statement, places) or shows_to_person(statement):
            return None
        concepts = objects
    elif not _is_same_action(statement, rule) and not whole:
        return None
    if not _is_same_action(statement, rule) and not whole:
        return None
    if not has_members(statement, text) or not _covers(statement, text, concepts, words):
        return None
    return None if _is_spared(statement, text, rule, concepts) else Finding("contradiction.gate_rule", 0.88)


def _is_spared(statement: Sentence, text: Sentence, rule: Rule, concepts: frozenset[str]) -> bool:
    """Whether what is forbidden is only left, or only describes another thing."""
    wanted, said = content_of(text.plain), content_of(statement.plain)
    if belongs_to_other(likeness(wanted, said), wanted, text.plain, said, statement.plain):
        return True
    return not rule.verbs & CHANGES and any(
        statement.avoids(each.start, each.end) for each in statement.terms if wider(each.name) & concepts
    )


def _is_same_action(statement: Sentence, rule: Rule) -> bool:
    return not rule.verbs or bool(rule.verbs & statement.verbs)


def _forbidden_technology(statement: Sentence, text: Sentence) -> str | None:
    clause = _forbidding_clause(text.plain)
    forbidden = {each.name for each in text.technologies if clause[0] <= each.start < clause[1]}
    if not forbidden or len(text.names) > len(forbidden) + 2:
        return None
    return next(
        (
            each.name
            for each in statement.technologies
            if each.name in forbidden and not each.source and not statement.avoids(each.start, each.end)
        ),
        None,
    )


def _subjects(rule: Rule, text: Sentence) -> tuple[frozenset[str], frozenset[str]]:
    """The known concepts of the rule, and its other words without its verbs and its conditions."""
    conditions = [each for each in text.members if each.group in CONDITIONS]
    terms = [
        term for term in rule.terms if not any(term.start < each.end and each.start < term.end for each in conditions)
    ]
    concepts = frozenset(each.name for each in terms if each.known)
    concepts = concepts - WEAK or concepts
    words = frozenset(
        each.name for each in terms if not each.known and not any(p.match(each.name) for p in VERBS.values())
    )
    return concepts, words


def _covers(statement: Sentence, text: Sentence, concepts: frozenset[str], words: frozenset[str]) -> bool:
    """Whether the statement has all that is forbidden; words of the other language cannot be compared."""
    present = statement.closure
    if not concepts <= _with_releases(present):
        return False
    comparable = {each for each in words if statement.japanese == text.japanese or (each.isascii() and text.japanese)}
    found = {each for each in comparable if each in present}
    if not concepts:
        return bool(comparable) and found == comparable
    if len(words) > len(comparable) and len(words) - len(comparable) > len(concepts):
        return False
    return len(found) * 2 >= len(comparable) or (len(concepts) > 1 and len(comparable) == 1)


def _with_releases(present: frozenset[str]) -> frozenset[str]:
    """A release is deployed."""
    return present | {"deployment"} if "release" in present else present


def _other_of_kind(statement: Sentence, text: Sentence, rule: Rule) -> Finding | None:
    """The sentence names another language, payment method, ... than the required one, and the rule's other concepts."""
    required = {each.name for each in rule.terms if each.known}
    kinds = {name: EXCLUSIVE.intersection(KINDS.get(name, ())) for name in required}
    rest = {name for name in required if not kinds[name]} - WEAK
    if not rest or not rest <= statement.closure or any(kinds.get(name) for name in statement.closure):
        return None
    wanted = frozenset(kind for each in kinds.values() for kind in each)
    return next(
        (
            _of_term("contradiction.gate_option", statement, each)
            for each in statement.terms
            if wanted.intersection(KINDS.get(each.name, ())) and not statement.avoids(each.start, each.end)
        ),
        None,
    )


def _leaves_out_required(statement: Sentence, decision: DecisionReading, rule: Rule) -> Finding | None:
    text = decision.text
    if ONLY_WHO.match(text.plain) and statement.undoes:
        return None  # it takes away from others what only some may have
    required = frozenset(each.name for each in _without_occasion(text, rule.terms))
    named: set[str] = set()
    if len(decision.topic) == 1 and statement.closure & {each.name for each in rule.terms}:
        occasion = {each.name for each in rule.terms} - required
        named = {each for each in decision.topic if each in CONCEPTS} - occasion  # two approvals are a code review
    wide = frozenset(name for each in required | named for name in wider(each))
    for term in statement.terms:
        if not ((required | named) & wider(term.name) or term.name in wide):
            continue
        if statement.bypasses(term.start, term.end) and not is_for_other_thing(statement, text, term.start, term.end):
            return _of_term("contradiction.gate_requirement", statement, term)
    opposites = {name: each for name in required for each in OPPOSITES.get(name, ())}
    for term in statement.terms:
        around = statement.plain[: term.start], statement.plain[term.end :]  # "without tax" removes nothing
        if (
            term.name in opposites.values()
            and not statement.avoids(term.start, term.end)
            and not any(map(UNDO.search, around))
        ):
            others = {name for name in required if name not in opposites and name in CONCEPTS} - WEAK
            if not others or others & statement.closure:
                return _of_term("contradiction.gate_option", statement, term)
    return None


def _without_occasion(text: Sentence, terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """What is required, without when: the approvals of "two approvals before merging"."""
    after = BEFORE_WHAT.search(text.plain)
    before = AFTER_WHAT.search(text.plain)
    terms = _after_subject(text, terms)
    kept = tuple(
        each
        for each in terms
        if not (after and each.start >= after.end()) and not (before and each.end <= before.start())
    )
    return kept or terms


def _after_subject(text: Sentence, terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Without what has to do something: the cookies of "cookies are only set after the visitor consents"."""
    duty = DUTY.search(text.plain)
    kept = tuple(each for each in terms if duty is not None and each.start >= duty.end())
    return kept or terms


def occasion_of(text: Sentence) -> tuple[int, int]:
    """Start and end of what says when a requirement holds; both 0 when nothing does."""
    if after := BEFORE_WHAT.search(text.plain):
        return after.start(), len(text.plain)
    before = AFTER_WHAT.search(text.plain)
    return (0, before.end()) if before else (0, 0)


def _of_term(key: str, statement: Sentence, term: Term) -> Finding:
    return Finding(key, 0.88, (("wanted", statement.plain[term.start : term.end]),))
