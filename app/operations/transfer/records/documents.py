"""Reads one decision from a Markdown document: MADR, or the form of Michael Nygard, in English or Japanese."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import orjson

from app.language.data import read_data
from app.operations.transfer.records.sections import Parts, split_front_matter, split_sections
from sql.repositories.decision_options import DecisionOption

DATA = read_data(__file__, "documents.toml")
STATUSES: dict[str, str] = {word: status for status, words in DATA["statuses"].items() for word in words}
# A number needs a prefix or a mark: "ADR-12: Use X", "12. Use X", but not "30 minutes of idle time".
NUMBER = re.compile(r"^(?:ADR[-_ #]?(\d{1,9})[.:：)]?[\s　]*(?:[-–—][\s　]*)?|(\d{1,9})[.:：)][\s　]+)", re.IGNORECASE)
IN_NAME = re.compile(r"(?:adr[-_ ]?)?(\d{1,9})(?=[-_. ])", re.IGNORECASE)
ITEM = re.compile(r"^ {0,3}(?:[*+-]|\d{1,3}[.)])[ \t]+(.+)$")
MARKS = re.compile(r"^(?:\*\*|__|`)(.{1,500}?)(?:\*\*|__|`)$")
CHOSEN = re.compile(
    r"(?:chosen option|we chose|(?:選択|採用)(?:した)?(?:選択肢|案)?)[ \t]*[:：][ \t]*"
    r'(?:"([^"\n]{1,500})"|“([^”\n]{1,500})”|「([^」\n]{1,500})」|\*\*([^*\n]{1,500})\*\*|([^,、。.\n]{1,500}))'
    r"(?:[,、]?[ \t]*(?:because|since|理由は|理由[:：])[ \t]*|[,、。.]?[ \t]*)",
    re.IGNORECASE,
)
SUPERSEDED_BY = re.compile(
    r"(?:superseded|replaced) by\D{0,30}?(\d{1,9})|"
    r"ADR[- ]?(\d{1,9})(?:に(?:よって|より)?|で)(?:置き換え|置換|差し替え)",
    re.IGNORECASE,
)
WORD = re.compile(r"[A-Za-z]+|[\u3040-\u30ff\u3400-\u9fff]+")
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")


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


def read_document(text: str, name: str = "") -> Document | None:
    """What the document says; None when it has no title. The number may be in the `name` of the file."""
    fields, lines = split_front_matter(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    parts = split_sections(lines, own="id" in fields)
    fields = {**{name: value for name, value in parts.fields.items() if name not in fields}, **fields}
    title = parts.title or _unquoted(fields.get("title"))
    if not title:
        return None
    number, plain_title = _number_of(title, name, fields)
    status = f"{_unquoted(fields.get('status')) or ''}\n{parts.text('status') or ''}".strip()
    options = _options(parts)
    chosen, rationale = _outcome(parts.text("outcome") or "", options)
    if chosen is not None and all(each.label.casefold() != chosen.casefold() for each in options):
        options = [DecisionOption(chosen), *options]
    by = SUPERSEDED_BY.search(status)
    return Document(
        title=plain_title,
        status="superseded" if by else _status(status),
        id=_uuid(fields.get("id")),
        number=number,
        kind=(_unquoted(fields.get("kind")) or "choice").lower(),
        topic=_unquoted(fields.get("topic")),
        value=_unquoted(fields.get("value")),
        tags=_tags(fields.get("tags")),
        context=parts.text("context"),
        options=options,
        chosen=chosen,
        rationale=rationale if rationale and rationale != plain_title else None,
        consequences=parts.text("consequences"),
        decided_at=_day(fields.get("date")),
        superseded_by=_number(by[1] or by[2]) if by else None,
    )


def _number_of(title: str, name: str, fields: Mapping[str, str]) -> tuple[int | None, str]:
    """The number and the title without it. A file with the field `number` has none in its title."""
    given = _number(_unquoted(fields.get("number")))
    if given is not None:
        return given, title
    numbered, in_name = NUMBER.match(title), IN_NAME.match(name)
    plain = title[numbered.end() :].strip() if numbered else title
    found = (numbered[1] or numbered[2]) if numbered else in_name[1] if in_name else None
    return _number(found), plain or title


def _status(text: str) -> str:
    """Accepted when nothing is said; proposed when it is said in words that are not known."""
    if not text:
        return "accepted"
    for word in WORD.findall(text.lower())[:3]:
        known = [each for each in STATUSES if word == each or (not word.isascii() and each in word)]
        if known:
            return STATUSES[max(known, key=len)]
    return "proposed"


def _options(parts: Parts) -> list[DecisionOption]:
    labels: dict[str, str] = {}
    for line in parts.lines("options"):
        if (item := ITEM.match(line)) and (label := _bare(item[1])):
            labels.setdefault(label.casefold(), label)
    reasons = {_bare(label).casefold(): text for label, text in parts.reasons.items()}
    return [DecisionOption(label, reasons.get(key)) for key, label in labels.items()]


def _bare(label: str) -> str:
    """The label without emphasis around it."""
    label = label.strip()
    marked = MARKS.match(label)
    return marked[1].strip() if marked else label


def _outcome(outcome: str, options: Sequence[DecisionOption]) -> tuple[str | None, str]:
    """The label of the chosen option, and the rest of the text."""
    for label in sorted((each.label for each in options), key=len, reverse=True):
        begin = f'Chosen option: "{label}"'
        if outcome.startswith(begin):
            return label, re.sub(r"^, because ?", "", outcome[len(begin) :]).strip()
    found = CHOSEN.search(outcome)
    if found is None:
        return None, outcome
    named = _bare(next(each for each in found.groups() if each)).strip(" []")
    near = [
        each.label
        for each in options
        if each.label.casefold() in named.casefold() or named.casefold() in each.label.casefold()
    ]
    same = [each for each in near if each.casefold() == named.casefold()]
    label = (same or (near if len(near) == 1 else [named]))[0]
    rest = (outcome[: found.start()].strip(), outcome[found.end() :].strip())
    return label, "\n\n".join(each for each in rest if each)


def _unquoted(value: str | None) -> str | None:
    """A value of the front matter without its quotes and its comment."""
    if not value:
        return None
    if value[0] == '"':
        try:
            return str(orjson.loads(value)) or None
        except orjson.JSONDecodeError:
            return value.strip('"') or None
    if value[0] == "'":
        return value.strip("'").replace("''", "'") or None
    return re.split(r"\s#", value)[0].strip() or None


def _tags(value: str | None) -> list[str]:
    try:
        return [str(each) for each in orjson.loads(value or "[]")]
    except (orjson.JSONDecodeError, TypeError):
        names = (value or "").strip("[] ").split(",")
        return [name for each in names if (name := each.strip().strip("\"'"))]


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdigit() and 0 < int(value) < 2**31 else None


def _uuid(value: str | None) -> UUID | None:
    try:
        return UUID(_unquoted(value) or "") if value else None
    except ValueError:
        return None


def _day(value: str | None) -> datetime | None:
    found = DAY.search(value or "")
    try:
        return datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC) if found else None
    except ValueError:
        return None
