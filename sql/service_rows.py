"""Rows of accounts, code sessions, the search index and operations. The rows of what users record are in rows.py."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from sql.rows import ComputedColumn, JsonObject


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A user with the data for sign-in; `issuer` and `subject` identify them at an identity provider."""

    id: str
    name: str | None
    display_name: str
    role: str
    password_hash: str | None
    issuer: str | None
    subject: str | None
    disabled_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class TokenRow:
    """`read_only` and `project_id` (None: all projects) are the scope, which the secret has too."""

    id: UUID
    user_id: str
    name: str
    hint: str
    read_only: bool
    project_id: UUID | None
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class AgentRow:
    """A coding agent. `actions`: how many of its actions the user sees."""

    id: UUID
    user_id: str
    name: str
    project_id: UUID | None
    token_id: UUID | None
    first_used_at: datetime
    last_used_at: datetime
    calls: int
    actions: Annotated[
        int,
        ComputedColumn(
            "(SELECT count(*) FROM actions AS c WHERE c.user_id = {row}.user_id AND c.actor LIKE 'agent:%' "
            "AND c.actor = 'agent:' || {row}.name AND ({row}.project_id IS NULL OR c.project_id = {row}.project_id) "
            "AND c.scope_id = ANY (ARRAY(SELECT s.scope_id FROM user_scopes AS s WHERE s.user_id = :user_id)))"
        ),
    ]


@dataclass(frozen=True, slots=True)
class SecurityEventRow:
    id: UUID
    kind: str
    user_id: str | None
    actor: str
    address: str | None
    detail: JsonObject
    created_at: datetime
    user_name: str | None
    actor_name: str | None


@dataclass(frozen=True, slots=True)
class CodeSessionRow:
    id: UUID
    user_id: str
    intent_id: UUID | None
    session_id: str
    status: str
    started_at: datetime | None
    completed_at: datetime | None
    total_duration_seconds: float | None
    error_message: str | None
    error_key: str | None
    error_params: JsonObject | None


@dataclass(frozen=True, slots=True)
class CodeExecutionRow:
    """`session` is the id of the session's row."""

    session: UUID
    execution_order: int
    tool_name: str
    input: Any
    output: Any
    success: bool
    error_message: str | None
    error_key: str | None
    error_params: JsonObject | None
    executed_at: datetime
    duration_ms: int | None


@dataclass(frozen=True, slots=True)
class PriorIntentRow:
    """An intent as later intents are checked against it."""

    id: UUID
    status: str
    description: Annotated[str, ComputedColumn("left({row}.description, 2000)")]


@dataclass(frozen=True, slots=True)
class ChangedRecordRow:
    """A record that was created or changed, with the beginning of its text."""

    kind: str
    id: UUID
    text: str
    status: str
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class EmbeddingModelRow:
    id: int
    name: str
    dimension: int
    active: bool


@dataclass(frozen=True, slots=True)
class SearchEntryRow:
    """A text to embed. `revision` changes with the text."""

    subject_id: UUID
    revision: int
    content: str


@dataclass(frozen=True, slots=True)
class BackupRunRow:
    """A backup run that has ended. A failed one has an error, but no name and no size."""

    destination: str
    started_at: datetime
    finished_at: datetime
    name: str | None
    bytes: int | None
    error: str | None


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """`next_attempt_at` is that of the first delivery that failed and is tried again."""

    id: UUID
    project_id: UUID
    url: str
    description: str | None
    kinds: list[str]
    enabled: bool
    disabled_reason: str | None
    disabled_reason_key: str | None
    failing_since: datetime | None
    last_attempt_at: Annotated[
        datetime | None,
        ComputedColumn("(SELECT max(d.last_attempt_at) FROM webhook_deliveries AS d WHERE d.webhook_id = {row}.id)"),
    ]
    next_attempt_at: Annotated[
        datetime | None,
        ComputedColumn(
            "(SELECT min(d.next_attempt_at) FROM webhook_deliveries AS d "
            "WHERE d.webhook_id = {row}.id AND d.status = 'pending' AND d.error_key IS NOT NULL)"
        ),
    ]
    pending_count: Annotated[
        int,
        ComputedColumn(
            "(SELECT count(*) FROM webhook_deliveries AS d WHERE d.webhook_id = {row}.id AND d.status = 'pending')"
        ),
    ]
    dead_count: Annotated[
        int,
        ComputedColumn(
            "(SELECT count(*) FROM webhook_deliveries AS d WHERE d.webhook_id = {row}.id AND d.status = 'dead')"
        ),
    ]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class WebhookDeliveryRow:
    id: UUID
    webhook_id: UUID
    kind: str
    subject_id: UUID
    occurred_at: datetime
    status: str
    attempts: int
    next_attempt_at: datetime
    last_attempt_at: datetime | None
    http_status: int | None
    error: str | None
    error_key: str | None
    error_params: JsonObject | None
    ended_at: datetime | None
    created_at: datetime
