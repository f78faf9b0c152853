"""What the user said before that may bear on what is said now: shared words, and shared pairs of kanji or kana."""

import re
import unicodedata
from math import ceil
from uuid import UUID

import structlog

from app.assistant.ports import Recollection
from sql.errors import TimedOut
from sql.repositories.recall import RecollectionRow, list_recollections
from sql.statements import Connection

log = structlog.get_logger()

COUNT = 5
CANDIDATES = 50
MAX_TERMS = 60
LEAST_SHARE = 0.3
WORD = re.compile(r"[a-z0-9][a-z0-9_.+#-]+")
CJK_RUN = re.compile(r"[\u30a0-\u30ff\u3400-\u4dbf\u4e00-\u9fff々]{2,}")
COMMON = frozenset(
    re.findall(
        r"\w+",
        """the and for are was were has have had will would can could should that this these those with from what when
        where which who whom how why you your our his her its not but all any about into over out please tell make
        does did just then than them they there here been being also want need like know say said""",
    )
)


def terms_of(text: str) -> list[str]:
    """Lower-case English words of three letters or more, and bigrams of kanji and katakana, each once."""
    plain = unicodedata.normalize("NFKC", text).lower()
    words = [word.strip(".-") for word in WORD.findall(plain)]
    terms = dict.fromkeys(word for word in words if len(word) > 2 and word not in COMMON)
    for run in CJK_RUN.findall(plain):
        terms |= dict.fromkeys(run[start : start + 2] for start in range(len(run) - 1))
    return list(terms)


async def recall(connection: Connection, user_id: str, text: str, *, before: UUID) -> list[Recollection]:
    """At most five things the user said or wished before the row `before`, the closest first, then the latest."""
    terms = terms_of(text)[:MAX_TERMS]
    if not terms:
        return []
    least = ceil(len(terms) * LEAST_SHARE)
    try:
        rows = await list_recollections(connection, user_id, before=before, terms=terms, least=least, count=CANDIDATES)
    except TimedOut:
        # An answer without memories is worth more than none.
        log.warning("searching the memory took too long; nothing is recalled", user=user_id)
        return []
    shared = {row.id: _shared(row, terms) for row in rows}
    closest = sorted((row for row in rows if shared[row.id] >= least), key=lambda row: (-shared[row.id], -row.id.int))
    return [Recollection(row.kind, str(row.id), row.created_at, row.content) for row in closest[:COUNT]]


def _shared(row: RecollectionRow, terms: list[str]) -> int:
    """How many of the terms are terms of the row too: the database has found "sync" in "async" as well."""
    return len(set(terms).intersection(terms_of(row.content)))
