"""Contradictions with a rule that allows something only to some people: "only admins may delete projects"."""

import re

from app.gate.likeness import content_of, likeness, outside, weight_of
from app.gate.reading import Sentence
from app.gate.statements import Finding
from app.gate.values import NARROWER
from app.gate.words import ACTORS, ONLY_SOME, WEAK
from app.language.topics import wider

# The sentence keeps others from it: "return 403 when a member deletes a project".
REFUSES = re.compile(
    r"(?<![a-z])(?:403|401|forbid\w*|den(?:y|ies|ied)|refus\w+|reject\w*|hide\w*|error)(?![a-z])|拒否|エラー|隠|非表示|できないよう|警告"
)
BEFORE_DUTY = re.compile(
    r"(?<![a-z])(?:must|have to|has to|needs? to|should|shall|sign|log)(?![a-z])|(?:には|は)(?!い)"
)


def find_unpermitted(statement: Sentence, rule: Sentence) -> Finding | None:
    """Why the sentence allows to others what the rule allows to some; None when it does not."""
    only = ONLY_SOME.search(rule.plain)
    removes = bool(rule.verbs & {"delete", "disable"})
    if only is None or (statement.undoes and not removes) or REFUSES.search(statement.plain):
        return None
    allowed = _actors(only["english"] or only["japanese"])
    others = {name: place for name, place in _actors(statement.plain).items() if name not in allowed}
    if not others or (rule.verbs and not rule.verbs & statement.verbs):
        return None
    if not allowed and likeness(content_of(only["english"] or only["japanese"]), content_of(statement.plain)).found:
        return None
    start, end = only.span()
    subject = {each.name for each in rule.terms if each.known and not (start <= each.start < end)} - WEAK
    actors = {each.name for each in statement.terms if _actors(each.name)}
    if not subject - actors <= _all(statement):
        return None
    rest = [each for each in outside(content_of(rule.plain), [only.span()]) if not each.action]
    is_named = any(weight_of(each) == 1 for each in rest) and likeness(rest, content_of(statement.plain)).covered == 1
    if not is_named and not (allowed and (subject - actors or rule.verbs)):
        return None
    start, end = next(iter(others.values()))
    return Finding("contradiction.gate_permission", 0.86, (("wanted", statement.plain[start:end]),))


def is_for_others(statement: Sentence, rule: Sentence) -> bool:
    """Whether the rule is for some people, and the sentence for others only: readers, where administrators must."""
    before = BEFORE_DUTY.search(rule.plain)
    bound = _actors(rule.plain[: before.start()]) if before else {}
    said = _actors(statement.plain)
    if not bound or bound.keys() & said.keys():
        return False
    return bool(said) or any(
        not rule.names & {each.name for each in statement.terms if match.start() <= each.start < match.end()}
        for match in NARROWER.finditer(statement.plain)
    )


def _actors(plain: str) -> dict[str, tuple[int, int]]:
    return {name: match.span() for name, pattern in ACTORS.items() if (match := pattern.search(plain))}


def _all(statement: Sentence) -> frozenset[str]:
    return statement.closure | {name for each in statement.terms for name in wider(each.name)}
