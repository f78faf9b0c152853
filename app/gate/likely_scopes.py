"""Work that is out of scope, in other words than the decision's."""

import re
from collections.abc import Sequence

from app.gate.decisions import DecisionReading
from app.gate.likely_choices import find_other_number
from app.gate.likeness import content_of, has_other_owner, is_owned_by_other, likeness, outside, weight_of
from app.gate.numbered import fits, numbered_in
from app.gate.reading import BEFORE_PLACE, Sentence
from app.gate.scopes import (
    EXCEPT,
    OUT,
    REFUSES,
    REMOVES,
    SEPARATOR,
    clauses_of,
    end_of_limited,
    excepted_of,
    is_for_later,
    is_of_other_part,
)
from app.gate.statements import Finding
from app.gate.words import COVERED, EXTENDS, INCLUDES, PHASES
from app.language.lexicon import Word
from app.language.words import stem

SCOPE = "contradiction.gate_scope"
PLACE_AFTER = re.compile(r"では|には|において")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
YEARS_BEFORE = re.compile(
    r"(?:before|prior to|older than) (?P<english>(?:19|20)\d{2})"
    r"|(?P<japanese>(?:19|20)\d{2})年?(?:より前|以前|より古い)"
)
# What a scope is limited to: "only A", "A only", Aだけ.
LIMITED = re.compile(
    r"(?<![a-z])(?:covers?|supports?|includes?|for|in|to|on|at|with|by) (?:the )?(?P<before>[^,;.]+?) only(?=[,;.]|$)"
    r"|(?<![a-z])(?:only|just|limited to|nothing but) (?:the |to |for |in )?(?P<english>[^,;.]+)"
    r"|(?P<japanese>[^、。はがを]+?)(?:のみ|だけ|に限|に絞)"
)


def find_likely_scope(statement: Sentence, decision: DecisionReading) -> Finding | None:
    """Why the sentence asks for work that is out of scope; None when it does not name enough of it."""
    if statement.examines(decision.concepts) or is_for_later(statement, decision.title) or OUT.search(statement.plain):
        return None
    text = decision.text
    if REMOVES.search(statement.plain) or is_of_other_part(statement, text):
        return None
    included, excluded = clauses_of(text)
    limits = included or any(later for _, _, later, _, _ in numbered_in(text.plain))
    if limits and (other := find_other_number(statement, text)) is not None:
        return other
    if REFUSES.search(statement.plain) or excepted_of(text) & statement.closure or _fits_version(statement, text):
        return None
    if included and (beyond := _beyond(statement, text, included)) is not None:
        return beyond
    wanted = _things(_within(text, excluded))
    words = content_of(PHASES.sub(" ", statement.plain))
    found = likeness(wanted, words)
    named = [(one, other) for one, other in found.found if not one.meanings.isdisjoint(other.meanings)]
    if included and not named and not likeness(_within(text, included), words).found:
        return None  # a kind of it, of something else than the dashboard that shows no HR data
    objects = [each for each in wanted if not _is_place(each, wanted, text)]
    if objects and likeness(objects, words).covered < COVERED["named"]:
        return None
    if (early := _in_years(statement, text)) is not None:
        return (
            Finding(SCOPE, 0.75, (("wanted", statement.plain),)) if early and found.covered > COVERED["years"] else None
        )
    if found.covered < COVERED["scope"] or has_other_owner(found, wanted, text.plain, words, statement.plain):
        return None
    return Finding(SCOPE, 0.8, (("wanted", found.found[0][1].text),))


def is_in_scope(statement: Sentence, decision: DecisionReading) -> bool:
    """Whether it names another version, or something else of the kind, than what is out of scope."""
    text, words = decision.text, content_of(statement.plain)
    inside, outside = clauses_of(text)
    if _fits_version(statement, text):
        return True
    if inside:
        return False
    wanted = _things(_within(text, outside))
    found = likeness(wanted, words)
    if _in_years(statement, text) is False or _is_named_in_part(statement, text, wanted, words):
        return True
    return has_other_owner(found, wanted, text.plain, words, statement.plain)


def _fits_version(statement: Sentence, text: Sentence) -> bool:
    """Whether it names a version that is in scope."""
    limits = bool(clauses_of(text)[0])
    known = {name: (number, later) for name, number, later, _, _ in numbered_in(text.plain)}
    return any(
        name in known and fits(number, known[name][0], later=known[name][1]) is (limits or known[name][1])
        for name, number, _, _, _ in numbered_in(statement.plain)
    )


