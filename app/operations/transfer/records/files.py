"""Exports the decisions of a project to a directory of Markdown files, and imports them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

from app.errors import OperationFailed
from app.language.catalogue import message_of
from app.language.reader import reader_language
from app.language.topics import topic_key, topic_of
from app.operations.transfer.records.documents import Document, read_document
from app.operations.transfer.records.madr import file_name, write_madr
from resolvers.checks import checked_line, checked_tags, checked_time
from sql.errors import ResonantError
from sql.repositories.decision_options import DecisionOption, chosen_of, options_of
from sql.repositories.decision_reads import (
    DecisionFilter,
    find_decision_by_key,
    find_decision_by_number,
    find_decisions,
    list_decisions,
)
from sql.repositories.decisions import DecisionText, NewDecision, insert_decision, supersede_decision, update_decision
from sql.rows import DecisionRow
from sql.statements import Connection

SUFFIXES = (".md", ".markdown")
MAX_FILE_BYTES = 1024 * 1024
MOST = 100_000
KINDS = ("choice", "rule", "value", "scope")


@dataclass(slots=True)
class FilesReport:
    """The numbers of decisions that are new, changed and known, and the files that were left out, with the reason.

    `renumbered`: the files whose number was taken, each with the number of the file and that of the decision.
    """

    added: int = 0
    changed: int = 0
    known: int = 0
    left_out: list[tuple[str, str]] = field(default_factory=list)
    renumbered: list[tuple[str, int, int]] = field(default_factory=list)


async def export_decisions(connection: Connection, user_id: str, project_id: UUID, directory: Path) -> int:
    """Write one file per decision; a file of the same decision under an earlier title is replaced."""
    rows = await list_decisions(connection, user_id, DecisionFilter(project_id=project_id), count=MOST)
    later = [row.superseded_by for row in rows if row.superseded_by is not None]
    numbers = {row.id: row.number for row in await find_decisions(connection, user_id, later)}
    _write_all(directory, [(row, numbers.get(row.superseded_by) if row.superseded_by else None) for row in rows])
    return len(rows)


def _write_all(directory: Path, rows: Sequence[tuple[DecisionRow, int | None]]) -> None:
    """Each decision with the number of the one that superseded it. Raises OperationFailed."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for row, superseded_by in rows:
            _write(directory, row, superseded_by)
    except OSError as error:
        raise OperationFailed(f"{directory} cannot be written ({error.strerror}).") from None


def _write(directory: Path, row: DecisionRow, superseded_by: int | None) -> None:
    path = directory / file_name(row)
    for other in directory.glob(f"{row.number:04d}-*.md"):
        if other != path and f"\nid: {row.id}\n" in other.read_text("utf-8", "replace")[:2000]:
            other.unlink()
    path.write_text(write_madr(row, superseded_by), "utf-8")


async def import_decisions(connection: Connection, user_id: str, project_id: UUID, directory: Path) -> FilesReport:
    """Import all Markdown files of the directory, in the order of their names. It can be repeated.

    A decision of the project is known by the id in its file, or by the name of the file. Raises OperationFailed.
    """
    report, imported = FilesReport(), list[tuple[Document, DecisionRow]]()
    for path in _files_in(directory):
        try:
            document = _read(path)
            async with connection.transaction():
                row = await _import(connection, user_id, project_id, path.name, document, report)
        except UnicodeDecodeError:
            report.left_out.append((path.name, "the file is not UTF-8 text"))
            continue
        except (ResonantError, OSError, ValueError) as error:
            reason = message_of(error, reader_language()) if isinstance(error, ResonantError) else str(error)
            report.left_out.append((path.name, reason))
            continue
        if row is not None and document is not None:
            imported.append((document, row))
    await _link(connection, user_id, project_id, imported)
    return report


def _files_in(directory: Path) -> list[Path]:
    if not directory.is_dir():
        raise OperationFailed(f"{directory} is no directory.")
    return sorted(path for path in directory.iterdir() if path.suffix.lower() in SUFFIXES and path.is_file())


def _read(path: Path) -> Document | None:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise ValueError(f"larger than {MAX_FILE_BYTES} bytes")
    text = path.read_text("utf-8")
    if "\x00" in text:
        raise ValueError("the file contains a null character")
    return read_document(text, path.name)


