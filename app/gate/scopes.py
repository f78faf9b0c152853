"""Contradictions of a sentence with what a decision puts out of scope."""

import re

from app.gate.decisions import DecisionReading
from app.gate.likeness import WEAK_WEIGHT, content_of, is_known, likeness, weight_of
from app.gate.reading import Sentence
from app.gate.statements import Finding
from app.gate.words import ALL_BUT, BUILDS, COVERED, LATER, WEAK
from app.language.topics import KINDS, Term, terms_of, wider

# The sentence answers those who ask for it.
REFUSES = re.compile(
    r"(?<![a-z])(?:[45]\d\d|reject\w*|hide"
    r"|(?:show|display|return|give)\w* (?:an? |the )?(?:\w+ ){0,2}(?:error|message|notice|warning))(?![a-z])"
    r"|(?:エラー|メッセージ|警告|案内)(?:メッセージ|画面|文)?を?(?:出|表示|返|用意|作|書)|[」』\"']と(?:だけ)?(?:表示|案内|出|返|答え)|拒否|隠し|隠す|非表示|できないよう"
)
REMOVES = re.compile(
    r"(?<![a-z])(?:remov\w+|delet\w+|get rid of|take(?: [\w'-]+){0,6} (?:off|out|down))(?![a-z])"
    r"|を?(?:削除|外して|外す|取り除|撤去|廃止)"
)
OUT = re.compile(
    r"out of scope|not in scope|not part|outside|exclud"
    r"|(?:left|stays?|remains?|kept|keeps?|leaves?) out(?! of)|stays? out of"
    r"|won't|will not|do not|don't|does not|not support|no (?!longer)"
    r"|without|postpone|later|stays? (?:as|the same)|remains? (?:as|the same)|unchanged|untouched|そのまま|変更しない"
    r"|対象外|範囲外|スコープ外|含め?[なずま]|含まな|やらな|作らな|しない|見送|除外|[がは]無い|がない(?:こと|旨|と)|ません|なし|後回し|不要"
)
# Of a decision: any negation.
NOT = re.compile(
    r"(?<![a-z])(?:not|no|never|nothing|cannot|can't|isn't|aren't|doesn't)(?! (?:only|longer|later|more))(?![a-z])"
    r"|(?<!なければな)(?<!ねばな)[かさたなばまらわ]ない|ません|[かさたなばまらわせ]ず(?=に|、)"
)
ONLY = re.compile(r"(?<![a-z-])(?:only|just|nothing but|limited to)(?![a-z])|のみ|だけ|に限|に絞")
CLAUSE = re.compile(r"[,;、。]\s*|(?<![a-z])(?:but|and) (?=no |not )")
# "Languages other than English are out of scope" allows English only.
EXCEPT = re.compile(
    r"(?<![a-z])(?:other than|except(?: for)?|apart from|besides|but not|aside from) (?P<english>[^,;.]+?)"
    r"(?= (?:is|are|will|won't|do|does|stays?|remains?|not)(?![a-z])|[,;.]|$)"
    r"|(?P<japanese>[^、。]+?)(?:以外|を除[いく]|のほか)"
)
OWN = re.compile(r"(?<![a-z])(?:own|our own|an own|in-house) $|(?:独自|自前|自社)の?$")
SYSTEM = re.compile(r" ?(?:systems?|platforms?|engines?|システム|基盤|プラットフォーム|エンジン)")
# What a scope limits, before what is in and out of it.
PART = re.compile(
    r"(?:the |our )?(?P<english>[a-z][a-z -]{2,40}?) (?:only [a-z]+s|(?:covers?|shows?|reads?|answers?|handles?|does)"
    r" [^,;.]*only|(?:is|are) (?:for|limited to)(?! the)[^,;.]*)"
    r"|(?P<japanese>[^、。はで]{2,20})(?:では(?!な)|は(?=[^。]{1,30}(?:のみ|だけ|に限)|[^。、]{1,20}に(?:は)?対応しな))"
)
# A class whose members are limited; a sentence names another member.
A_CLASS = re.compile(
    r"(?:端末|言語|ブラウザー?|os|プラットフォーム|地域|国|通貨|支払い?方法|決済手段|決済方法|形式|機種|対象者?|範囲)$"
    r"|(?:devices?|languages?|browsers?|platforms?|regions?|countries|currenc(?:y|ies)|payment methods?|formats?"
    r"|scope)$"
)
SENTENCE = re.compile(r"[。;、,]|\. ")
SEPARATOR = re.compile(r"[,、，/&・]| and | or | nor |と|や|および|及び|並びに|または")
PARENTS = frozenset(parent for parents in KINDS.values() for parent in parents)