def _is_named_in_part(statement: Sentence, text: Sentence, wanted: Sequence[Word], words: Sequence[Word]) -> bool:
    """Whether it names less than half of each thing in the other language, where words were not compared."""
    if statement.japanese == text.japanese:
        return False
    cuts = [match.start() for match in SEPARATOR.finditer(text.plain)]
    parts: dict[int, list[Word]] = {}
    for each in wanted:
        parts.setdefault(sum(cut < each.start for cut in cuts), []).append(each)
    shares = [likeness(part, words).covered for part in parts.values()]
    return bool(shares) and 0 < max(shares) < COVERED["named"]


def _in_years(statement: Sentence, text: Sentence) -> bool | None:
    """Whether it names a year that the decision leaves out: 2015, where "before 2020" is; None without such years."""
    bound = YEARS_BEFORE.search(text.plain)
    years = [int(each) for each in YEAR.findall(statement.plain)]
    if bound is None or not years:
        return None
    return any(year < int(bound["english"] or bound["japanese"]) for year in years)


def _extends(statement: Sentence, text: Sentence) -> Finding | None:
    """It extends what is limited to one thing, without naming that: "open it to B", where only A is in scope."""
    match, only = EXTENDS.search(statement.plain), LIMITED.search(text.plain)
    if match is None or only is None:
        return None
    start, end = only.span(next(name for name, said in only.groupdict().items() if said))
    wanted, words = content_of(text.plain), content_of(statement.plain)
    end = min(end, end_of_limited(text))
    limited = [each for each in wanted if each.start < end and start < each.end]
    rest = [each for each in wanted if each not in limited]
    if not limited or likeness(limited, words).covered > COVERED["limited"]:
        return None
    if likeness(rest, words).covered < COVERED["extended"]:
        return None
    return Finding(SCOPE, 0.75, (("wanted", statement.plain),))


def _is_place(word: Word, words: Sequence[Word], text: Sentence) -> bool:
    """Whether it only says where something is out of scope: 展示会のデモでは."""
    if text.japanese:
        following = PLACE_AFTER.match(text.plain, word.end)
        later = (each for each in words if each.start > word.start)
        owned = next((each for each in later if text.plain[word.end : each.start] in ("の", "")), None)
        return following is not None or (owned is not None and _is_place(owned, words, text))
    return BEFORE_PLACE.search(text.plain[max(0, word.start - 40) : word.start]) is not None


def _within(text: Sentence, places: Sequence[tuple[int, int]]) -> list[Word]:
    """The words at the places, without those that say that they are out of scope."""
    out = [match.span() for match in OUT.finditer(text.plain)]
    return [
        each for each in outside(content_of(text.plain), out) if any(start <= each.start < end for start, end in places)
    ]


def _things(words: Sequence[Word]) -> list[Word]:
    """Without what is done with them: "include", 含める."""
    return [each for each in words if not each.action or stem(each.text) not in INCLUDES] or list(words)


def _beyond(statement: Sentence, text: Sentence, included: Sequence[tuple[int, int]]) -> Finding | None:
    return (
        _other_owner(statement, text, included) or _extends(statement, text) or _other_than(statement, text, included)
    )


def _other_than(statement: Sentence, text: Sentence, included: Sequence[tuple[int, int]]) -> Finding | None:
    """It asks for an Excel import, where imports other than CSV are out of scope."""
    if EXCEPT.search(text.plain) is None:
        return None
    words, kept = content_of(statement.plain), _within(text, included)
    whole = [(0, len(text.plain))]
    rest = [each for each in _within(text, whole) if each not in kept and not each.action and weight_of(each) == 1]
    found = likeness(rest, words)
    if not rest or found.covered < 1 or likeness(kept, words).found:
        return None
    owned = any(is_owned_by_other(other, [*rest, *kept], words, statement.plain) for _, other in found.found)
    return Finding(SCOPE, 0.75, (("wanted", found.found[0][1].text),)) if owned else None


def _other_owner(statement: Sentence, text: Sentence, inside: Sequence[tuple[int, int]]) -> Finding | None:
    """It is about the Nagoya warehouse, where only the Osaka warehouse is in scope."""
    wanted, words = _within(text, inside), content_of(statement.plain)
    if has_other_owner(likeness(wanted, words), wanted, text.plain, words, statement.plain, placed=True):
        return Finding(SCOPE, 0.75, (("wanted", statement.plain),))
    return None
