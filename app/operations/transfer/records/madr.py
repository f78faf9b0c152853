"""One decision as a Markdown document: writes MADR, reads MADR and the form of Michael Nygard."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import orjson

from sql.repositories.decision_options import DecisionOption, chosen_of, options_of
from sql.rows import DecisionRow

MAX_SLUG_CHARACTERS = 60
NUMBER = re.compile(r"^(?:ADR[- ]?)?(\d{1,9})[.:)]?\s+", re.IGNORECASE)
FIELD = re.compile(r"^(?:[*-] )?([A-Za-z-]{2,20}):[ \t]*(.*)$")
HEADING = re.compile(r"^(#{1,3})[ \t]+(.+?)[ \t#]*$")
CHOSEN = re.compile(r'Chosen option: "([^"\n]{1,500})"(?:, because ?)?', re.IGNORECASE)
SUPERSEDED_BY = re.compile(r"superseded by\D{0,30}?(\d{1,9})", re.IGNORECASE)
STATUSES = {
    "accepted": "accepted", "proposed": "proposed", "draft": "proposed", "rejected": "rejected",
    "deprecated": "withdrawn", "withdrawn": "withdrawn", "superseded": "superseded",
}  # fmt: skip
SECTIONS = {
    "context": "context", "context and problem statement": "context", "considered options": "options",
    "decision": "outcome", "decision outcome": "outcome", "consequences": "consequences", "status": "status",
    "pros and cons of the options": "reasons",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says; None where it says nothing. `superseded_by` is a number."""

    title: str
    status: str = "accepted"
    id: UUID | None = None
    number: int | None = None
    kind: str = "choice"
    topic: str | None = None
    value: str | None = None
    tags: Sequence[str] = ()
    context: str | None = None
    options: Sequence[DecisionOption] = ()
    chosen: str | None = None
    rationale: str | None = None
    consequences: str | None = None
    decided_at: datetime | None = None
    superseded_by: int | None = None


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
    parts = ["---", *(f"{name}: {value}" for name, value in fields.items()), "---", "", f"# {row.title}"]
    return "\n".join([*parts, *_sections(row)]) + "\n"


def _sections(row: DecisionRow) -> Iterator[str]:
    chosen = chosen_of(row)
    if row.context:
        yield f"\n## Context and Problem Statement\n\n{_escaped(row.context)}"
    if row.options:
        yield "\n## Considered Options\n\n" + "\n".join(f"* {each['label']}" for each in row.options)
    outcome = row.rationale or ""
    if chosen is not None:
        outcome = f'Chosen option: "{chosen}"' + (f", because {outcome}" if outcome else "")
    yield f"\n## Decision Outcome\n\n{_escaped(outcome or row.title)}"
    if row.consequences:
        yield f"\n### Consequences\n\n{_escaped(row.consequences)}"
    reasons = [each for each in options_of(row) if each.rejection_reason]
    if reasons:
        yield "\n## Pros and Cons of the Options"
        yield from (f"\n### {each.label}\n\n{_escaped(each.rejection_reason or '')}" for each in reasons)


def _quoted(text: str) -> str:
    return orjson.dumps(text).decode()


def _escaped(text: str) -> str:
    """A line that looks like a heading must not end the section."""
    return re.sub(r"^(\\*#)", r"\\\1", text, flags=re.MULTILINE)


def _plain(lines: Sequence[str]) -> str | None:
    text = "\n".join(line[1:] if re.match(r"\\+#", line) else line for line in lines).strip()
    return text or None


def read_document(text: str, name: str = "") -> Document | None:
    """What the document says; None when it has no title. The number may be in the `name` of the file."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    fields, lines = _front_matter(lines)
    title, sections, reasons = _split(lines, fields)
    if not title:
        return None
    numbered = NUMBER.match(title)
    in_name = re.match(r"(\d{1,9})[-_ ]", name)
    status = f"{_unquoted(fields.get('status')) or ''}\n{_plain(sections.get('status', [])) or ''}".strip()
    outcome = _plain(sections.get("outcome", [])) or ""
    chosen = CHOSEN.search(outcome)
    rationale = outcome[chosen.end() :].strip() if chosen else outcome
    options = [
        DecisionOption(label, reasons.get(label))
        for label in dict.fromkeys(line[2:].strip() for line in sections.get("options", []) if line[:2] in ("* ", "- "))
        if label
    ]
    by = SUPERSEDED_BY.search(status)
    word = re.match(r"[A-Za-z]+", status)
    plain_title = title[numbered.end() :] if numbered else title
    return Document(
        title=plain_title,
        status=STATUSES.get(word[0].lower(), "proposed") if word else "accepted",
        id=_uuid(fields.get("id")),
        number=_number(fields.get("number") or next((each[1] for each in (numbered, in_name) if each), None)),
        kind=fields.get("kind", "choice"),
        topic=_unquoted(fields.get("topic")),
        value=_unquoted(fields.get("value")),
        tags=_tags(fields.get("tags")),
        context=_plain(sections.get("context", [])),
        options=options,
        chosen=chosen[1] if chosen else None,
        rationale=rationale if rationale and rationale != plain_title else None,
        consequences=_plain(sections.get("consequences", [])),
        decided_at=_day(fields.get("date")),
        superseded_by=int(by[1]) if by else None,
    )


def _front_matter(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    if not lines or lines[0].strip() != "---" or "---" not in [line.strip() for line in lines[1:]]:
        return {}, lines
    end = 1 + [line.strip() for line in lines[1:]].index("---")
    return _fields(lines[1:end]), lines[end + 1 :]


def _fields(lines: Sequence[str]) -> dict[str, str]:
    return {match[1].lower(): match[2].strip() for line in lines if (match := FIELD.match(line))}


def _split(lines: Sequence[str], fields: dict[str, str]) -> tuple[str, dict[str, list[str]], dict[str, str]]:
    """The title, the lines of each section, and the texts of the options; fields after the title are added."""
    title, section, option = "", "head", ""
    sections: dict[str, list[str]] = {}
    texts: dict[str, list[str]] = {}
    for line in lines:
        match = HEADING.match(line)
        level, name = (len(match[1]), match[2]) if match else (0, "")
        if level == 1 and not title:
            title = name
        elif level == 3 and section == "reasons":
            option = name
        elif level in (2, 3) and (level == 2 or name.lower() in SECTIONS):
            section = SECTIONS.get(name.lower(), "other")
        elif section == "reasons":
            texts.setdefault(option, []).append(line)
        else:
            sections.setdefault(section, []).append(line)
    for name, value in _fields(sections.get("head", [])).items():
        fields.setdefault(name, value)
    return title, sections, {label: text for label, each in texts.items() if (text := _plain(each))}


def _unquoted(value: str | None) -> str | None:
    if value and value.startswith('"'):
        try:
            value = str(orjson.loads(value))
        except orjson.JSONDecodeError:
            value = value.strip('"')
    return value or None


def _tags(value: str | None) -> list[str]:
    names = (value or "").strip("[] ").split(",")
    return [name for each in names if (name := each.strip().strip("\"'"))]


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdigit() and 0 < int(value) < 2**31 else None


def _uuid(value: str | None) -> UUID | None:
    try:
        return UUID(value) if value else None
    except ValueError:
        return None


def _day(value: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat((value or "")[:10]).replace(tzinfo=UTC)
    except ValueError:
        return None
