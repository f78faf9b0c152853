"""The citations of replies, and how a cited record is shown."""

from datetime import datetime

from schema.citations import Citation, CitedText
from schema.decisions import Decision
from schema.intents import Intent
from schema.memories import Memory
from schema.messages import Message
from schema.search import SearchKind
from schema.specifications import Specification
from sql.repositories.contexts import CitationRow

TITLE_CHARACTERS = 120
EXCERPT_CHARACTERS = 300


def to_citation(row: CitationRow) -> Citation:
    return Citation(number=row.number, kind=SearchKind(row.kind), record_id=row.id)


def to_cited_text(record: Message | Intent | Specification | Decision | Memory) -> CitedText:
    if isinstance(record, Decision):
        texts = [record.value, record.rationale, record.context]
        title = f"ADR {record.number}: {record.title}"
        return _text(title, "\n".join(filter(None, texts)), record.decided_at or record.created_at)
    if isinstance(record, Specification):
        return _text(record.title, record.content, record.updated_at)
    text = record.description if isinstance(record, Intent) else record.content
    return _text(next(iter(text.strip().splitlines()), ""), text, record.created_at)


def _text(title: str, text: str, at: datetime) -> CitedText:
    return CitedText(title=_cut(title, TITLE_CHARACTERS), excerpt=_cut(text, EXCERPT_CHARACTERS), recorded_at=at)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