async def _import(
    connection: Connection, user_id: str, project_id: UUID, name: str, document: Document | None, report: FilesReport
) -> DecisionRow | None:
    if document is None or name.lower() in ("readme.md", "index.md", "template.md"):
        report.left_out.append((name, "no decision: it has no title"))
        return None
    # Many repositories have a file 0001-record-architecture-decisions.md, so a name is known in its project only.
    key = f"decision:{project_id}:{document.id}" if document.id else f"decision-file:{project_id}:{name}"
    known = await find_decisions(connection, user_id, [document.id]) if document.id else []
    row = next((each for each in known if each.project_id == project_id), None)
    row = row or await find_decision_by_key(connection, user_id, key)
    if row is None:
        row = await insert_decision(connection, _new(user_id, project_id, document, key))
        report.added += 1
        if document.number is not None and row.number != document.number:
            report.renumbered.append((name, document.number, row.number))
        return row
    text = _edited(row, document)
    if text is None:
        report.known += 1
        return row
    row = await update_decision(connection, user_id, row.id, text, actor=user_id)
    report.changed += 1
    return row


def _new(user_id: str, project_id: UUID, document: Document, key: str) -> NewDecision:
    title = checked_line(_one_line(document.title), "title", 200)
    topic = checked_line(document.topic or topic_of(title) or title, "topic", 200)
    options, chosen, context = _options(document)
    return NewDecision(
        user_id=user_id,
        title=title,
        topic=topic,
        topic_key=topic_key(topic),
        author=user_id,
        kind=document.kind if document.kind in KINDS else "choice",
        status=document.status,
        context=context,
        options=options,
        chosen=chosen,
        value=document.value,
        rationale=document.rationale,
        consequences=document.consequences,
        tags=checked_tags(list(document.tags)),
        idempotency_key=key,
        project_id=project_id,
        number=document.number,
        decided_at=checked_time(document.decided_at),
    )


def _options(document: Document) -> tuple[Sequence[DecisionOption], str | None, str | None]:
    """The options, the chosen one and the context, which lists the options when nothing says which was chosen."""
    wanted = (document.chosen or "").casefold()
    named = [each.label for each in document.options if each.label.casefold() == wanted]
    if not named and document.rationale:
        named = [each.label for each in document.options if each.label.casefold() in document.rationale.casefold()]
    if len(named) == 1:
        chosen = named[0]
        options = [replace(each, rejection_reason=None) if each.label == chosen else each for each in document.options]
        return options, chosen, document.context
    if document.status != "accepted" or document.kind != "choice" or not document.options:
        return document.options, None, document.context
    listed = "\n".join(f"- {each.label}" for each in document.options)
    return (), None, f"{document.context}\n\n{listed}" if document.context else listed


def _edited(row: DecisionRow, document: Document) -> DecisionText | None:
    """The text after the import; None when the file says what is stored."""
    title = checked_line(_one_line(document.title), "title", 200)
    topic = row.topic if document.topic is None else checked_line(document.topic, "topic", 200)
    tags = checked_tags(list(document.tags))
    _, _, context = _options(document)
    new = (title, topic, context, document.rationale, document.consequences, tags)
    stored = (
        _one_line(row.title),
        row.topic,
        *map(_lines, (row.context, row.rationale, row.consequences)),
        list(row.tags),
    )
    if new == stored:
        return None
    return DecisionText(
        title=title,
        topic=topic,
        topic_key=topic_key(topic),
        context=context,
        value=row.value,
        rationale=document.rationale,
        consequences=document.consequences,
        tags=tags,
        options=options_of(row),
        chosen=chosen_of(row),
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _lines(text: str | None) -> str | None:
    """As a file keeps it: without the other line ends and the white space around it."""
    return None if text is None else text.replace("\r\n", "\n").strip() or None


async def _link(
    connection: Connection, user_id: str, project_id: UUID, imported: Sequence[tuple[Document, DecisionRow]]
) -> None:
    """Link superseded decisions to those that replaced them, by the numbers in the files."""
    by_number: dict[int, DecisionRow] = {}
    for document, row in imported:
        if document.number is not None:
            by_number.setdefault(document.number, row)
    for document, row in imported:
        if document.superseded_by is None:
            continue
        later = by_number.get(document.superseded_by)
        later = later or await find_decision_by_number(connection, user_id, project_id, document.superseded_by)
        if later is None or later.id == row.id or row.superseded_by is not None or row.status != "superseded":
            continue
        async with connection.transaction():
            await supersede_decision(connection, user_id, row, by=later, actor=user_id)
