"""Signatures and bodies by the Standard Webhooks specification."""

from base64 import b64encode
from datetime import UTC, datetime
from uuid import UUID

import pytest
from standardwebhooks import Webhook

from app.workers.webhooks.requests import body_of, headers_of, signature
from app.workers.webhooks.results import seconds_until
from sql.repositories.webhook_deliveries import DeliveryClaim
from tests.fakes.webhook_receiver import Received

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRET = "whsec_" + b64encode(bytes(range(32))).decode()


def signs(secret: str, request: Received) -> bool:
    """Whether the secret made one of the signatures, at any time."""
    id, seconds = request.headers["webhook-id"], int(request.headers["webhook-timestamp"])
    return signature([secret], id, seconds, request.body) in request.headers["webhook-signature"].split()


def claim(**changed: object) -> DeliveryClaim:
    values: dict[str, object] = {
        "id": UUID(int=1), "fence": 1, "webhook_id": UUID(int=2), "project_id": UUID(int=3),
        "url": "https://x.example", "secrets": [SECRET], "attempts": 1, "waited_seconds": 0.0,
        "kind": "decision_created", "subject_id": UUID(int=4), "caused_by": None, "cursor": "c",
        "payload": {"title": "紅茶"}, "occurred_at": NOW,
    }  # fmt: skip
    return DeliveryClaim(**(values | changed))  # type: ignore[arg-type]


def test_signature_is_that_of_the_library() -> None:
    made = headers_of(claim(), body := body_of(claim()), NOW)
    assert made["webhook-signature"] == Webhook(SECRET).sign(str(UUID(int=1)), NOW, body.decode())


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        (None, None),
        ("120", 120.0),
        ("Sun, 01 Mar 2026 12:01:00 GMT", 60.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("Sun, 01 Mar 9999 11:00:00 GMT", 86400.0),
        ("9" * 500, 86400.0),
        ("1.5", None),
        ("-1", None),
        ("\u0663", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_within_bounds(given: str | None, seconds: float | None) -> None:
    assert seconds_until(given, NOW) == seconds
