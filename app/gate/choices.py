"""Contradictions of a sentence with a decided choice: another option, a rejected option, or the choice is abandoned."""

import re
from collections.abc import Iterator

from app.gate.decisions import DecisionReading
from app.gate.likeness import content_of, is_known, likeness, outside, shares_no_thing, weight_of
from app.gate.reading import Member, Sentence, members_of
from app.gate.statements import Finding
from app.gate.words import DISTINCT
from app.language.technologies import Mention
from app.language.topics import TOPIC_OF_PURPOSE, TOPICS
from app.language.words import WORD

# A project may choose a technology for each of its parts.
SEVERAL_CHOSEN = frozenset({"language", "hosting", "cloud", "api_style", "mail_delivery", "browser_tests"})
# What is there already: 仮想マシンでは, Vercelの請求額, "the GCP certification", PayPalで受け取った入金.
PLACED = re.compile(
    r"(?:の[^、。をはが]{0,6})?では(?!な)|の(?:請求|料金|費用|支払|利用料|解約|認定|資格)"
    r"|[でに][ぁ-ん一-龯]{1,8}?(?:ていた|ている|てる|た)(?=[一-龯ァ-ヶa-z])"
    r"| (?:bills?|invoices?|certifications?|costs?|pricing)(?![a-z])"
)
UNTIL_BEFORE = re.compile(r"(?<![a-z])(?:by|until|before|since|due) $")
UNTIL_AFTER = re.compile(r"(?:日|曜日)?(?:まで|以降)")


def find_other_choice(statement: Sentence, decision: DecisionReading) -> Finding | None:
    """Why the sentence contradicts the choice; None when it does not."""
    if statement.examines(decision.concepts) or not decision.applies_to(statement):
        return None
    return (
        _other_technology(statement, decision)
        or _rejected_option(statement, decision)
        or _abandoned(statement, decision)
        or find_other_member(statement, decision)
    )


def _decided(decision: DecisionReading) -> Sentence:
    return decision.chosen or decision.value or decision.text


def _other_technology(statement: Sentence, decision: DecisionReading) -> Finding | None:
    decided = _chosen_technologies(decision)
    for old in decided:
        allowed = {each.name for each in decided if each.purpose == old.purpose}
        same = [each for each in statement.technologies if each.purpose == old.purpose]
        if any(each.name in allowed and not _is_avoided(statement, each) for each in same):
            continue
        wanted = [each for each in same if each.name not in allowed and not _is_avoided(statement, each)]
        if wanted and not _is_for_other_thing(statement, decision, old.purpose):
            return Finding("contradiction.gate_technology", 0.92, (("wanted", wanted[0].name),))
    return None


def _is_for_other_thing(statement: Sentence, decision: DecisionReading, purpose: str) -> bool:
    """Whether it wants a technology for another thing: C++ for an engine, where a backend is in Go."""
    if purpose not in SEVERAL_CHOSEN:
        return False
    topic = TOPIC_OF_PURPOSE[purpose]
    implied = {f"c:{each}" for each in (topic, purpose, *(each[0] for each in TOPICS.get(topic, ()) if len(each) == 1))}
    options = [decision.chosen, *decision.rejected]
    chosen = [word for each in options if each for word in content_of(each.plain)]
    subject = [
        each for each in content_of(decision.text.plain) if is_known(each) and not likeness([each], chosen).found
    ]
    words = outside(content_of(statement.plain), [(each.start, each.end) for each in statement.technologies])
    return shares_no_thing(
        *([each for each in part if implied.isdisjoint(each.meanings | each.head)] for part in (subject, words))
    )


def _chosen_technologies(decision: DecisionReading) -> list[Mention]:
    """What was chosen, with the purpose that it has in the decision: Redis for a queue, not for a cache."""
    text = _decided(decision)
    decided = [each for each in text.technologies if not _is_avoided(text, each)]
    names = {each.name for each in decided}
    said = [each for each in decision.text.technologies if each.name in names]
    purposes = {each.name for each in said}
    return [*said, *(each for each in decided if each.name not in purposes)]


def _is_avoided(sentence: Sentence, mention: Mention) -> bool:
    return (
        mention.source
        or sentence.avoids(mention.start, mention.end)
        or PLACED.match(sentence.plain, mention.end) is not None
    )


def _rejected_option(statement: Sentence, decision: DecisionReading) -> Finding | None:
    if _names_decided(statement, decision):
        return None
    chosen = decision.chosen.names if decision.chosen else frozenset()
    topic = _topic_words(decision)
    for option in decision.rejected:
        wanted = _wanted_technology(statement, option)
        if wanted is not None and not _serves_other(statement, wanted, decision):
            return Finding("contradiction.gate_technology", 0.9, (("wanted", wanted),))
        if option.technologies or not (names := option.names - chosen) or not names <= statement.closure:
            continue
        spans = [(each.start, each.end) for each in statement.terms if each.name in names]
        if any(statement.avoids(*span) or is_deadline(statement.plain, *span) for span in spans):
            continue
        if (topic - names) & statement.closure or _is_adopted(statement, decision, spans):
            return Finding("contradiction.gate_option", 0.85, (("wanted", option.plain),))
    return None


