"""Work that is out of scope, in other words than the decision's."""

from collections.abc import Sequence

from app.gate.decisions import DecisionReading
from app.gate.likely_choices import find_other_number
from app.gate.likeness import content_of, has_other_owner, likeness
from app.gate.numbered import fits, numbered_in
from app.gate.reading import Sentence
from app.gate.scopes import OUT, REFUSES, clauses_of, excepted_of
from app.gate.statements import Finding
from app.gate.words import COVERED, PHASES
from app.language.lexicon import Word

SCOPE = "contradiction.gate_scope"


def find_likely_scope(statement: Sentence, decision: DecisionReading) -> Finding | None:
    """Why the sentence asks for work that is out of scope; None when it does not name enough of it."""
    if statement.examines(decision.concepts) or statement.is_for_later or OUT.search(statement.plain):
        return None
    text = decision.text
    if (other := find_other_number(statement, text)) is not None:
        return other
    if REFUSES.search(statement.plain) or excepted_of(text) & statement.closure:
        return None
    inside, outside = clauses_of(text)
    if inside and (beyond := _other_owner(statement, text, inside)) is not None:
        return beyond
    wanted = _things(_within(text, outside))
    found = likeness(wanted, content_of(PHASES.sub(" ", statement.plain)))
    if found.covered < COVERED["scope"]:
        return None
    return Finding(SCOPE, 0.8, (("wanted", found.found[0][1].text),))


def is_in_scope(statement: Sentence, decision: DecisionReading) -> bool:
    """Whether it names a later version of what is in scope with all later versions."""
    known = {name: number for name, number, later, _, _ in numbered_in(decision.text.plain) if later}
    return any(
        name in known and fits(number, known[name], later=True)
        for name, number, _, _, _ in numbered_in(statement.plain)
    )


def _within(text: Sentence, places: Sequence[tuple[int, int]]) -> list[Word]:
    return [each for each in content_of(text.plain) if any(start <= each.start < end for start, end in places)]


def _things(words: Sequence[Word]) -> list[Word]:
    return [each for each in words if not each.action] or list(words)


def _other_owner(statement: Sentence, text: Sentence, inside: Sequence[tuple[int, int]]) -> Finding | None:
    """It is about the Nagoya warehouse, where only the Osaka warehouse is in scope."""
    wanted, words = _within(text, inside), content_of(statement.plain)
    if has_other_owner(likeness(wanted, words), wanted, text.plain, words, statement.plain):
        return Finding(SCOPE, 0.75, (("wanted", statement.plain),))
    return None