def find_out_of_scope(statement: Sentence, decision: DecisionReading) -> Finding | None:
    """Why the sentence asks for work that is out of scope; None when it does not."""
    if statement.examines(decision.concepts) or is_for_later(statement, decision.title) or OUT.search(statement.plain):
        return None
    scope = decision.text
    if REMOVES.search(statement.plain) and not REMOVES.search(scope.plain):
        return None
    if REFUSES.search(statement.plain) and not REFUSES.search(scope.plain):
        return None  # "show an error page when the user is offline" adds no offline mode
    inside, outside = clauses_of(scope)
    if is_of_other_part(statement, scope):
        return None
    if not inside and excepted_of(scope) & statement.closure:
        return None
    for part in _parts(scope, outside):
        found = _covered(statement, part, scope)
        if found is not None:
            return Finding("contradiction.gate_scope", 0.88, (("wanted", found),))
    if not inside:
        return None
    return _beyond(statement, scope, inside) or _other_feature(statement, scope, inside)


def is_for_later(statement: Sentence, scope: str) -> bool:
    """Whether it is meant for later than the scope holds; "version 2 has no plug-ins" holds for version 2."""
    limited = " ".join(each for each in SENTENCE.split(scope) if OUT.search(each) or NOT.search(each))
    return any(match[0] not in limited for match in LATER.finditer(statement.plain))


def excepted_of(scope: Sentence) -> frozenset[str]:
    """What stays in scope of the thing that is out of scope: "exports are out of scope, except CSV"."""
    match = EXCEPT.search(scope.plain)
    if match is None or not match["english"] or not OUT.search(scope.plain[: match.start()]):
        return frozenset()
    return frozenset(each.name for each in _within(scope, [match.span("english")]))


