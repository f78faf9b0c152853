"""Step 1: gives an intent a type when its client did not."""

from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from app.clock import zone_of
from app.intent_types import IntentType
from app.live.bus.bus import Bus
from app.models.ports import RECENT_TURNS, Classifier, Clock, Turn
from app.retry import retry_while_unavailable
from app.settings import Settings
from app.workers.failures import write_under_fence
from app.workers.prompts import to_turns
from sql.pool import Database
from sql.repositories.accounts import find_timezone
from sql.repositories.intent_claims import IntentClaim, set_intent_classification
from sql.repositories.messages import list_turns_before
from sql.rows import IntentRow, JsonObject


async def zone_of_intent(database: Database, intent: IntentRow, settings: Settings) -> ZoneInfo:
    """The time zone of the user: that of the account, else the one that the intent's metadata names."""
    account = await retry_while_unavailable(database.connection, lambda c: find_timezone(c, intent.user_id))
    return zone_of(account, intent.metadata, settings.server_timezone)


class IntentClassifier:
    """Classifies claimed intents and stores their type under the fence."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        classifier: Classifier,
        types: Mapping[str, IntentType],
        settings: Settings,
        clock: Clock,
    ) -> None:
        self._database = database
        self._bus = bus
        self._classifier = classifier
        self._types = types
        self._settings = settings
        self._clock = clock

    async def classify(self, claim: IntentClaim) -> IntentClaim:
        """The claim with the type of its intent. Raises ClaimLost."""
        intent = claim.intent
        now = self._clock.now().astimezone(await zone_of_intent(self._database, intent, self._settings))
        found = await self._classifier.classify_intent(intent.description, await self._recent_turns(intent), now)
        due_at = intent.due_at or found.due_at
        kind = found.intent_type
        classification: JsonObject = {
            "intentType": kind,
            "confidence": found.confidence,
            "reason": found.reason.text,
            "key": found.reason.key,
            "params": found.reason.params,
            "classifier": found.classifier,
        }
        await write_under_fence(
            self._database.connection,
            lambda c: set_intent_classification(
                c, claim, intent_type=kind, classification=classification, due_at=due_at
            ),
        )
        self._bus.announce(claim.user_id)
        typed = replace(intent, intent_type=kind, classification=classification, due_at=due_at)
        # The user who confirmed it did not know its type, so a type that needs a confirmation asks for one.
        return replace(claim, intent=typed, confirmed=False)

    async def _recent_turns(self, intent: IntentRow) -> list[Turn]:
        """The last few messages of the intent's conversation, if it has one."""
        if (conversation := intent.conversation_id) is None:
            return []
        before = (intent.user_id, conversation, intent.id)
        return to_turns(
            await retry_while_unavailable(
                self._database.connection,
                lambda c: list_turns_before(c, *before, RECENT_TURNS, path=intent.source_message_id),
            )
        )
