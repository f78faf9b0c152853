"""The body and the headers of a delivery, by the Standard Webhooks specification 1.0.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime

import orjson

from sql.repositories.webhook_deliveries import DeliveryClaim

PREFIX = "whsec_"


def event_type(kind: str) -> str:
    """`decision.created` for the kind `decision_created`."""
    return kind.replace("_", ".")


def body_of(claim: DeliveryClaim) -> bytes:
    """The JSON body; the same for all attempts."""
    data = {
        "projectId": str(claim.project_id),
        "webhookId": str(claim.webhook_id),
        "kind": claim.kind.upper(),
        "subjectId": str(claim.subject_id),
        "causedBy": None if claim.caused_by is None else str(claim.caused_by),
        "cursor": claim.cursor,
        "payload": claim.payload,
    }
    return orjson.dumps({"type": event_type(claim.kind), "timestamp": claim.occurred_at.isoformat(), "data": data})


def signature(secrets: Sequence[str], id: str, seconds: int, body: bytes) -> str:
    """The signatures with all secrets, separated by spaces; the timestamp is in seconds since 1970."""
    signed = b".".join((id.encode(), str(seconds).encode(), body))
    digests = (hmac.digest(b64decode(secret.removeprefix(PREFIX)), signed, "sha256") for secret in secrets)
    return " ".join(f"v1,{b64encode(digest).decode()}" for digest in digests)


def headers_of(claim: DeliveryClaim, body: bytes, now: datetime) -> dict[str, str]:
    """The headers of one attempt."""
    id, seconds = str(claim.id), int(now.timestamp())
    return {
        "content-type": "application/json",
        "user-agent": "resonant-engine-webhooks",
        "webhook-id": id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": signature(claim.secrets, id, seconds, body),
    }
