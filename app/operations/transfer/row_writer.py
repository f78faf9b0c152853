"""Inserts rows of an export for one user: known columns only, and references only to rows of that user.

The rows come into projects that the user may write in, else into the user's default project.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from app.language.catalogue import stored_text
from app.operations.transfer.export import columns_of, id_for
from app.operations.transfer.report import ImportReport
from app.operations.transfer.row_batches import column_defaults, insert_rows, is_insertable_together, runs
from app.operations.transfer.row_checks import SHOWN_VALUES, Line, check_lengths, checked_value, to_uuid
from app.operations.transfer.tables import KIND_TABLES, TABLES, ExportedTable
from app.operations.transfer.tolerant_json import LeftOut
from sql.repositories.branches import show_selected
from sql.sentences import sentence
from sql.statements import Connection

BY_NAME = {table.name: table for table in TABLES}
PROGRAMS = ("intent-bridge", "message-bridge")
"""Authors of changes that are no users."""
UUID_VERSION = 7
OPEN = "awaiting_confirmation"

PROJECT = """(SELECT s.project_id FROM user_scopes AS s
    WHERE s.user_id = $2 AND s.scope_id = r.project_id AND s.project_id = s.scope_id AND s.writable)"""
TOPIC_DECIDED = f"""CASE WHEN r.status = 'accepted' AND r.kind IN ('choice', 'value') AND EXISTS (
    SELECT FROM decisions AS d WHERE d.topic_key = r.topic_key AND d.status = 'accepted'
    AND d.project_id = coalesce({PROJECT},
        (SELECT c.project_id FROM conversations AS c WHERE c.id = r.conversation_id AND c.user_id = $2),
        default_project($2))
    AND d.kind IN ('choice', 'value')) THEN 'proposed' ELSE r.status END"""  # noqa: S608
"""The status of an imported decision: it is only proposed when the topic is decided already in its project."""

INCOMPLETE_FILE = """(SELECT o.id FROM attachments AS o
    WHERE o.id = r.attachment_id AND o.user_id = $2 AND o.object IS NULL AND o.size > (
        SELECT coalesce(sum(octet_length(content)), 0) FROM attachment_chunks WHERE attachment_id = o.id))"""
"""The file of an imported piece, unless it has all its bytes: pieces of another size must not get between them."""

DELETE_DAMAGED_FILES = """WITH deleted AS (
    DELETE FROM attachments AS a WHERE a.user_id = $1 AND a.id = ANY($2::uuid[]) AND NOT EXISTS (
        SELECT FROM (
            SELECT sum(octet_length(content)) AS size, bool_and(start = before) AS complete,
                   encode(sha256(string_agg(content, ''::bytea ORDER BY start)), 'hex') AS sha256
            FROM (SELECT start, content, coalesce(sum(octet_length(content)) OVER (
                      ORDER BY start ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
                  FROM attachment_chunks WHERE attachment_id = a.id) AS pieces) AS stored
        WHERE stored.complete AND (stored.size, stored.sha256) = (a.size, a.sha256))
    RETURNING 1
) SELECT count(*) FROM deleted"""


@dataclass(frozen=True, slots=True)
class Later:
    """A reference that is set when both rows exist."""

    table: ExportedTable
    column: str
    id: UUID
    target: UUID


class RowWriter:
    """Inserts rows for one user. With `rename`, all ids are derived from the user and the original id.

    Without it, only the ids that belong to rows of other users are.
    """

    def __init__(
        self, connection: Connection, user_id: str, report: ImportReport, *, rename: bool, max_text_bytes: int
    ) -> None:
        self._connection = connection
        self._user_id = user_id
        self._report = report
        self._rename = rename
        self._max_text_bytes = max_text_bytes
        self._renamed: dict[tuple[str, UUID], UUID] = {}
        self._existing_columns: dict[str, dict[str, str]] = {}
        self._defaults: dict[str, dict[str, str]] = {}
        self._default_projects: dict[UUID, UUID] = {}
        self._later: list[Later] = []
        self._files: set[UUID] = set()
        self._branched: set[UUID] = set()
        self._lost = 0

    def checkpoint(self) -> tuple[int, int]:
        """What was recorded so far, for `forget`."""
        return len(self._later), self._lost

    def forget(self, checkpoint: tuple[int, int]) -> None:
        """Forget what was recorded since, because the transaction was rolled back."""
        count, self._lost = checkpoint
        del self._later[count:]

    async def prepare(self, lines: Iterable[Line]) -> None:
        """Find the ids of the lines that belong to rows of other users."""
        if self._rename:
            return
        ids: dict[str, set[UUID]] = {}
        for line in lines:
            table = BY_NAME[line["table"]]
            for name, row in _rows_of(line, table):
                if (given := to_uuid(row.get("id"))) is not None:
                    ids.setdefault(name, set()).add(given)
        for name, used in ids.items():
            others = (
                "NOT EXISTS (SELECT FROM user_scopes AS s WHERE s.user_id = $2 AND s.scope_id = t.id AND s.writable)"
                if name == "projects"
                else "t.user_id <> $2"
            )
            taken = await self._connection.fetch(
                f"SELECT id FROM {name} AS t WHERE id = ANY($1::uuid[]) AND {others}",  # noqa: S608
                list(used),
                self._user_id,
            )
            self._renamed |= {(name, UUID(str(each[0]))): id_for(self._user_id, each[0]) for each in taken}

    async def insert_all(self, lines: Sequence[Line]) -> list[bool | None]:
        """What `insert` returns for each line; most tables need one statement for many lines. Raises LeftOut."""
        new: list[bool | None] = []
        for name, run in runs(lines):
            table = BY_NAME[name]
            if is_insertable_together(table):
                new += await self._insert_together(table, [self._accepted(table, line["row"]) for line in run])
            else:
                new += [await self.insert(line) for line in run]
        return new

    async def _insert_together(self, table: ExportedTable, rows: Sequence[Line]) -> list[bool | None]:
        later = [{name: row.pop(name) for name in table.later if name in row} for row in rows]
        values = [await self._values(table, row) for row in rows]
        if table.name not in self._defaults:
            self._defaults[table.name] = await column_defaults(self._connection, table.name)
        inserted = await insert_rows(
            self._connection, self._user_id, table, values, self._expression, self._defaults[table.name]
        )
        self._note_lost(table, values, inserted)
        if not table.has_id:
            return [None if not table.is_counted else True] * len(rows)
        left = {str(row["id"]) for row in inserted}
        new = []
        for row in rows:
            new.append(row["id"] in left)
            left.discard(row["id"])  # a repeated row is not new
        if table.required:
            await self._refuse_missing(table, [row["id"] for row, added in zip(rows, new, strict=True) if not added])
        for row, targets, added in zip(rows, later, new, strict=True):
            if added:
                self._note_inserted(table, row, targets)
        return [added if added or table.is_counted else None for added in new]

    def _note_lost(self, table: ExportedTable, values: Sequence[Line], inserted: Sequence[Any]) -> None:
        """Count the references that the inserted rows do not have, but the rows of the file."""
        given = {row["id"]: row for row in values} if table.has_id else None
        for name in self._checked(table):
            if given is not None:
                self._lost += sum(row[name] is None and given[str(row["id"])].get(name) is not None for row in inserted)
            else:
                absent = sum(row.get(name) is None for row in values)
                self._lost += max(0, sum(row[name] is None for row in inserted) - absent)

    async def _refuse_missing(self, table: ExportedTable, ids: Sequence[str]) -> None:
        """Raise LeftOut unless the user has all these rows."""
        found = await self._connection.fetchval(
            f"SELECT count(*) FROM {table.name} WHERE id = ANY($1::text[]::uuid[]) AND user_id = $2",  # noqa: S608
            ids,
            self._user_id,
        )
        if found < len(set(ids)):
            raise LeftOut(sentence("import.owner_missing"))

    def _note_inserted(self, table: ExportedTable, row: Line, later: dict[str, str]) -> None:
        """Record what has to be done after all rows are imported."""
        self._later += [Later(table, name, UUID(row["id"]), UUID(target)) for name, target in later.items()]
        if table.name == "attachments":
            self._files.add(UUID(row["id"]))
        if "version_of" in row:
            self._branched.add(UUID(row["conversation_id"]))

    async def insert(self, line: Line) -> bool | None:
        """Insert a row and its children unless the row exists; whether it was new. Raises LeftOut.

        None for what is not counted: the default project, which every user has, and rows that triggers write too.
        """
        table = BY_NAME[line["table"]]
        if table.name == "projects" and line["row"].get("is_default") is True:
            await self._use_own_default_project(line["row"])
            return None
        row = self._accepted(table, line["row"])
        if not await self._insert(table, row):
            return False if table.is_counted else None
        if table.name in ("attachments", "attachment_chunks"):
            self._files.add(UUID(row.get("id") or row["attachment_id"]))
        if "version_of" in row:
            self._branched.add(UUID(row["conversation_id"]))
        for child in table.children:
            rows = list(_children(line, child))
            if child.replaces_history and not await self._forget_history(table, child, row["id"], rows):
                continue
            for each in rows:
                await self._insert(child, self._accepted(child, each) | {child.parent: row["id"]})
        return True if table.is_counted else None

    async def _use_own_default_project(self, row: Line) -> None:
        """References to the default project of the file become references to the user's own.

        A user who imports their own export gets its name and description, unless they changed the project here.
        """
        own = await self._connection.fetchval(
            "SELECT id FROM projects WHERE user_id = $1 AND is_default", self._user_id
        )
        if (original := to_uuid(row.get("id"))) is not None:
            self._default_projects[original] = own
        name, description = row.get("name"), row.get("description")
        if not self._rename and isinstance(name, str) and name.strip() and isinstance(description, str | None):
            await self._connection.execute(
                "UPDATE projects SET name = $2, description = $3, updated_at = now() "
                "WHERE id = $1 AND updated_at = created_at AND (name, description) IS DISTINCT FROM ($2, $3::text)",
                own, name, description,
            )  # fmt: skip

    async def _forget_history(self, table: ExportedTable, child: ExportedTable, row_id: str, rows: list[Any]) -> bool:
        """Delete what a trigger wrote; False when the history of the file does not lead to the row's status."""
        last = rows[-1].get("to_status") if rows and isinstance(rows[-1], dict) else None
        done = await self._connection.execute(
            f"DELETE FROM {child.name} AS c USING {table.name} AS t "  # noqa: S608
            f"WHERE c.{child.parent} = t.id AND t.id = $1::text::uuid AND t.user_id = $2 AND t.status = $3",
            row_id,
            self._user_id,
            str(last),
        )
        return not done.endswith(" 0")

    async def link(self, since: int = 0) -> None:
        """Set the references to rows that followed in the file; those that are still missing stay for later."""
        waiting = [later for later in self._later[since:] if not await self._link(later)]
        self._later[since:] = waiting

    async def delete_damaged_files(self) -> None:
        """Delete imported files whose pieces are not all here or are not those that were exported."""
        damaged = await self._connection.fetchval(DELETE_DAMAGED_FILES, self._user_id, list(self._files))
        self._report.note("import.files_damaged", damaged)

    @property
    def files(self) -> Iterable[UUID]:
        """The ids of the imported files."""
        return self._files

    async def show_branches(self) -> None:
        """Show one branch of each conversation, whatever the file says."""
        for conversation_id in sorted(self._branched):
            await show_selected(self._connection, conversation_id)

    def note_lost_references(self) -> None:
        """Count the references that were left out, in the report."""
        self._report.note("import.references_removed", self._lost + len(self._later))

    def _accepted(self, table: ExportedTable, row: Line) -> Line:
        """The columns that an import takes from a row, with the ids of this user."""
        if not isinstance(row, dict):
            raise LeftOut(sentence("import.unknown_table"))
        accepted = {name: row[name] for name in table.columns if row.get(name) is not None}
        by_person = table.name != "attachment_chunks" and row.get("message_type") != "kana"
        if by_person and row.get(table.author) not in PROGRAMS:
            check_lengths(accepted, self._max_text_bytes)
        for name, target in (table.references | table.later).items():
            if row.get(name) is not None:
                accepted[name] = str(self._id(target, row[name]))
        if table.has_id:
            accepted["id"] = str(self._id(table.name, row.get("id"), own=True))
        if table.author:
            author = row.get(table.author)
            accepted[table.author] = author if author in PROGRAMS else self._user_id
        self._adapt(table, accepted, row)
        return accepted

    def _adapt(self, table: ExportedTable, accepted: Line, row: Line) -> None:
        """Replace the state that a person or a worker has to give to the row here."""
        status = accepted.get("status")
        of_person = table.name == "intents" and accepted.get("assignee") == "person"
        if not of_person and isinstance(status, str) and (replaced := table.replaced_statuses.get(status)):
            accepted["status"] = replaced
        if table.name == "messages":
            # So that no intents are extracted from old messages.
            accepted["intents_extracted_at"] = "now"
            if (first := row.get("version_of")) is not None:  # of a message that may have been deleted
                accepted["version_of"] = str(self._id("messages", first))
        elif table.name == "intents":
            self._adapt_intent(accepted, of_person)
        elif table.name == "memories":
            accepted.setdefault("private", False)
            if "reviewed_at" not in row:  # exported before there were reviews
                accepted["reviewed_at"] = datetime.now(UTC).isoformat()
        elif table.name == "decisions" and "chosen_option_id" in accepted:
            accepted["chosen_option_id"] = str(self._id("decision_options", row["chosen_option_id"]))
        for prefix in table.of_kinds:
            if (given := row.get(f"{prefix}_id")) is not None:
                kind = KIND_TABLES.get(str(row.get(f"{prefix}_kind")))
                accepted[f"{prefix}_id"] = str(self._id(kind or table.name, given))

    def _adapt_intent(self, accepted: Line, of_person: bool) -> None:
        if of_person:  # no worker does it, so it needs no confirmation
            accepted["assignee_id"] = self._user_id
        elif accepted.get("status", "pending") in ("pending", OPEN):
            accepted |= {"status": OPEN, **stored_text("import.confirm").as_reason()}
        for name, can_be_shown in SHOWN_VALUES.items():
            if name in accepted and not can_be_shown(accepted[name]):
                del accepted[name]
                self._report.note("import.unreadable")

    def _id(self, table: str, given: Any, *, own: bool = False) -> UUID:
        original = to_uuid(given)
        if original is None or (own and original.version != UUID_VERSION):
            raise LeftOut(sentence("import.not_an_id", id=str(given)[:80]))
        if table == "projects" and original in self._default_projects:
            return self._default_projects[original]
        if self._rename:
            return id_for(self._user_id, original)
        return self._renamed.get((table, original), original)

    async def _insert(self, table: ExportedTable, row: Line) -> bool:
        later = {name: row.pop(name) for name in table.later if name in row}
        values = await self._values(table, row)
        names = ", ".join([*values, "user_id"])
        chosen = ", ".join(self._expression(table, name) for name in values)
        owned = " AND ".join(f"{self._expression(table, name)} IS NOT NULL" for name in table.required)
        inserted = await self._connection.fetchrow(
            f"INSERT INTO {table.name} ({names}) SELECT {chosen}, $2 "  # noqa: S608
            f"FROM jsonb_populate_record(NULL::{table.name}, $1::text::jsonb) AS r "
            f"{'WHERE ' + owned if owned else ''} ON CONFLICT DO NOTHING RETURNING *",
            orjson.dumps(values).decode(),
            self._user_id,
        )
        if inserted is None:
            if table.required and table.has_id and not await self._exists(table.name, row["id"]):
                raise LeftOut(sentence("import.owner_missing"))
            return False
        self._lost += sum(values.get(name) is not None and inserted[name] is None for name in self._checked(table))
        self._later += [Later(table, name, UUID(row["id"]), UUID(target)) for name, target in later.items()]
        return True

    async def _values(self, table: ExportedTable, row: Line) -> Line:
        """The columns of a row that exist here. Raises LeftOut."""
        columns = await self._columns(table.name)
        values = {name: checked_value(columns[name], name, value) for name, value in row.items() if name in columns}
        return {name: None for prefix in table.of_kinds for name in (f"{prefix}_kind", f"{prefix}_id")} | values

    def _checked(self, table: ExportedTable) -> list[str]:
        """The columns whose references are left out when the user has no such row."""
        return [*table.references, *(f"{prefix}_id" for prefix in table.of_kinds)]

    def _expression(self, table: ExportedTable, column: str) -> str:
        """The value of a column; a reference is null unless the row belongs to the user. No part comes from a file."""
        if (table.name, column) == ("attachment_chunks", "attachment_id"):
            return INCOMPLETE_FILE
        if column == "project_id":
            return PROJECT
        if (table.name, column) == ("search_ratings", "subject_id"):
            return f"coalesce({', '.join(self._expression(table, each) for each in table.references)})"
        if (table.name, column) == ("memories", "private"):  # its message may not be in the file
            of_message = f"r.source_kind = 'message' AND ({_row_of_kind('source')}) IS NULL"
            return f"(coalesce(r.private, false) OR coalesce({of_message}, false))"
        if target := table.references.get(column):
            return f"(SELECT o.id FROM {target} AS o WHERE o.id = r.{column} AND {_own(target)})"  # noqa: S608
        if (table.name, column) == ("projects", "slug"):
            taken = "EXISTS (SELECT FROM projects AS o WHERE o.slug = r.slug AND o.id <> r.id)"
            return (
                f"CASE WHEN {taken} THEN rtrim(left(r.slug, 40), '-') || '-' || right(r.id::text, 12) ELSE r.slug END"
            )
        if table.name == "decisions" and column == "status":
            return TOPIC_DECIDED
        prefix, _, part = column.rpartition("_")
        if prefix in table.of_kinds and part in ("id", "kind"):
            row_id = _row_of_kind(prefix)
            return row_id if part == "id" else f"CASE WHEN ({row_id}) IS NOT NULL THEN r.{column} END"
        return f"r.{column}"

    async def _exists(self, table: str, row_id: str) -> bool:
        found = await self._connection.fetchval(
            f"SELECT true FROM {table} WHERE id = $1::text::uuid AND user_id = $2",  # noqa: S608
            row_id,
            self._user_id,
        )
        return found is not None

    async def _link(self, later: Later) -> bool:
        table, target = later.table.name, later.table.later[later.column]
        allowed = {"memories": "AND t.archived", "decisions": "AND t.status = 'superseded'"}.get(table, "")
        done = await self._connection.execute(
            f"UPDATE {table} AS t SET {later.column} = o.id FROM {target} AS o "  # noqa: S608
            f"WHERE t.id = $1 AND t.user_id = $3 AND o.id = $2 AND o.user_id = $3 AND t.id <> o.id {allowed}",
            later.id,
            later.target,
            self._user_id,
        )
        return done.endswith(" 1")

    async def _columns(self, table: str) -> dict[str, str]:
        if table not in self._existing_columns:
            self._existing_columns[table] = await columns_of(self._connection, table)
        return self._existing_columns[table]


def _own(table: str) -> str:
    """The condition that the row `o` of the table is the user's, and in a project that they may write in."""
    scope = BY_NAME[table].seen.replace("t.", "o.")
    writable = "SELECT s.scope_id FROM user_scopes AS s WHERE s.user_id = $2 AND s.writable"
    return f"o.user_id = $2 AND {scope} IN ({writable})"


def _row_of_kind(prefix: str) -> str:
    """The id of the row that `{prefix}_kind` and `{prefix}_id` refer to, null unless it belongs to the user."""
    found = " ".join(
        f"WHEN '{kind}' THEN (SELECT o.id FROM {table} AS o WHERE o.id = r.{prefix}_id AND {_own(table)})"  # noqa: S608
        for kind, table in KIND_TABLES.items()
    )
    return f"CASE r.{prefix}_kind {found} END"


def _children(line: Line, child: ExportedTable) -> Iterator[Line]:
    belonging = line.get("belonging")
    rows = belonging.get(child.name) if isinstance(belonging, dict) else None
    yield from rows if isinstance(rows, list) else ()


def _rows_of(line: Line, table: ExportedTable) -> Iterator[tuple[str, Line]]:
    """The row of a line and its children that have an id, each with its table."""
    yield table.name, line["row"]
    for child in table.children:
        if child.has_id:
            yield from ((child.name, each) for each in _children(line, child) if isinstance(each, dict))
