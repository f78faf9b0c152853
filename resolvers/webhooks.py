"""Webhooks of projects, and their deliveries."""

import re
import secrets
from base64 import b64encode
from collections.abc import Sequence
from urllib.parse import urlsplit

import strawberry

from resolvers.checks import checked_id, checked_line
from resolvers.context import Info
from resolvers.paging import id_cursor, to_page
from resolvers.views import Computed, EnumColumn, IdColumn, SameRow, view
from schema.events import EventKind
from schema.webhooks import (
    DeliveryStatus,
    SaveWebhookInput,
    SaveWebhookPayload,
    Webhook,
    WebhookDelivery,
    WebhookDeliveryConnection,
    WebhookDeliveryEdge,
)
from sql.errors import BadUserInput
from sql.repositories import webhooks as repository
from sql.repositories.projects import NO_PROJECT
from sql.repositories.webhooks import NO_WEBHOOK, WebhookValues
from sql.service_rows import WebhookDeliveryRow, WebhookRow

MAX_URL_CHARACTERS = 2000
MAX_DESCRIPTION_CHARACTERS = 200
MAX_REPLAYED = 1000
PRINTABLE = re.compile(r"[!-~]+")  # ASCII without spaces

to_webhook = view(
    Webhook,
    id=IdColumn("id"),
    project_id=IdColumn("project_id"),
    kinds=Computed(lambda row: [EventKind(kind) for kind in row.kinds]),
)
to_delivery = view(
    WebhookDelivery,
    id=IdColumn("id"),
    type=Computed(lambda row: row.kind.replace("_", ".")),
    subject_id=IdColumn("subject_id"),
    status=EnumColumn("status", DeliveryStatus),
    next_attempt_at=Computed(lambda row: row.next_attempt_at if row.status == "pending" else None),
)
to_edge = view(WebhookDeliveryEdge, cursor=Computed(lambda row: id_cursor(row.id)), node=SameRow(to_delivery))


def to_delivery_connection(
    rows: Sequence[WebhookDeliveryRow], size: int, after: str | None
) -> WebhookDeliveryConnection:
    edges, page_info = to_page(rows, size, to_edge, has_previous=after is not None)
    return WebhookDeliveryConnection(edges=edges, page_info=page_info)


def new_secret() -> str:
    """A new secret of 256 random bits, in the form of the Standard Webhooks specification."""
    return f"whsec_{b64encode(secrets.token_bytes(32)).decode()}"


def checked_url(value: str) -> str:
    """An address that the HTTP client can use, without credentials. Raises BadUserInput."""
    url, refusal = value.strip(), BadUserInput("webhook.url_invalid", maximum=MAX_URL_CHARACTERS)
    if len(url) > MAX_URL_CHARACTERS or PRINTABLE.fullmatch(url) is None:
        raise refusal
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise refusal from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0 or "@" in parts.netloc or "#" in url:
        raise refusal
    return url


def _checked_description(value: str | None) -> str | None:
    return checked_line(value, "description", MAX_DESCRIPTION_CHARACTERS) if value and value.strip() else None


def _values(input: SaveWebhookInput, before: WebhookRow | None) -> WebhookValues:
    """What the input says, and for the rest what an existing webhook has."""
    url = input.url if input.url is not None or before is None else before.url
    description = input.description
    if description is strawberry.UNSET:
        description = None if before is None else before.description
    kinds = (before.kinds if before else []) if input.kinds is None else [kind.value for kind in input.kinds]
    enabled = (before is None or before.enabled) if input.enabled is None else input.enabled
    return WebhookValues(checked_url(url or ""), _checked_description(description), list(dict.fromkeys(kinds)), enabled)


async def list_webhooks(info: Info, project_id: strawberry.ID) -> list[Webhook]:
    id = checked_id(project_id, NO_PROJECT)
    async with info.context.database.connection() as connection:
        rows = await repository.list_webhooks(connection, info.context.viewer.id, id)
    return [to_webhook(row) for row in rows]


async def save_webhook(info: Info, input: SaveWebhookInput) -> SaveWebhookPayload:
    context, viewer_id = info.context, info.context.viewer.id
    context.require_person()
    if input.id is None:
        project_id = checked_id(input.project_id or "", NO_PROJECT)
        values, secret = _values(input, None), new_secret()
        async with context.writing() as connection:
            row = await repository.insert_webhook(connection, viewer_id, project_id, values, secret)
        return SaveWebhookPayload(webhook=to_webhook(row), secret=secret)
    async with context.writing() as connection:
        before, _ = await repository.lock_webhook(connection, viewer_id, checked_id(input.id, NO_WEBHOOK))
        row = await repository.update_webhook(connection, viewer_id, before.id, _values(input, before))
    return SaveWebhookPayload(webhook=to_webhook(row), secret=None)


async def delete_webhook(info: Info, id: strawberry.ID) -> strawberry.ID:
    context = info.context
    context.require_person()
    async with context.writing() as connection:
        row, _ = await repository.lock_webhook(connection, context.viewer.id, checked_id(id, NO_WEBHOOK))
        await repository.delete_webhook(connection, row.id)
    return strawberry.ID(str(row.id))


async def rotate_webhook_secret(info: Info, id: strawberry.ID) -> str:
    context, secret = info.context, new_secret()
    context.require_person()
    async with context.writing() as connection:
        row, _ = await repository.lock_webhook(connection, context.viewer.id, checked_id(id, NO_WEBHOOK))
        await repository.rotate_secret(connection, row.id, secret)
    return secret


async def send_test_webhook(info: Info, id: strawberry.ID) -> WebhookDelivery:
    context = info.context
    context.require_person()
    async with context.writing() as connection:
        row, project = await repository.lock_webhook(connection, context.viewer.id, checked_id(id, NO_WEBHOOK))
        made = await repository.insert_test_delivery(connection, row, project)
    return to_delivery(made)


async def replay_webhook_deliveries(
    info: Info, id: strawberry.ID, delivery_ids: list[strawberry.ID] | None = None
) -> int:
    context = info.context
    context.require_person()
    if delivery_ids is not None and len(delivery_ids) > MAX_REPLAYED:
        raise BadUserInput("input.too_many", field="deliveryIds", given=len(delivery_ids), maximum=MAX_REPLAYED)
    wanted = None if delivery_ids is None else [checked_id(each, NO_WEBHOOK) for each in delivery_ids]
    async with context.writing() as connection:
        row, _ = await repository.lock_webhook(connection, context.viewer.id, checked_id(id, NO_WEBHOOK))
        return await repository.replay_deliveries(connection, row.id, wanted)
