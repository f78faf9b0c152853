"""Reading a message for what it asks for, and raising intents from it, once."""

from app.clock import zone_of
from app.live.bus.bus import Bus
from app.models.ports import Classifier, Clock, RaisedIntent, Reading
from app.retry import retry_while_unavailable
from app.settings import Settings
from app.workers.failures import ClaimLost
from app.workers.turns import to_turns
from sql.pool import Database
from sql.repositories.intents import NewIntent, insert_intent
from sql.repositories.reply_claims import ReplyClaim, lock_reply, mark_message_read
from sql.rows import JsonObject, MessageRow
from sql.statements import Connection

ACTOR = "message-bridge"
HANDED_ON = ("timezone", "language")


class MessageReader:
    """Raises the intents of a user's message while its reply is being written."""

    def __init__(self, database: Database, bus: Bus, classifier: Classifier, settings: Settings, clock: Clock) -> None:
        self._database = database
        self._bus = bus
        self._classifier = classifier
        self._settings = settings
        self._clock = clock

    async def read(self, claim: ReplyClaim, turns: list[MessageRow]) -> None:
        """Read the last of the turns, with those before it as context. Raises ClaimLost."""
        asked = turns[-1]
        now = self._clock.now().astimezone(zone_of(asked.metadata, self._settings.server_timezone))
        reading = await self._classifier.read_message(asked.content, to_turns(turns[:-1]), now)
        await retry_while_unavailable(
            self._database.transaction, lambda connection: self._raise(connection, claim, asked, reading)
        )
        if reading.intents:
            self._bus.announce(claim.user_id)

    async def _raise(self, connection: Connection, claim: ReplyClaim, asked: MessageRow, reading: Reading) -> None:
        # The message is locked before its reply, as an edit does it. Only the mark makes sure that this happens once;
        # the claim makes sure that what was read are the words that still stand.
        first = await mark_message_read(connection, asked.id)
        if not await lock_reply(connection, claim):
            raise ClaimLost
        if first:
            for raised in reading.intents:
                await insert_intent(connection, self._to_intent(claim, raised, reading.classifier, asked))

    def _to_intent(self, claim: ReplyClaim, raised: RaisedIntent, classifier: str, asked: MessageRow) -> NewIntent:
        kept: JsonObject = {name: asked.metadata[name] for name in HANDED_ON if name in asked.metadata}
        return NewIntent(
            user_id=claim.user_id,
            description=raised.description,
            actor=ACTOR,
            reason=raised.reason,
            intent_type=raised.intent_type,
            classification={
                "intentType": raised.intent_type,
                "confidence": raised.confidence,
                "reason": raised.reason,
                "classifier": classifier,
            },
            priority=raised.priority,
            due_at=raised.due_at,
            max_attempts=self._settings.worker_max_attempts,
            metadata=kept,
            conversation_id=claim.conversation_id,
            source_message_id=asked.id,
        )
