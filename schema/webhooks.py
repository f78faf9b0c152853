"""Webhooks of projects, and their deliveries."""

from datetime import datetime
from enum import Enum

import strawberry
from strawberry.scalars import JSON

from schema.catalogue import key_of, params_of
from schema.enums import described
from schema.events import EventKind
from schema.paging import PageInfo
from schema.relations import Info, awaited, batched


@strawberry.enum(description="The states of a delivery.")
class DeliveryStatus(Enum):
    PENDING = described("pending", "It waits for its first or its next attempt, or is being sent.")
    SUCCEEDED = described("succeeded", "The receiver answered with a status from 200 to 299.")
    DEAD = described("dead", "No attempt succeeded; `replayWebhookDeliveries` sends it again.")


@strawberry.type(description="An event that is sent to a webhook.")
class WebhookDelivery:
    id: strawberry.ID = strawberry.field(description="The id, which is the `webhook-id` of all its requests.")
    type: str = strawberry.field(
        description="The `type` of its body, for example `decision.created`; `webhook.test` for a test."
    )
    subject_id: strawberry.ID = strawberry.field(
        description="The id of the row that changed; of the webhook for a test."
    )
    occurred_at: datetime = strawberry.field(description="When the event happened.")
    status: DeliveryStatus = strawberry.field(description="The status.")
    attempts: int = strawberry.field(description="How many requests were sent since it was created or replayed.")
    next_attempt_at: datetime | None = strawberry.field(
        description="When the next request is due, unless an earlier delivery of the same subject is unfinished; null "
        "when none follows."
    )
    last_attempt_at: datetime | None = strawberry.field(description="When the last request was sent; null for never.")
    http_status: int | None = strawberry.field(description="The status of the last response; null without one.")
    error: str | None = strawberry.field(description="Why the last request failed; null when it did not.")
    error_key: str | None = strawberry.field(description=key_of("error"))
    error_params: JSON | None = strawberry.field(description=params_of("errorKey"))


@strawberry.type(description="A delivery in a list.")
class WebhookDeliveryEdge:
    cursor: str = strawberry.field(
        description="The position of this edge; send it as `after` to get the edges after it."
    )
    node: WebhookDelivery = strawberry.field(description="The delivery.")


@strawberry.type(description="A page of deliveries, newest first.")
class WebhookDeliveryConnection:
    edges: list[WebhookDeliveryEdge] = strawberry.field(description="The deliveries of this page, newest first.")
    page_info: PageInfo = strawberry.field(description="The position of this page in the list.")


@strawberry.type(description="An address that gets the events of a project, by the Standard Webhooks specification.")
class Webhook:
    id: strawberry.ID = strawberry.field(description="The id of the webhook.")
    project_id: strawberry.ID = strawberry.field(description="The id of its project.")
    url: str = strawberry.field(description="The address.")
    description: str | None = strawberry.field(description="What it is for; null without one.")
    kinds: list[EventKind] = strawberry.field(description="The kinds of events that it gets; empty for all.")
    enabled: bool = strawberry.field(
        description="Whether events are sent. A webhook that is disabled waits: when it is enabled, it gets what "
        "happened since. So does that of an archived project."
    )
    disabled_reason: str | None = strawberry.field(
        description="Why it was disabled; null when a person did it, or when it is enabled."
    )
    disabled_reason_key: str | None = strawberry.field(description=key_of("disabledReason"))
    failing_since: datetime | None = strawberry.field(
        description="The first failed request after the last successful one; null when the last one succeeded."
    )
    last_attempt_at: datetime | None = strawberry.field(description="When the last request was sent; null for never.")
    next_attempt_at: datetime | None = strawberry.field(
        description="When a failed delivery is tried again; null when none is."
    )
    pending_count: int = strawberry.field(description="How many deliveries are not finished.")
    dead_count: int = strawberry.field(description="How many deliveries are dead.")
    created_at: datetime = strawberry.field(description="When it was created.")
    updated_at: datetime = strawberry.field(description="When it last changed.")

    @strawberry.field(
        description="Its deliveries, newest first. `first` is 1 to 100, default 20. Successful ones are kept for 7 "
        "days, dead ones for 30."
    )
    @batched(by="id")
    def deliveries(
        self, info: Info, status: DeliveryStatus | None = None, first: int | None = None, after: str | None = None
    ) -> WebhookDeliveryConnection:
        given = None if status is None else status.value
        return awaited(info.context.relations.deliveries_of_webhook(self.id, given, first, after))


@strawberry.input(description="A webhook to save: a new one with `projectId` and `url`, or an existing one with `id`.")
class SaveWebhookInput:
    id: strawberry.ID | None = strawberry.field(
        default=None, description="The id of the webhook; absent for a new one."
    )
    project_id: strawberry.ID | None = strawberry.field(
        default=None, description="The project of a new webhook; ignored for an existing one."
    )
    url: str | None = strawberry.field(
        default=None,
        description="The address, https:// or http://, at most 2,000 ASCII characters. Null leaves it unchanged.",
    )
    description: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="What it is for, at most 200 characters; null removes it, absent leaves it unchanged.",
    )
    kinds: list[EventKind] | None = strawberry.field(
        default=None,
        description="The kinds of events that it gets; empty for all, which is the default. Null leaves it unchanged.",
    )
    enabled: bool | None = strawberry.field(
        default=None,
        description="Whether events are sent, by default true. Null leaves it unchanged.",
    )


@strawberry.type(description="A saved webhook, with its secret when that is new.")
class SaveWebhookPayload:
    webhook: Webhook = strawberry.field(description="The webhook.")
    secret: str | None = strawberry.field(
        description="The secret with which its requests are signed, `whsec_` and Base64. It is shown only once; null "
        "for a webhook that existed."
    )
