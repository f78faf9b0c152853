"""All notifications of the workers: the occasions on which one is written, and the one place that writes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.language.detection import is_japanese
from app.workers.text import shortened
from sql.repositories.intent_claims import IntentClaim
from sql.repositories.notifications import insert_notification
from sql.repositories.reply_claims import ReplyClaim
from sql.rows import JsonObject
from sql.statements import Connection

OccasionName = Literal["completed", "failed", "reminder", "contradiction", "confirmation", "reply_failed"]


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why a notification is written: its type and its title in English and Japanese.

    `final`: it reports the end of the work, of which there is one per fence.
    """

    notification_type: Literal["info", "success", "warning", "error"]
    titles: tuple[str, str]
    final: bool = True


OCCASIONS: Mapping[OccasionName, Occasion] = {
    "completed": Occasion("success", ("Done", "完了しました")),
    "failed": Occasion("error", ("Could not be done", "完了できませんでした")),
    "reminder": Occasion("info", ("Reminder", "リマインダー")),
    "contradiction": Occasion("warning", ("This clashes with something", "矛盾しているようです"), final=False),
    "confirmation": Occasion("warning", ("Please confirm", "確認をお願いします"), final=False),
    "reply_failed": Occasion("error", ("The reply could not be written", "返信を作成できませんでした")),
}


@dataclass(frozen=True, slots=True)
class Notification:
    """A notification that is ready to be stored. Texts are in the language of its subject."""

    notification_type: str
    title: str
    message: str


def prepare(occasion: OccasionName, subject: str, message: str) -> Notification:
    """The notification for this occasion; `subject` is the text whose language it uses."""
    kind = OCCASIONS[occasion]
    return Notification(kind.notification_type, kind.titles[is_japanese(subject)], message)


class Notifier:
    """Stores notifications in the transaction of what they report, each at most once per fence."""

    async def notify_of_intent(
        self,
        connection: Connection,
        claim: IntentClaim,
        occasion: OccasionName,
        message: str,
        *,
        links: JsonObject | None = None,
    ) -> None:
        """Notify the user of an intent. `links` are further rows that the notification links to."""
        intent = claim.intent
        notification = prepare(occasion, intent.description, message)
        occurrence = f"intent:{intent.id}:{claim.fence}"
        if not OCCASIONS[occasion].final:
            occurrence += f":{(links or {}).get('contradictionId', occasion)}"
        await insert_notification(
            connection,
            intent.user_id,
            title=notification.title,
            message=notification.message,
            notification_type=notification.notification_type,
            intent_id=intent.id,
            source_message_id=intent.source_message_id,
            occurrence=occurrence,
            metadata=links,
        )

    async def notify_of_failed_reply(self, connection: Connection, claim: ReplyClaim, asked: str, reason: str) -> None:
        """Notify the user that the reply to the message `asked` could not be written."""
        notification = prepare("reply_failed", asked, reason)
        await insert_notification(
            connection,
            claim.user_id,
            title=notification.title,
            message=notification.message,
            notification_type=notification.notification_type,
            source_message_id=claim.id,
            occurrence=f"reply-failed:{claim.id}:{claim.fence}",
            metadata={"about": shortened(asked)},
        )
