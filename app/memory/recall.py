"""What the user said before that may bear on what is said now: shared words, and shared pairs of kanji or kana."""

import re
import unicodedata
from math import ceil
from uuid import UUID

from app.assistant.ports import Recollection
from sql.pool import Database
from sql.repositories.recall import list_recollections

COUNT = 5
MAX_TERMS = 60
LEAST_SHARE = 0.3
WORD = re.compile(r"[a-z0-9][a-z0-9_.+#-]+")
CJK_RUN = re.compile(r"[\u30a0-\u30ff\u3400-\u4dbf\u4e00-\u9fff々]{2,}")
COMMON = frozenset(
    [
        "the",
        "and",
        "for",
        "are",
        "was",
        "were",
        "has",
        "have",
        "had",
        "will",
        "would",
        "can",
        "could",
        "should",
        "that",
        "this",
        "these",
        "those",
        "with",
        "from",
        "what",
        "when",
        "where",
        "which",
        "who",
        "whom",
        "how",
        "why",
        "you",
        "your",
        "our",
        "his",
        "her",
        "its",
        "not",
        "but",
        "all",
        "any",
        "about",
        "into",
        "over",
        "out",
        "please",
        "tell",
        "make",
        "does",
        "did",
        "just",
        "then",
        "than",
        "them",
        "they",
        "there",
        "here",
        "been",
        "being",
        "also",
        "want",
        "need",
        "like",
        "know",
        "say",
        "said",
    ]
)


def terms_of(text: str) -> list[str]:
    """Lower-case English words of three letters or more, and bigrams of kanji and katakana; at most sixty."""
    plain = unicodedata.normalize("NFKC", text).lower()
    words = [word.strip(".-") for word in WORD.findall(plain)]
    terms = dict.fromkeys(word for word in words if len(word) > 2 and word not in COMMON)
    for run in CJK_RUN.findall(plain):
        terms |= dict.fromkeys(run[start : start + 2] for start in range(len(run) - 1))
    return list(terms)[:MAX_TERMS]


async def recall(database: Database, user_id: str, text: str, *, before: UUID) -> list[Recollection]:
    """At most five things the user said or wished before the row `before`, the closest first."""
    terms = terms_of(text)
    if not terms:
        return []
    async with database.connection() as connection:
        rows = await list_recollections(
            connection, user_id, before=before, terms=terms, least=ceil(len(terms) * LEAST_SHARE), count=COUNT
        )
    return [Recollection(row.kind, str(row.id), row.created_at, row.content) for row in rows]
