"""Creates intents from what a message asks for, once per message."""

from app.clock import zone_of
from app.live.bus.bus import Bus
from app.models.ports import Classifier, Clock, MessageClassification, RaisedIntent
from app.retry import retry_while_unavailable
from app.settings import Settings
from app.workers.failures import ClaimLost
from app.workers.prompts import to_turns
from sql.pool import Database
from sql.repositories.intents import NewIntent, insert_intent
from sql.repositories.reply_claims import ReplyClaim, lock_reply, mark_intents_extracted
from sql.rows import JsonObject, MessageRow
from sql.statements import Connection

ACTOR = "message-bridge"
COPIED_METADATA = ("timezone", "language")


class IntentExtractor:
    """Classifies a user's message and stores its intents."""

    def __init__(self, database: Database, bus: Bus, classifier: Classifier, settings: Settings, clock: Clock) -> None:
        self._database = database
        self._bus = bus
        self._classifier = classifier
        self._settings = settings
        self._clock = clock

    async def extract(self, claim: ReplyClaim, turns: list[MessageRow]) -> None:
        """Store the intents of the last turn; the turns before it are the context. Raises ClaimLost."""
        message = turns[-1]
        now = self._clock.now().astimezone(zone_of(message.metadata, self._settings.server_timezone))
        found = await self._classifier.classify_message(message.content, to_turns(turns[:-1]), now)
        await retry_while_unavailable(
            self._database.transaction, lambda connection: self._store(connection, claim, message, found)
        )
        if found.intents:
            self._bus.announce(claim.user_id)

    async def _store(
        self, connection: Connection, claim: ReplyClaim, message: MessageRow, found: MessageClassification
    ) -> None:
        # The message is locked before its reply, in the same order as an edit does. The mark ensures that intents are
        # created once; the claim ensures that the message was not edited since it was read.
        first = await mark_intents_extracted(connection, message.id)
        if not await lock_reply(connection, claim):
            raise ClaimLost
        if first:
            for raised in found.intents:
                await insert_intent(connection, self._to_intent(claim, raised, found.classifier, message))

    def _to_intent(self, claim: ReplyClaim, raised: RaisedIntent, classifier: str, message: MessageRow) -> NewIntent:
        copied: JsonObject = {name: message.metadata[name] for name in COPIED_METADATA if name in message.metadata}
        return NewIntent(
            user_id=claim.user_id,
            description=raised.description,
            actor=ACTOR,
            reason=raised.reason.text,
            reason_key=raised.reason.key,
            reason_params=raised.reason.params,
            intent_type=raised.intent_type,
            classification={
                "intentType": raised.intent_type,
                "confidence": raised.confidence,
                "reason": raised.reason.text,
                "key": raised.reason.key,
                "params": raised.reason.params,
                "classifier": classifier,
            },
            priority=raised.priority,
            due_at=raised.due_at,
            max_attempts=self._settings.worker_max_attempts,
            metadata=copied,
            conversation_id=claim.conversation_id,
            source_message_id=message.id,
        )
