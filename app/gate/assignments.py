"""Notifies a member to whom another one gives work."""

from app.language.catalogue import render
from app.language.text import language_of, shortened
from sql.repositories.notifications import insert_notification
from sql.rows import IntentRow, JsonObject
from sql.statements import Connection

ASSIGNED = "notification.assigned"


async def notify_assignee(connection: Connection, intent: IntentRow, user_id: str) -> None:
    """Notify the person whose work the intent is now, once for each intent; not the user who gives it."""
    person = intent.assignee_id
    if person is None or person == user_id:
        return
    params: JsonObject = {"intent": shortened(intent.description)}
    language = language_of(intent.description)
    await insert_notification(
        connection,
        person,
        title=render(f"{ASSIGNED}.title", params, language),
        message=render(ASSIGNED, params, language),
        key=ASSIGNED,
        params=params,
        notification_type="info",
        intent_id=intent.id,
        source_message_id=intent.source_message_id,
        occurrence=f"assigned:{intent.id}",
    )
