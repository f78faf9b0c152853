"""One dataclass per kind of row. Statements name its columns with `{columns:MessageRow}`; see sql/statements.py."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

JsonObject = dict[str, Any]


@dataclass(frozen=True)
class ComputedColumn:
    """Marks a field that is no column: its SQL expression, in which `{row}` is replaced by the alias of the table."""

    sql: str


@dataclass(frozen=True, slots=True)
class UserRow:
    id: str
    display_name: str
    role: str


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """`user_id` is who created it; `role` is that of the user who reads it."""

    id: UUID
    user_id: str
    name: str
    slug: str
    description: str | None
    is_default: bool
    repositories: list[str]
    role: Annotated[
        str,
        ComputedColumn(
            "(SELECT m.role FROM project_members AS m WHERE m.project_id = {row}.id AND m.user_id = :user_id)"
        ),
    ]
    muted: Annotated[
        bool,
        ComputedColumn(
            "(SELECT m.muted FROM project_members AS m WHERE m.project_id = {row}.id AND m.user_id = :user_id)"
        ),
    ]
    archived_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member of a project; `role` is None for one who has left."""

    id: UUID
    project_id: UUID
    user_id: str
    user_name: Annotated[str | None, ComputedColumn("(SELECT u.name FROM users AS u WHERE u.id = {row}.user_id)")]
    display_name: Annotated[str, ComputedColumn("(SELECT u.display_name FROM users AS u WHERE u.id = {row}.user_id)")]
    role: str | None
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """`visibility` is private, for its author alone, or project, for all members."""

    id: UUID
    user_id: str
    project_id: UUID
    visibility: str
    title: str
    archived: bool
    summary: str | None
    model: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class MessageRow:
    """`version_of` is the first of its versions, None when there is one. `branch` is the version that it follows."""

    id: UUID
    user_id: str
    project_id: UUID
    conversation_id: UUID
    content: str
    message_type: str
    status: str
    reply_to: UUID | None
    error: str | None
    error_key: str | None
    error_params: JsonObject | None
    metadata: JsonObject
    version_of: UUID | None
    branch: UUID | None
    shown: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """A file that was uploaded completely; `size` in bytes, `sha256` in hexadecimal digits.

    `object` is its folder in the object store, None when its bytes are in the database.
    """

    id: UUID
    user_id: str
    name: str
    media_type: str
    size: int
    sha256: str
    object: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MessageAttachmentRow:
    """A file of a message."""

    message_id: UUID
    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class IntentRow:
    id: UUID
    user_id: str
    project_id: UUID
    conversation_id: UUID | None
    source_message_id: UUID | None
    description: str
    assignee: str
    assignee_id: str | None
    labels: list[str]
    recurrence: str | None
    intent_type: str | None
    classification: JsonObject | None
    status: str
    priority: int
    result: Any
    error: str | None
    error_key: str | None
    error_params: JsonObject | None
    progress: float | None
    metadata: JsonObject
    version: int
    attempts: int
    max_attempts: int
    next_attempt_at: datetime | None
    due_at: datetime | None
    occurs_at: datetime | None
    created_at: datetime
    updated_at: datetime
    processed_at: datetime | None


@dataclass(frozen=True, slots=True)
class IntentTransitionRow:
    intent_id: UUID
    from_status: str | None
    to_status: str
    actor: str
    reason: str | None
    key: str | None
    params: JsonObject | None
    at: datetime


