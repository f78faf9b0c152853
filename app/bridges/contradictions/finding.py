"""Finding what a new wish may clash with: every decision that stands, and the earlier intents nearest to it."""

from math import ceil

from app.bridges.contradictions.standing import Standing
from app.bridges.contradictions.technologies import rivals_of
from app.bridges.contradictions.wording import read_wording
from sql.repositories.standings import (
    StandingIntent,
    list_standing_choices,
    list_standing_intents,
    list_standing_specifications,
)
from sql.rows import IntentRow
from sql.statements import Connection

MAX_CHOICES = 200
MAX_SPECIFICATIONS = 50
MAX_INTENTS = 40
MAX_TERMS = 24
READ_CHARACTERS = 2000
LEAST_SHARE = 0.34
OPEN = ("pending", "awaiting_confirmation", "processing")


async def find_standings(connection: Connection, intent: IntentRow) -> list[Standing]:
    """Decisions first, then specifications, then earlier intents, the most alike first."""
    choices = await list_standing_choices(connection, intent.user_id, MAX_CHOICES)
    specifications = await list_standing_specifications(connection, intent.user_id, MAX_SPECIFICATIONS)
    terms = sorted(read_wording(intent.description).terms, key=len, reverse=True)[:MAX_TERMS]
    intents = await list_standing_intents(
        connection,
        intent.user_id,
        before=intent.id,
        plain=intent.description[:READ_CHARACTERS].lower(),
        terms=terms,
        least=max(1, ceil(len(terms) * LEAST_SHARE)),
        names=rivals_of(intent.description),
        count=MAX_INTENTS,
    )
    return [
        *(Standing("choice_point", row.id, row.question, row.chosen, tuple(row.rejected)) for row in choices),
        *(Standing("specification", row.id, row.title, row.content) for row in specifications),
        *map(_to_standing, intents),
    ]


def _to_standing(row: StandingIntent) -> Standing:
    return Standing("intent", row.id, row.description, row.description, open=row.status in OPEN)
