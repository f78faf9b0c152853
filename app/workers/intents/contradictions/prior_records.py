"""Finding what a new wish may clash with: what is nearest in meaning, every decision, and what shares its words."""

from uuid import UUID

from app.memory.search.nearest import Nearest
from app.retry import retry_while_unavailable
from app.workers.intents.contradictions.ports import PriorRecord
from app.workers.intents.contradictions.technologies import rivals_of
from sql.pool import Database
from sql.repositories.nearest import SearchFilter
from sql.repositories.standings import (
    StandingIntent,
    find_standing_intents,
    list_standing_choices,
    list_standing_intents,
    list_standing_specifications,
)
from sql.rows import IntentRow
from sql.statements import Connection

KINDS = ("intent", "choice_point", "specification")
MAX_NEAR = 30
MAX_CHOICES = 200
MAX_SPECIFICATIONS = 50
MAX_INTENTS = 40
READ_CHARACTERS = 2000
OPEN = ("pending", "awaiting_confirmation", "processing")


class PriorRecordFinder:
    """Finds what stands; without `nearest`, by words alone."""

    def __init__(self, database: Database, nearest: Nearest | None) -> None:
        self._database = database
        self._nearest = nearest

    async def find(self, intent: IntentRow) -> list[PriorRecord]:
        """Decisions first, then specifications, then earlier intents; of each the nearest, then the latest."""
        near: dict[UUID, float] = {}
        if self._nearest is not None:
            words = intent.description[:READ_CHARACTERS]
            within = SearchFilter(kinds=KINDS)
            found = await self._nearest.find(intent.user_id, words, within=within, count=MAX_NEAR)
            near = {each.subject_id: each.similarity for each in found}
        return await retry_while_unavailable(
            self._database.connection, lambda connection: find_standings(connection, intent, near)
        )


async def find_standings(connection: Connection, intent: IntentRow, near: dict[UUID, float]) -> list[PriorRecord]:
    """`near`: the cosine similarity of what is nearest in meaning."""
    ids = list(near)
    choices = await list_standing_choices(connection, intent.user_id, near=ids, count=MAX_CHOICES)
    specifications = await list_standing_specifications(connection, intent.user_id, near=ids, count=MAX_SPECIFICATIONS)
    intents = {row.id: row for row in await _sharing_words(connection, intent)}
    intents |= {row.id: row for row in await find_standing_intents(connection, intent.user_id, ids, before=intent.id)}
    return [
        *(
            PriorRecord("choice_point", row.id, row.question, row.chosen, tuple(row.rejected), near.get(row.id))
            for row in choices
        ),
        *(
            PriorRecord("specification", row.id, row.title, row.content, similarity=near.get(row.id))
            for row in specifications
        ),
        *(_to_standing(row, near.get(row.id)) for row in intents.values()),
    ]


async def _sharing_words(connection: Connection, intent: IntentRow) -> list[StandingIntent]:
    """Also those that name a technology which could stand in the place of one that is wished for."""
    description = intent.description[:READ_CHARACTERS]
    words = " ".join([description, *rivals_of(description)])
    return await list_standing_intents(connection, intent.user_id, words, before=intent.id, count=MAX_INTENTS)


def _to_standing(row: StandingIntent, similarity: float | None) -> PriorRecord:
    text = row.description
    return PriorRecord("intent", row.id, text, text, similarity=similarity, open=row.status in OPEN)