def clauses_of(scope: Sentence) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The places of what is named as the only thing in scope, and of what is out of scope."""
    excepted = EXCEPT.search(scope.plain)
    if excepted is not None:
        span = excepted.span("english" if excepted["english"] else "japanese")
        if excepted_of(scope):
            return [], [(0, excepted.start())]
        rest = scope.plain[: excepted.start()] + scope.plain[excepted.end() :]
        return ([span], []) if OUT.search(rest) or NOT.search(rest) else ([], [span])
    if not ONLY.search(scope.plain):
        return [], ([] if "read-only" in scope.plain and not _is_out(scope.plain) else [(0, len(scope.plain))])
    if not _is_out(scope.plain):
        return [(0, len(scope.plain))], []
    inside, outside = [], []
    starts = [0, *(match.end() for match in CLAUSE.finditer(scope.plain))]
    for start, end in zip(starts, [*starts[1:], len(scope.plain)], strict=True):
        clause = scope.plain[start:end]
        if ONLY.search(clause) and not _is_out(clause):
            inside.append((start, end))
        else:
            outside.append((start, end))
    return inside, outside


def _is_out(clause: str) -> bool:
    return any(pattern.search(clause) for pattern in (OUT, NOT, LATER))


def _parts(scope: Sentence, places: list[tuple[int, int]]) -> list[list[Term]]:
    """The things that the decision lists: "the mobile app and the desktop app are out of scope"."""
    cuts = [match.start() for match in SEPARATOR.finditer(scope.plain)]
    parts: dict[int, list[Term]] = {}
    for term in _within(scope, places):
        parts.setdefault(sum(cut < term.start for cut in cuts), []).append(term)
    return list(parts.values())


def _within(scope: Sentence, places: list[tuple[int, int]]) -> list[Term]:
    out = [match.span() for match in OUT.finditer(scope.plain)]
    return [
        term
        for term in scope.terms
        if any(start <= term.start < end for start, end in places)
        and not any(start < term.end and term.start < end for start, end in out)
    ]


def _covered(statement: Sentence, part: list[Term], scope: Sentence) -> str | None:
    """How the statement names the thing; None when it does not."""
    known = [term.name for term in part if term.known and term.name not in WEAK]
    known = known or [term.name for term in part if term.known]
    other = [term.name for term in part if not term.known and not _is_foreign(term.name, statement, scope)]
    needed = {*known, *other}
    if not needed or not needed <= statement.closure or _is_system(part, scope):
        return None
    foreign = [term for term in part if not term.known and term.name not in other]
    if foreign and not any(_is_in_other_words(term, statement, scope) for term in foreign):
        return None
    named = [term for term in statement.terms if needed & wider(term.name)]
    if any(statement.avoids(term.start, term.end) for term in named):
        return None
    if named:
        return statement.plain[named[0].start : named[-1].end]
    return statement.technologies[0].name if statement.technologies else None


def _is_system(part: list[Term], scope: Sentence) -> bool:
    """Whether a system for the thing is out of scope, not each use of it: our own payment system."""
    return any(OWN.search(scope.plain[: term.start]) and SYSTEM.match(scope.plain, term.end) for term in part)


def _is_in_other_words(term: Term, statement: Sentence, scope: Sentence) -> bool:
    """Whether the statement has the word of the other language; True when the dictionary does not know it."""
    words = [each for each in content_of(scope.plain) if each.start < term.end and term.start < each.end]
    known = [each for each in words if is_known(each)]
    return not known or bool(likeness(known, content_of(statement.plain)).found)


def is_of_other_part(statement: Sentence, scope: Sentence) -> bool:
    """Whether the statement names nothing of the part that is limited: "the tool only reads, editing is out"."""
    match = PART.match(scope.plain)
    if match is None:
        return False
    name = match["english"] or match["japanese"]
    if A_CLASS.search(name) or any(each.name in statement.closure for each in terms_of(name) if each.known):
        return False  # Firefox, where the browsers are limited
    words, said = content_of(name), content_of(statement.plain)
    things = [each for each in words if weight_of(each) == 1]
    head = [each for each in words[-1:] if weight_of(each) != WEAK_WEIGHT]
    return bool(things) and likeness(things, said).covered <= COVERED["part"] and likeness(head, said).covered < 1


def _is_foreign(name: str, statement: Sentence, scope: Sentence) -> bool:
    """A word that the other language would write differently."""
    return statement.japanese != scope.japanese and not (name.isascii() and scope.japanese)


def end_of_limited(scope: Sentence) -> int:
    """Where what is limited ends: "only the order service" of "only the order service moves to Kubernetes"."""
    if not scope.plain.startswith("only "):
        return len(scope.plain)
    things = content_of(scope.plain)
    verbs = (each.start for each in things if each.action and each is not things[0])
    return next(verbs, len(scope.plain))


def _other_feature(statement: Sentence, scope: Sentence, inside: list[tuple[int, int]]) -> Finding | None:
    """The sentence asks to build a feature, and all features but the named ones are out of scope."""
    built = BUILDS.search(statement.plain)
    allowed = {term.name for term in _within(scope, inside)}
    if ALL_BUT.search(scope.plain) is None or built is None or any(allowed & wider(name) for name in statement.closure):
        return None
    return Finding("contradiction.gate_scope", 0.8, (("wanted", built["english"] or built["japanese"]),))


def _beyond(statement: Sentence, scope: Sentence, inside: list[tuple[int, int]]) -> Finding | None:
    """The sentence names a sibling of the only thing in scope: French, where only English is supported."""
    named = {term.name for term in _within(scope, inside)}
    # "Payment methods other than card" allows credit cards.
    allowed = named | {term.name for term in statement.terms if term.name.split()[-1] in named}
    if any(term.name in allowed and KINDS.get(term.name) for term in statement.terms):
        return None
    parents = {parent for name in allowed for parent in KINDS.get(name, ())}
    if EXCEPT.search(scope.plain):
        parents |= {term.name for term in scope.terms if term.name not in named and term.name in PARENTS}
    for term in statement.terms:
        if (
            term.name not in allowed
            and parents & set(KINDS.get(term.name, ()))
            and not statement.avoids(term.start, term.end)
        ):
            return Finding(
                "contradiction.gate_scope",
                0.85,
                (("wanted", statement.plain[term.start : term.end]),),
            )
    end = end_of_limited(scope)
    purposes = {(each.purpose, each.name) for each in scope.technologies if each.start < end}
    if any((each.purpose, each.name) in purposes for each in statement.technologies):
        return None
    for mention in statement.technologies:
        names = {name for purpose, name in purposes if purpose == mention.purpose}
        if names and mention.name not in names and not mention.source:
            return Finding("contradiction.gate_scope", 0.85, (("wanted", mention.name),))
    return None