def _serves_other(statement: Sentence, wanted: str, decision: DecisionReading) -> bool:
    """Whether what was rejected is wanted for another purpose: Elasticsearch for a search, not for logs."""
    purposes = {each.purpose for each in _decided(decision).technologies}
    if not purposes or any(each.name == wanted and each.purpose in purposes for each in statement.technologies):
        return False
    options = {place for each in (decision.chosen, *decision.rejected) if each for place in content_of(each.plain)}
    subject = [each for each in content_of(decision.text.plain) if not likeness([each], list(options)).found]
    return not likeness([each for each in subject if weight_of(each) == 1], content_of(statement.plain)).found


def _is_adopted(statement: Sentence, decision: DecisionReading, spans: list[tuple[int, int]]) -> bool:
    """Whether the sentence asks to use what is at these places, for what the decision is about or for nothing named."""
    if not any(statement.adopts(*span) for span in spans):
        return False
    rest = [each for each in outside(content_of(statement.plain), spans) if not each.action]
    named = set(WORD.findall(decision.text.plain))  # the PDF of PDF出力
    return (
        not rest
        or any(each.text in named and len(each.text) > 2 for each in rest)
        or bool(likeness(content_of(decision.text.plain), rest).found)
    )


def _names_decided(statement: Sentence, decision: DecisionReading) -> bool:
    """Whether the sentence names what was chosen and keeps it: "migrate the MySQL tables to PostgreSQL"."""
    decided = _decided(decision)
    chosen = {(each.purpose, each.name) for each in decided.technologies}
    if any((each.purpose, each.name) in chosen and not _is_avoided(statement, each) for each in statement.technologies):
        return True
    words = decision.chosen.names if decision.chosen and not chosen else frozenset()
    spans = [(each.start, each.end) for each in statement.terms if each.name in words]
    return bool(words) and words <= statement.closure and not any(statement.avoids(*span) for span in spans)


def _wanted_technology(statement: Sentence, option: Sentence) -> str | None:
    wanted = {each.name for each in option.technologies}
    return next(
        (each.name for each in statement.technologies if each.name in wanted and not _is_avoided(statement, each)),
        None,
    )


def _topic_words(decision: DecisionReading) -> frozenset[str]:
    parts = {concept for part in decision.topic for each in TOPICS.get(part, ([part],)) for concept in each}
    return frozenset(parts | decision.text.names)


def _abandoned(statement: Sentence, decision: DecisionReading) -> Finding | None:
    """The sentence asks to leave what was chosen."""
    if decision.chosen is None:
        return None
    chosen = {each.name for each in decision.chosen.technologies}
    for mention in statement.technologies:
        if mention.name in chosen and statement.leaves(mention.start, mention.end):
            return Finding("contradiction.gate_abandoned", 0.85, (("wanted", mention.name),))
    return None


def find_other_member(statement: Sentence, decision: DecisionReading) -> Finding | None:
    """The sentence names another weekday, frequency, ... than the decided one, for the same topic."""
    decided = [*_members(_decided(decision))] or [*_members(decision.text)]
    for group in {each.group for each in decided}:
        allowed = {each.name for each in decided if each.group == group}
        wanted = [
            each
            for each in _members(statement)
            if each.group == group
            and each.name not in allowed
            and not is_deadline(statement.plain, each.start, each.end)
        ]
        kept = any(each.group == group and each.name in allowed for each in _members(statement))
        if not wanted or kept or not (group in DISTINCT or _shares_topic(statement, decision)):
            continue
        return Finding(
            "contradiction.gate_option",
            0.85,
            (("wanted", statement.plain[wanted[0].start : wanted[0].end]),),
        )
    return None


def is_deadline(plain: str, start: int, end: int) -> bool:
    """Whether this only says until when: "collect topics for the newsletter by Monday"."""
    return UNTIL_BEFORE.search(plain[:start]) is not None or UNTIL_AFTER.match(plain, end) is not None


def _members(sentence: Sentence) -> Iterator[Member]:
    return (each for each in sentence.members if not sentence.avoids(each.start, each.end))


def _shares_topic(statement: Sentence, decision: DecisionReading) -> bool:
    if decision.is_topic_of(statement) and likeness(content_of(decision.text.plain), content_of(statement.plain)).found:
        return True
    members = {statement.plain[each.start : each.end] for each in statement.members}
    subject = {each.name for each in decision.text.terms if each.name not in members and not _is_member(each.name)}
    return bool(subject) and len(subject & statement.closure) * 2 >= len(subject)


def _is_member(name: str) -> bool:
    return bool(members_of(name))
