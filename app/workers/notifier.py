"""All notifications of the workers: the occasions on which one is written, and the one place that writes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.language.catalogue import StoredText, render
from app.language.text import language_of, shortened
from sql.repositories.intent_claims import IntentClaim
from sql.repositories.notifications import insert_notification
from sql.repositories.reply_claims import ReplyClaim
from sql.rows import IntentRow, JsonObject
from sql.statements import Connection

OccasionName = Literal[
    "completed",
    "reminder",
    "due",
    "failed",
    "contradiction",
    "confirmation",
    "reply_failed",
    "reply_incomplete",
    "handed_over",
]


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why a notification is written.

    `key`: its sentence in the catalogue; `<key>.title` is its title. `params`: the parameters of the sentence.
    `final`: it reports the end of the work, of which there is one per fence.
    """

    key: str
    notification_type: Literal["info", "success", "warning", "error"]
    params: frozenset[str]
    final: bool = True


OCCASIONS: Mapping[OccasionName, Occasion] = {
    "completed": Occasion("notification.completed", "success", frozenset({"intent"})),
    "reminder": Occasion("notification.reminder", "info", frozenset({"intent"})),
    "due": Occasion("notification.due", "warning", frozenset({"intent"}), final=False),
    "failed": Occasion("notification.failed", "error", frozenset({"intent", "reason"})),
    "contradiction": Occasion("notification.contradiction", "warning", frozenset({"explanation"}), final=False),
    "confirmation": Occasion("notification.confirmation", "warning", frozenset({"intent", "reason"}), final=False),
    "reply_failed": Occasion("notification.reply_failed", "error", frozenset({"message", "reason"})),
    "handed_over": Occasion("notification.handed_over", "info", frozenset({"intent"})),
    "reply_incomplete": Occasion("notification.reply_incomplete", "error", frozenset({"message", "reason"})),
}


@dataclass(frozen=True, slots=True)
class Notification:
    """A notification that is ready to be stored, rendered in the language of its subject."""

    key: str
    params: JsonObject
    notification_type: str
    title: str
    message: str


def render_notification(occasion: OccasionName, subject: str, **params: Any) -> Notification:
    """The notification of an occasion. `subject`: the text whose language it uses. Params: those of the occasion."""
    declared = OCCASIONS[occasion]
    if params.keys() != declared.params:
        raise ValueError(f"{occasion} has the parameters {sorted(declared.params)}, not {sorted(params)}")
    language = language_of(subject)
    return Notification(
        declared.key,
        params,
        declared.notification_type,
        title=render(f"{declared.key}.title", params, language),
        message=render(declared.key, params, language),
    )


class Notifier:
    """Stores notifications in the transaction of what they report, each at most once per fence."""

    async def notify_of_intent(
        self,
        connection: Connection,
        claim: IntentClaim,
        occasion: OccasionName,
        *,
        links: JsonObject | None = None,
        **params: Any,
    ) -> None:
        """Notify the user of an intent. `links` are further rows that the notification links to."""
        intent = claim.intent
        notification = render_notification(occasion, intent.description, **params)
        occurrence = f"intent:{intent.id}:{claim.fence}"
        if not OCCASIONS[occasion].final:
            occurrence += f":{(links or {}).get('contradictionId', occasion)}"
        await insert_notification(
            connection,
            intent.user_id,
            title=notification.title,
            message=notification.message,
            key=notification.key,
            params=notification.params,
            notification_type=notification.notification_type,
            intent_id=intent.id,
            source_message_id=intent.source_message_id,
            occurrence=occurrence,
            metadata=links,
        )

    async def notify_of_due(self, connection: Connection, intent: IntentRow) -> None:
        """Notify the user that the time of unfinished work has come."""
        occasion: OccasionName = "reminder" if intent.intent_type == "reminder" else "due"
        notification = render_notification(occasion, intent.description, intent=shortened(intent.description))
        await insert_notification(
            connection,
            intent.user_id,
            title=notification.title,
            message=notification.message,
            key=notification.key,
            params=notification.params,
            notification_type=notification.notification_type,
            intent_id=intent.id,
            source_message_id=intent.source_message_id,
            occurrence=f"due:{intent.id}:{intent.due_at}",
            metadata=None,
        )

    async def notify_of_failed_reply(
        self, connection: Connection, claim: ReplyClaim, asked: str, reason: StoredText, *, incomplete: bool
    ) -> None:
        """Notify the user that the reply to the message `asked` could not be written, or is `incomplete`."""
        notification = render_notification(
            "reply_incomplete" if incomplete else "reply_failed", asked, message=shortened(asked), reason=reason.param
        )
        await insert_notification(
            connection,
            claim.user_id,
            title=notification.title,
            message=notification.message,
            key=notification.key,
            params=notification.params,
            notification_type=notification.notification_type,
            source_message_id=claim.id,
            occurrence=f"reply-failed:{claim.id}:{claim.fence}",
            metadata={"about": shortened(asked)},
        )
