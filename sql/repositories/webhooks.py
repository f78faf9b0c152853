"""Webhooks of projects, as their admins manage them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sql.errors import Conflict, Forbidden, NotFound
from sql.repositories.projects import get_project, lock_project
from sql.rows import ProjectRow
from sql.service_rows import WebhookDeliveryRow, WebhookRow
from sql.statements import Connection, fetch_rows, statements

NO_WEBHOOK = "webhook.not_found"
MAX_WEBHOOKS = 20
ROTATION_SECONDS = 24 * 3600.0
TEST_KIND = "webhook_test"
"""The kind of a test delivery, which is no event."""


@dataclass(frozen=True, slots=True)
class WebhookValues:
    """What an admin enters; an empty list of kinds means all."""

    url: str
    description: str | None
    kinds: Sequence[str]
    enabled: bool


async def list_webhooks(connection: Connection, user_id: str, project_id: UUID) -> list[WebhookRow]:
    """Those of the project, the oldest first. Raises NotFound, and Forbidden for other members than admins."""
    if (await get_project(connection, user_id, project_id)).role != "admin":
        raise Forbidden("project.admin_only")
    return await fetch_rows(connection, statements.list_webhooks, WebhookRow, project_id=project_id)


async def get_webhook(connection: Connection, user_id: str, id: UUID) -> WebhookRow:
    """One of a project that the user sees. Raises NotFound."""
    record = await statements.find_webhook(connection, user_id=user_id, id=id)
    if record is None:
        raise NotFound(NO_WEBHOOK)
    return WebhookRow(**record)


async def lock_webhook(connection: Connection, user_id: str, id: UUID) -> tuple[WebhookRow, ProjectRow]:
    """The webhook of an admin, with its project, locked until the transaction ends. Raises NotFound, Forbidden."""
    found = await get_webhook(connection, user_id, id)
    project = await lock_project(connection, user_id, found.project_id)
    return await get_webhook(connection, user_id, id), project  # it may have changed before the lock


async def insert_webhook(
    connection: Connection, user_id: str, project_id: UUID, values: WebhookValues, secret: str
) -> WebhookRow:
    """Only for admins of the project. Raises NotFound, Forbidden, Conflict."""
    await lock_project(connection, user_id, project_id)
    if await statements.count_webhooks(connection, project_id=project_id) >= MAX_WEBHOOKS:
        raise Conflict("webhook.too_many", maximum=MAX_WEBHOOKS)
    created: UUID = await statements.insert_webhook(
        connection,
        project_id=project_id,
        user_id=user_id,
        url=values.url,
        description=values.description,
        kinds=list(values.kinds),
        enabled=values.enabled,
    )
    await statements.insert_webhook_secret(connection, webhook_id=created, secret=secret)
    return await get_webhook(connection, user_id, created)


async def update_webhook(connection: Connection, user_id: str, id: UUID, values: WebhookValues) -> WebhookRow:
    """Of a locked webhook."""
    await statements.update_webhook(
        connection,
        id=id,
        url=values.url,
        description=values.description,
        kinds=list(values.kinds),
        enabled=values.enabled,
    )
    return await get_webhook(connection, user_id, id)


async def delete_webhook(connection: Connection, id: UUID) -> None:
    """With its deliveries and secrets; of a locked webhook."""
    await statements.delete_webhook(connection, id=id)


async def rotate_secret(connection: Connection, id: UUID, secret: str) -> None:
    """The new secret signs from now on, and for a day so does the one before it; of a locked webhook."""
    await statements.expire_webhook_secrets(connection, webhook_id=id, seconds=ROTATION_SECONDS)
    await statements.insert_webhook_secret(connection, webhook_id=id, secret=secret)


async def insert_test_delivery(connection: Connection, webhook: WebhookRow, project: ProjectRow) -> WebhookDeliveryRow:
    """A delivery that is no event. Raises Conflict when the webhook waits."""
    if not webhook.enabled:
        raise Conflict("webhook.disabled")
    if project.archived_at is not None:
        raise Conflict("project.archived", name=project.name)
    id: UUID = await statements.insert_test_delivery(connection, webhook_id=webhook.id, kind=TEST_KIND)
    return WebhookDeliveryRow(**await statements.find_webhook_delivery(connection, id=id))


async def list_deliveries_of_webhooks(
    connection: Connection, user_id: str, webhook_ids: Sequence[UUID], *, status: str | None, before: UUID, count: int
) -> list[WebhookDeliveryRow]:
    """Of each webhook of a project that the user administers, newest first, with an id below `before`."""
    return await fetch_rows(
        connection,
        statements.list_deliveries_of_webhooks,
        WebhookDeliveryRow,
        user_id=user_id,
        webhook_ids=list(webhook_ids),
        status=status,
        before=before,
        count=count,
    )


async def replay_deliveries(connection: Connection, webhook_id: UUID, ids: Sequence[UUID] | None) -> int:
    """Make dead deliveries pending again, all of them without `ids`; returns how many."""
    replayed: int = await statements.replay_deliveries(
        connection, webhook_id=webhook_id, ids=None if ids is None else list(ids)
    )
    return replayed