@dataclass(frozen=True, slots=True)
class NotificationRow:
    id: UUID
    user_id: str
    project_id: UUID
    title: str
    message: str
    key: str | None
    params: JsonObject | None
    notification_type: str
    is_read: bool
    intent_id: UUID | None
    source_message_id: UUID | None
    metadata: JsonObject
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SpecificationRow:
    id: UUID
    user_id: str
    project_id: UUID
    title: str
    content: str
    version: int
    status: str
    tags: list[str]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class SpecificationRevisionRow:
    """`author` is a user's id or a bridge; `intent_id` is the intent that asked for this revision, if any."""

    specification_id: UUID
    version: int
    title: str
    content: str
    status: str
    author: str
    intent_id: UUID | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """`options` are objects with `id`, `label` and `rejectionReason`, in their order.

    `topic_key` is the topic in the form of app/language/topics.py. `decided_at` is when it was accepted or rejected,
    `valid_until` when it was no longer accepted.
    """

    id: UUID
    user_id: str
    project_id: UUID
    number: int
    title: str
    kind: str
    topic: str
    topic_key: str
    context: str | None
    options: Annotated[
        list[JsonObject],
        ComputedColumn(
            "(SELECT coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'label', o.label, 'rejectionReason',"
            " o.rejection_reason) ORDER BY o.place), '[]') FROM decision_options AS o WHERE o.decision_id = {row}.id)"
        ),
    ]
    chosen_option_id: UUID | None
    value: str | None
    rationale: str | None
    consequences: str | None
    status: str
    version: int
    tags: list[str]
    superseded_by: UUID | None
    author: str
    conversation_id: UUID | None
    intent_id: UUID | None
    decided_at: datetime | None
    valid_until: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class DecisionChangeRow:
    """A change of status; an edit has the same status on both sides."""

    decision_id: UUID
    from_status: str | None
    to_status: str
    actor: str
    reason: str | None
    key: str | None
    params: JsonObject | None
    at: datetime


@dataclass(frozen=True, slots=True)
class DecisionSourceRow:
    """A record that a decision was taken from; `source_kind` as `search_entries` names it."""

    decision_id: UUID
    source_kind: str
    source_id: UUID


@dataclass(frozen=True, slots=True)
class EffectRow:
    """A record that was made because of another one; `reason` as record_causes names it."""

    effect_kind: str
    effect_id: UUID
    cause_kind: str
    cause_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class NamedRecordRow:
    """A record with the beginning of its text; `number` is that of a decision."""

    id: UUID
    name: str
    status: str
    number: int | None


@dataclass(frozen=True, slots=True)
class ContradictionRow:
    """What contradicts: `intent_id` or `decision_id`, exactly one of them.

    At most one of `other_intent_id`, `conflicts_with_decision_id` and `specification_id` is set: what it contradicts.
    """

    id: UUID
    user_id: str
    intent_id: UUID | None
    decision_id: UUID | None
    kind: str
    confidence: float
    explanation: str
    key: str | None
    params: JsonObject | None
    judge: str
    other_intent_id: UUID | None
    conflicts_with_decision_id: UUID | None
    specification_id: UUID | None
    status: str
    rationale: str | None
    rationale_key: str | None
    rationale_params: JsonObject | None
    created_at: datetime
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True)
class MemoryRow:
    """`importance` is computed when the row is read; see memory_importance in sql/migrations.

    `project_id` is None for a memory of the profile. `reviewed_at` is None until a person has kept, changed, entered or
    confirmed it.
    """

    id: UUID
    user_id: str
    project_id: UUID | None
    content: str
    kind: str
    source_kind: str | None
    source_id: UUID | None
    importance: Annotated[
        float,
        ComputedColumn(
            "memory_importance({row}.weight, {row}.access_count,"
            " coalesce({row}.last_accessed_at, {row}.created_at), now())"
        ),
    ]
    access_count: int
    last_accessed_at: datetime | None
    expires_at: datetime | None
    archived: bool
    superseded_by: UUID | None
    tags: list[str]
    created_at: datetime
    reviewed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One call of a tool. `key` and `params` are those of the summary.

    `undo` holds the contents of the changed records before and after; see app/tools/snapshots.py.
    """

    id: UUID
    user_id: str
    project_id: UUID
    message_id: UUID | None
    tool: str
    arguments: JsonObject
    summary: str
    key: str | None
    params: JsonObject | None
    status: str
    subject_kind: str | None
    subject_id: UUID | None
    actor: str
    reason: str | None
    reason_key: str | None
    reason_params: JsonObject | None
    confidence: float | None
    candidates: list[UUID]
    language: str
    undo: JsonObject | None
    call_id: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class TrashRow:
    """A deleted record; `id` is that of the entry, `record_id` that of the record."""

    id: UUID
    kind: str
    record_id: UUID
    deleted_by: str
    deleted_at: datetime


@dataclass(frozen=True, slots=True)
class EventRow:
    """(`xid`, `id`) is the position in commit order; see sql/migrations/0008_events.sql. `scope_id`: who sees it."""

    xid: int
    id: int
    user_id: str
    scope_id: UUID
    project_id: UUID | None
    kind: str
    subject_id: UUID
    caused_by: UUID | None
    payload: JsonObject
    created_at: datetime
