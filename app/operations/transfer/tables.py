"""The tables of an export, and what an import takes from each of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ExportedTable:
    """A table with a user's rows, and what an import accepts.

    `columns` are taken from the file as they are. `references` are taken when the row of that table belongs to the
    user; those in `required` leave the row out otherwise. `parent` is the reference to the row of the same line.
    `later` may refer to rows that follow in the file. Each of `of_kinds` is the prefix of two columns, for example
    `source_kind` and `source_id`, that refer to a row of the table of that kind; see KIND_TABLES. All other columns get
    their defaults, so that a file cannot confirm, check, claim or approve anything. Rows of a child that
    `replaces_history` take the place of those that a trigger wrote. `order` are columns to export by. Rows that are not
    `is_counted` are not in the report. `batch` is how many rows are in memory at the same time.
    `seen`: the scope of a row. Only rows that the user $1 sees are exported: who left a project has no more right to
    what they wrote in it. `of_user`: the condition for the rows of the user $1, and `of_project` for those of the
    project $2. `row` is the row to export, as JSON.
    """

    name: str
    columns: Sequence[str]
    references: dict[str, str] = field(default_factory=dict)
    required: Sequence[str] = ()
    later: dict[str, str] = field(default_factory=dict)
    parent: str = ""
    children: Sequence["ExportedTable"] = ()
    history: Sequence[tuple[str, str]] = ()
    replaced_statuses: dict[str, str] = field(default_factory=dict)
    author: str = ""
    has_id: bool = True
    of_kinds: Sequence[str] = ()
    order: str = "id"
    is_counted: bool = True
    seen: str = "t.project_id"
    of_user: str = "t.user_id = $1"
    of_project: str = "t.project_id = $2"
    replaces_history: bool = False
    batch: int = 500
    row: str = "to_jsonb(t)"


REVISIONS = ExportedTable(
    "specification_revisions",
    columns=("version", "title", "content", "status", "created_at"),
    references={"intent_id": "intents"},
    parent="specification_id",
    replaced_statuses={"approved": "review"},
    author="author",
    has_id=False,
)
OPTIONS = ExportedTable("decision_options", columns=("place", "label", "rejection_reason"), parent="decision_id")
CHANGES = ExportedTable(
    "decision_changes",
    columns=("from_status", "to_status", "reason", "key", "params", "at"),
    parent="decision_id",
    author="actor",
    has_id=False,
    replaces_history=True,
)
SOURCES = ExportedTable(
    "decision_sources",
    columns=("source_kind", "source_id", "place"),
    required=("source_id",),
    of_kinds=("source",),
    parent="decision_id",
    has_id=False,
)
# Those that the user may administer, also those that others created; each has the user's own records. The default
# project of another user does not become the user's.
ADMINISTERED = "t.id IN (SELECT m.project_id FROM project_members AS m WHERE m.user_id = $1 AND m.role = 'admin')"
OWN_DEFAULT = "to_jsonb(t) || jsonb_build_object('is_default', t.is_default AND t.user_id = $1)"
SCOPE_OF_FILE = "(SELECT a.scope_id FROM attachments AS a WHERE a.id = t.attachment_id)"
FILES_OF_PROJECT = (
    "SELECT l.attachment_id FROM message_attachments AS l JOIN messages AS m ON m.id = l.message_id "
    "WHERE m.project_id = $2"
)
# Referenced tables first.
TABLES = (
    ExportedTable(
        "projects",
        columns=("name", "slug", "description", "archived_at", "created_at", "updated_at"),
        seen="t.id",
        of_user=ADMINISTERED,
        of_project="t.id = $2",
        row=OWN_DEFAULT,
    ),
    ExportedTable(
        "conversations",
        columns=("title", "visibility", "archived", "summary", "model", "created_at", "updated_at"),
        references={"project_id": "projects"},
        seen="t.scope_id",
    ),
    ExportedTable(
        "messages",
        columns=(
            "content", "message_type", "status", "error", "error_key", "error_params", "metadata", "created_at",
            "updated_at", "version_of", "selected", "shown",
        ),
        references={"conversation_id": "conversations", "reply_to": "messages", "branch": "messages"},
        required=("conversation_id",),
        replaced_statuses={"pending": "stopped", "streaming": "stopped"},
        seen="t.scope_id",
        # What they wrote in a conversation of another member has no place in a copy.
        of_user="t.user_id = $1 AND t.conversation_id IN (SELECT c.id FROM conversations AS c WHERE c.user_id = $1)",
    ),
    ExportedTable(
        "attachments",
        columns=("name", "media_type", "size", "sha256", "text", "text_cut", "unused_since", "created_at"),
        seen="t.scope_id",
        of_project=f"t.id IN ({FILES_OF_PROJECT})",
    ),
    ExportedTable(
        "attachment_chunks",
        columns=("start", "content"),
        references={"attachment_id": "attachments"},
        required=("attachment_id",),
        has_id=False,
        order="attachment_id, start",
        seen=SCOPE_OF_FILE,
        of_project=f"t.attachment_id IN ({FILES_OF_PROJECT})",
        is_counted=False,
        batch=8,
        row="to_jsonb(t) || jsonb_build_object('object', (SELECT object FROM attachments WHERE id = t.attachment_id))",
    ),
    ExportedTable(
        "message_attachments",
        columns=("place",),
        references={"message_id": "messages", "attachment_id": "attachments"},
        required=("message_id", "attachment_id"),
        has_id=False,
        order="message_id, place",
        seen=SCOPE_OF_FILE,
        of_project="t.message_id IN (SELECT id FROM messages WHERE project_id = $2)",
        is_counted=False,
    ),
    ExportedTable(
        "intents",
        columns=(
            "description", "assignee", "labels", "recurrence", "occurs_at", "due_notified_at", "overdue_at",
            "intent_type", "classification", "status", "priority", "result", "error", "error_key", "error_params",
            "reason", "reason_key", "reason_params", "metadata", "due_at", "created_at", "updated_at", "processed_at",
        ),
        references={
            "project_id": "projects", "conversation_id": "conversations", "source_message_id": "messages",
        },
        later={"superseded_by": "intents"},
        history=(("intent_transitions", "intent_id"),),
        replaced_statuses={"pending": "awaiting_confirmation", "processing": "awaiting_confirmation"},
        author="actor",
    ),
    ExportedTable(
        "specifications",
        columns=("title", "content", "version", "status", "tags", "metadata", "created_at", "updated_at"),
        references={"project_id": "projects", "intent_id": "intents", "superseded_by": "intents"},
        children=(REVISIONS,),
        replaced_statuses={"approved": "review"},
        author="author",
    ),
    ExportedTable(
        "decisions",
        columns=(
            "number", "title", "kind", "topic", "topic_key", "context", "chosen_option_id", "value", "rationale",
            "consequences", "status", "version", "tags", "reason", "reason_key", "reason_params", "decided_at",
            "valid_until", "created_at", "updated_at",
        ),
        references={"project_id": "projects", "conversation_id": "conversations", "intent_id": "intents"},
        later={"superseded_by": "decisions"},
        children=(OPTIONS, CHANGES, SOURCES),
        author="author",
    ),
    ExportedTable(
        "memories",
        columns=(
            "profile", "private", "content", "kind", "source_kind", "weight", "access_count", "last_accessed_at",
            "expires_at", "archived", "tags", "created_at", "updated_at", "reviewed_at",
        ),
        references={"project_id": "projects"},
        later={"superseded_by": "memories"},
        seen="t.scope_id",
        of_kinds=("source",),
    ),
    # What a reply cites and the user does not have is left out: its number is text then.
    ExportedTable(
        "message_citations",
        columns=("number", "place", "record_kind"),
        references={"message_id": "messages"},
        required=("message_id", "record_id"),
        has_id=False,
        of_kinds=("record",),
        order="message_id, place",
        seen="(SELECT m.scope_id FROM messages AS m WHERE m.id = t.message_id)",
        of_project="t.message_id IN (SELECT m.id FROM messages AS m WHERE m.project_id = $2)",
        is_counted=False,
    ),
    # Without `undo`: a file cannot say what a record was before.
    ExportedTable(
        "actions",
        columns=(
            "tool", "arguments", "summary", "key", "params", "status", "subject_kind", "reason", "reason_key",
            "reason_params", "confidence", "language", "created_at", "updated_at",
        ),
        references={"project_id": "projects", "message_id": "messages"},
        replaced_statuses={"proposed": "dismissed"},
        seen="t.scope_id",
        author="actor",
        of_kinds=("subject",),
    ),
    # The vectors of the queries are left out: an import is compared by words.
    ExportedTable(
        "search_ratings",
        columns=("rating", "query", "terms", "created_at"),
        references={
            "message_id": "messages", "intent_id": "intents", "specification_id": "specifications",
            "decision_id": "decisions", "memory_id": "memories",
        },
        required=("subject_id",),
        seen="(SELECT e.scope_id FROM search_entries AS e WHERE e.subject_id = t.subject_id)",
        of_project="t.subject_id IN (SELECT e.subject_id FROM search_entries AS e WHERE e.project_id = $2)",
        row="to_jsonb(t) - '{subject_id,model_id,embedding}'::text[]",
        is_counted=False,
    ),
    # Most are written again by triggers; the contexts of replies, which are not exported, are only here.
    ExportedTable(
        "record_causes",
        columns=("cause_kind", "effect_kind", "reason", "created_at"),
        references={"project_id": "projects"},
        required=("cause_id", "effect_id"),
        has_id=False,
        of_kinds=("cause", "effect"),
        order="cause_id, effect_kind, effect_id",
        is_counted=False,
    ),
)  # fmt: skip
KIND_TABLES = {
    "message": "messages",
    "intent": "intents",
    "specification": "specifications",
    "decision": "decisions",
    "memory": "memories",
}
"""The tables that a memory may be extracted from, an action changed or a reply cite, by the kind in their columns."""
