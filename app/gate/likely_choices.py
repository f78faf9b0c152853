"""Other options than the chosen one, in other words than the decision's."""

import re
from collections.abc import Sequence

from app.gate.choices import is_deadline
from app.gate.decisions import DecisionReading
from app.gate.likeness import Likeness, content_of, has_other_owner, likeness, outside, weight_of
from app.gate.numbered import fits, numbered_in
from app.gate.reading import Sentence
from app.gate.statements import Finding
from app.gate.words import COVERED
from app.language.lexicon import Word

OVER = re.compile(r"(?<![a-z])(?:over|via|through|on|using) $")
WITH = re.compile(r"(?:で|に|へ|を(?:使|採用|導入))")
OPTION = "contradiction.gate_option"


def find_likely_choice(statement: Sentence, decision: DecisionReading) -> Finding | None:
    """Why the sentence contradicts the choice; None when it does not name enough of it."""
    if statement.examines(decision.concepts):
        return None
    if decision.chosen and (other := find_other_number(statement, decision.chosen)) is not None:
        return other
    words = content_of(statement.plain)
    chosen = content_of(decision.chosen.plain) if decision.chosen else ()
    if chosen and _is_wanted(likeness(chosen, words), statement):
        return None
    for option in decision.rejected:
        wanted = [each for each in content_of(option.plain) if not likeness([each], chosen).found]
        found = likeness(wanted, words)
        if (
            _is_wanted(found, statement)
            and not _is_of_other(found, decision, words, statement)
            and _names_subject(found, decision, [*chosen, *wanted], words)
        ):
            return Finding(OPTION, 0.8, (("wanted", option.plain),))
    return _other_name(statement, decision)


def _other_name(statement: Sentence, decision: DecisionReading) -> Finding | None:
    """A name that nobody has decided on, in the place of the chosen one: CoAP, where devices talk over MQTT."""
    chosen = decision.chosen
    if chosen is None or not chosen.proper or statement.technologies:
        return None
    known = content_of(decision.text.plain)
    for start, end in statement.proper:
        plain = statement.plain
        before, after = OVER.search(plain[:start]) is not None, WITH.match(plain, end) is not None
        if not (before or after or statement.adopts(start, end)) or statement.avoids(start, end):
            continue
        if is_deadline(plain, start, end) or likeness(content_of(plain[start:end]), known).found:
            continue
        subject = [each for each in known if not likeness([each], content_of(chosen.plain)).found]
        rest = outside(content_of(plain), [(start, end)])
        found = likeness(subject, rest)
        if found.covered >= COVERED["name"] and not has_other_owner(found, subject, decision.text.plain, rest, plain):
            return Finding(OPTION, 0.78, (("wanted", plain[start:end]),))
    return None


def _is_wanted(found: Likeness, statement: Sentence) -> bool:
    """Whether the sentence names all words of an option, and not to leave them."""
    return found.covered == 1 and not any(
        statement.avoids(each.start, each.end) or is_deadline(statement.plain, each.start, each.end)
        for _, each in found.found
    )


def _is_of_other(found: Likeness, decision: DecisionReading, words: Sequence[Word], statement: Sentence) -> bool:
    """Whether the option describes something else: "beige cushions", where the colour of walls is decided."""
    last = max((same for _, same in found.found), key=lambda word: word.end)
    described = [each for each in words if each.start > last.start and statement.plain[last.end : each.start] == " "]
    known = content_of(decision.text.plain)
    return any(
        not each.japanese and not each.action and weight_of(each) == 1 and not likeness([each], known).found
        for each in described
    )


def _names_subject(found: Likeness, decision: DecisionReading, options: Sequence[Word], words: Sequence[Word]) -> bool:
    """Whether the sentence names, next to the option, what the decision is about."""
    named = [same for _, same in found.found]
    rest = [each for each in words if each not in named]
    subject = [
        each for each in content_of(decision.text.plain) if not each.action and not likeness([each], options).found
    ]
    return likeness(subject, rest).covered > COVERED["choice"]


def find_likely_member(statement: Sentence, decision: DecisionReading) -> Finding | None:
    """Another member of a class, such as a colour or a style of names, for what the decision is about."""
    text, words = decision.text, content_of(statement.plain)
    for group in {each.group for each in text.members} & {each.group for each in statement.members}:
        decided = {each.name for each in text.members if each.group == group}
        said = [each for each in statement.members if each.group == group]
        if any(each.name in decided or statement.avoids(each.start, each.end) for each in said):
            continue
        things = outside(content_of(text.plain), [(each.start, each.end) for each in text.members])
        wanted = [each for each in things if not each.action]
        found = likeness(wanted, words)
        if found.covered < COVERED["member"] or has_other_owner(found, wanted, text.plain, words, statement.plain):
            continue
        return Finding(OPTION, 0.8, (("wanted", statement.plain[said[0].start : said[0].end]),))
    return None


def find_other_number(statement: Sentence, decided: Sentence) -> Finding | None:
    """Another version of what is decided: iOS 14, where "iOS 16 and later" is."""
    known = {name: (number, later) for name, number, later, _, _ in numbered_in(decided.plain)}
    said = [each for each in numbered_in(statement.plain) if each[0] in known]
    if any(fits(number, known[name][0], later=known[name][1]) for name, number, _, _, _ in said):
        return None
    for _, _, _, start, end in said:
        if not statement.avoids(start, end):
            return Finding(OPTION, 0.82, (("wanted", statement.plain[start:end]),))
    return None
