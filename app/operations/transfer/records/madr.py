"""Writes one decision as a Markdown document in the form of MADR 4."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC

import orjson

from sql.repositories.decision_options import chosen_of, options_of
from sql.rows import DecisionRow

MAX_SLUG_CHARACTERS = 60


def file_name(row: DecisionRow) -> str:
    """For example `0012-use-postgresql.md`; letters of all scripts are kept."""
    words = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFKC", row.title).lower()).strip("-")
    return f"{row.number:04d}-{words[:MAX_SLUG_CHARACTERS].strip('-') or 'decision'}.md"


def write_madr(row: DecisionRow, superseded_by: int | None) -> str:
    """The decision in the form of MADR 4; the fields that MADR does not have are in the front matter."""
    status = f"superseded by ADR-{superseded_by:04d}" if superseded_by else row.status
    fields = {
        "status": status, "date": f"{(row.decided_at or row.created_at).astimezone(UTC):%Y-%m-%d}", "id": str(row.id),
        "number": str(row.number), "kind": row.kind, "topic": _quoted(row.topic),
    }  # fmt: skip
    if row.value is not None:
        fields["value"] = _quoted(row.value)
    if row.tags:
        fields["tags"] = orjson.dumps(row.tags).decode()
    parts = ["---", *(f"{name}: {value}" for name, value in fields.items()), "---", "", f"# {_one_line(row.title)}"]
    return "\n".join([*parts, *_sections(row)]) + "\n"


def _sections(row: DecisionRow) -> Iterator[str]:
    chosen = chosen_of(row)
    if row.context:
        yield f"\n## Context and Problem Statement\n\n{_escaped(row.context)}"
    if row.options:
        yield "\n## Considered Options\n\n" + "\n".join(f"* {_one_line(each['label'])}" for each in row.options)
    outcome = row.rationale or ""
    if chosen is not None:
        outcome = f'Chosen option: "{_one_line(chosen)}"' + (f", because {outcome}" if outcome else "")
    yield f"\n## Decision Outcome\n\n{_escaped(outcome or row.title)}"
    if row.consequences:
        yield f"\n### Consequences\n\n{_escaped(row.consequences)}"
    reasons = [each for each in options_of(row) if each.rejection_reason]
    if reasons:
        yield "\n## Pros and Cons of the Options"
        yield from (f"\n### {_one_line(each.label)}\n\n{_escaped(each.rejection_reason or '')}" for each in reasons)


def _quoted(text: str) -> str:
    return orjson.dumps(text).decode()


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _escaped(text: str) -> str:
    """A line that looks like a heading must not end the section."""
    return re.sub(r"^(\\*#)", r"\\\1", text.replace("\r\n", "\n"), flags=re.MULTILINE)
