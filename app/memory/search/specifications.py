"""Finds the specification that a request means to revise: by its title, by its topic in either language, by meaning."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.language.data import read_data
from app.language.topics import terms_of
from app.retry import retry_while_unavailable
from resolvers.ports import Searcher
from sql.pool import Database
from sql.repositories.nearest import SearchFilter
from sql.repositories.specifications import find_specifications, list_specifications
from sql.rows import SpecificationRow
from sql.statements import Connection

READ_CHARACTERS = 2000  # of a request; a person may write 256 KB
NEW = "new"  # as `specificationId` of an intent: write a new one, although others may be meant
MAX_KNOWN = 200
MAX_CANDIDATES = 5
NEAR = 0.45  # cosine similarity from which a specification may be meant
REFERENCE_WORDS = 6
REVISION = re.compile(
    r"\b(?:revise|update|extend|change|amend|rework|rewrite|add|remove|correct|adapt|include|mention)\b|"
    r"改訂|改定|更新|修正|追記|追加|変更|直し|見直し|反映|削除|加え|足し",
    re.IGNORECASE,
)
DOCUMENT_JA = r"(?:設計書|仕様書|要件定義書|要件定義|定義書|仕様|設計|ドキュメント|文書)"
DOCUMENT_EN = (
    r"(?:specifications?|specs?|design(?: docs?| documents?)?|requirements(?: documents?)?|documents?|docs?|rfc|prd)"
)
# The document is to be written, not revised.
CREATION = re.compile(
    rf"{DOCUMENT_JA}(?:の(?:草案|ドラフト|案))?を?(?:新しく|新規に|別に)?(?:書い|書き|作っ|作り|作成|まとめ|起草|用意|立て)|"
    rf"\b(?:write|draft|create|prepare|make|produce|add)\s+(?:me\s+)?(?:an?|another|one more|new)\s+"
    rf"(?:(?!(?:to|in|into|on|of|for|the|from)\b)[\w-]{{1,30}}\s+){{0,5}}{DOCUMENT_EN}\b",
    re.IGNORECASE,
)
NAMED_JA = re.compile(
    rf"([^。、，,.!！?？「」『』\n]{{0,40}}?)(?:の|に関する|についての)?{DOCUMENT_JA}(?:に|へ|を|の|から|で|は|も|、|\s|$)"
)
OBJECT_JA = re.compile(r"([^。、，,.!！?？「」『』\n]{1,40}?)を(?:改訂|改定|更新|修正|見直|変更)")
NAMED_EN = re.compile(
    rf"((?:[\w/-]{{1,30}}\s+){{0,{REFERENCE_WORDS}}}){DOCUMENT_EN}\b"
    rf"(?:\s+(?:for|of|on|about)\s+((?:[\w/-]{{1,30}}\s*){{1,{REFERENCE_WORDS}}}))?",
    re.IGNORECASE,
)
OBJECT_EN = re.compile(
    r"\b(?:revise|update|extend|change|amend|rework|rewrite|correct|adapt)\s+"
    rf"((?:[\w/-]{{1,30}}\s*){{1,{REFERENCE_WORDS}}})",
    re.IGNORECASE,
)
PARTICLE = re.compile(r"[をにへはが]")
_WORDS = read_data(__file__, "specifications.toml")
DOCUMENT_WORDS = frozenset(_WORDS["documents"])
NOT_A_NAME = frozenset(_WORDS["no_names"])
GENERIC = frozenset(_WORDS["generic"])


@dataclass(frozen=True, slots=True)
class Meant:
    """The specification that is meant; or, when that is not certain, those that may be; neither when none is."""

    specification: SpecificationRow | None = None
    candidates: Sequence[SpecificationRow] = ()


async def find_named(connection: Connection, user_id: str, project_id: UUID, request: str) -> Meant | None:
    """What a request in a project means by a title or a topic; None when only the meaning of the texts can tell."""
    request = request[:READ_CHARACTERS]
    if not REVISION.search(request):
        return Meant()
    return _named(request, await list_specifications(connection, user_id, project_id=project_id, count=MAX_KNOWN))


def _named(request: str, known: Sequence[SpecificationRow]) -> Meant | None:
    if titled := _titled(request, known):
        return Meant(titled)
    if not known or CREATION.search(request):
        return Meant()
    reference = reference_of(request)
    return Meant() if reference is None else _by_topic(reference, known)


class SpecificationFinder:
    """Looks among the specifications of one project."""

    def __init__(self, database: Database, search: Searcher) -> None:
        self._database = database
        self._search = search

    async def find(self, user_id: str, project_id: UUID, request: str) -> Meant:
        """What a request means; nothing when it does not ask to revise a specification."""
        request = request[:READ_CHARACTERS]
        if not REVISION.search(request):
            return Meant()
        known = await retry_while_unavailable(
            self._database.connection,
            lambda c: list_specifications(c, user_id, project_id=project_id, count=MAX_KNOWN),
        )
        if (meant := _named(request, known)) is not None:
            return meant
        return await self._by_meaning(user_id, project_id, reference_of(request) or request, known)

    async def _by_meaning(self, user_id: str, project_id: UUID, text: str, known: Sequence[SpecificationRow]) -> Meant:
        """The specifications whose text is near; that one is meant is never certain without a common topic."""
        within = SearchFilter(kinds=("specification",), project_id=project_id)
        hits = await self._search.search(user_id, text, within, MAX_CANDIDATES)
        wanted = _topics(text)
        ids = [hit.subject_id for hit in hits if (hit.similarity or 0.0) >= NEAR or wanted & _topics(hit.content[:500])]
        if not ids:
            return Meant()
        rows = {row.id: row for row in known if row.id in ids}
        if missing := [each for each in ids if each not in rows]:
            older = await retry_while_unavailable(
                self._database.connection, lambda c: find_specifications(c, user_id, missing)
            )
            rows |= {row.id: row for row in older}
        return Meant(candidates=[rows[each] for each in ids if each in rows])


def reference_of(request: str) -> str | None:
    """The words that name the document, such as 認証 in 認証の設計書に: "" for 仕様書に, None without a document."""
    if found := NAMED_JA.search(request) or OBJECT_JA.search(request):
        return PARTICLE.split(found[1])[-1].strip()
    if found := NAMED_EN.search(request):
        return " ".join(_last_name(found[1]) or _first_name(found[2] or ""))
    if found := OBJECT_EN.search(request):
        return " ".join(_first_name(found[1]))
    return None


def _last_name(words: str) -> list[str]:
    """The words after the last one that is no name: auth in "add MFA to the auth"."""
    name: list[str] = []
    for word in reversed(words.split()):
        if word.casefold() in NOT_A_NAME:
            break
        name.insert(0, word)
    return [word for word in name if word.casefold() not in DOCUMENT_WORDS]


def _first_name(words: str) -> list[str]:
    """The words before the first preposition: exports in "the exports in the admin pages"."""
    name: list[str] = []
    for word in words.split():
        if word.casefold() not in NOT_A_NAME:
            name.append(word)
        elif name:
            break
    return name


def _titled(request: str, known: Sequence[SpecificationRow]) -> SpecificationRow | None:
    """The specification whose whole title is in the request; the longest title when there are several."""
    folded = request.casefold()
    named = [row for row in known if row.title.strip().casefold() in folded]
    return max(named, key=lambda row: len(row.title), default=None)


def _topics(text: str) -> set[str]:
    return {term.name for term in terms_of(text)} - GENERIC


def _by_topic(reference: str, known: Sequence[SpecificationRow]) -> Meant | None:
    """The specifications whose titles have all topics of the reference; None when there are none."""
    wanted = _topics(reference)
    if not wanted:
        return Meant(known[0]) if len(known) == 1 else Meant(candidates=known[:MAX_CANDIDATES])
    matching = [row for row in known if wanted <= _topics(row.title)]
    if not matching:
        return None
    exact = [row for row in matching if _topics(row.title) == wanted]
    chosen = exact if len(exact) == 1 else matching
    return Meant(chosen[0]) if len(chosen) == 1 else Meant(candidates=chosen[:MAX_CANDIDATES])
