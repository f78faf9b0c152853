"""All notifications of the workers: the occasions on which one is written, and the one place that writes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.deferred_imports import imported
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
    "reminder_missed",
    "due",
    "due_missed",
    "overdue",
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
    "reminder_missed": Occasion("notification.reminder_missed", "info", frozenset({"intent", "missed"})),
    "due": Occasion("notification.due", "warning", frozenset({"intent"}), final=False),
    "due_missed": Occasion("notification.due_missed", "warning", frozenset({"intent", "missed"}), final=False),
    "overdue": Occasion("notification.overdue", "warning", frozenset({"intent"}), final=False),
    "failed": Occasion("notification.failed", "error", frozenset({"intent", "reason"})),
    "contradiction": Occasion(
        "notification.contradiction", "warning", frozenset({"subject", "explanation"}), final=False
    ),
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


def render_notification(occasion: OccasionName, subject: str, /, **params: Any) -> Notification:
    """The notification of an occasion, in the language of the text `subject`. `params`: those of the occasion."""
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


async def what_to_do(intent: IntentRow) -> str:
    """What a notification calls the intent; of a reminder, the thing to do and not the sentence that asked for it."""
    text = intent.description
    if intent.intent_type == "reminder":
        reminders = await imported("app.assistant.rules.reminders")
        text = reminders.reminder_text(text, intent.created_at)
    return shortened(text)


async def occasion_of_due(intent: IntentRow, missed: int) -> tuple[OccasionName, dict[str, Any]]:
    """The occasion of an intent whose time has come, and its params. `missed`: later times that have passed too."""
    occasion: OccasionName = "reminder" if intent.intent_type == "reminder" else "due"
    if missed == 0:
        return occasion, {"intent": await what_to_do(intent)}
    late: OccasionName = "reminder_missed" if occasion == "reminder" else "due_missed"
    return late, {"intent": await what_to_do(intent), "missed": missed}


def _concerned(intent: IntentRow) -> list[str]:
    """The author of an intent, and the member whose work it is."""
    return [user for user in (intent.user_id, intent.assignee_id) if user is not None]


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
            *_concerned(intent),
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

    async def notify_of_due(self, connection: Connection, intent: IntentRow, missed: int) -> None:
        """Notify the user that the time of unfinished work has come, after which the rule `missed` further times."""
        occasion, params = await occasion_of_due(intent, missed)
        await self._notify_of_time(connection, intent, render_notification(occasion, intent.description, **params))

    async def notify_of_overdue(self, connection: Connection, intent: IntentRow) -> None:
        """Notify the user that unfinished work is overdue."""
        what = await what_to_do(intent)
        await self._notify_of_time(
            connection, intent, render_notification("overdue", intent.description, intent=what), "overdue"
        )

    async def _notify_of_time(
        self, connection: Connection, intent: IntentRow, notification: Notification, name: str = "due"
    ) -> None:
        await insert_notification(
            connection,
            *_concerned(intent),
            title=notification.title,
            message=notification.message,
            key=notification.key,
            params=notification.params,
            notification_type=notification.notification_type,
            intent_id=intent.id,
            source_message_id=intent.source_message_id,
            occurrence=f"{name}:{intent.id}:{intent.due_at}",
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
