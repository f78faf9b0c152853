"""What a model is told about the status of a decision: what is no longer in force is history only."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.language.catalogue import Language, render
from sql.repositories.decision_reads import find_decisions
from sql.rows import DecisionRow
from sql.statements import Connection

STATES = {
    "accepted": "context.decision.accepted",
    "proposed": "context.decision.proposed",
    "rejected": "context.decision.rejected",
    "superseded": "context.decision.superseded",
    "withdrawn": "context.decision.withdrawn",
}


@dataclass(frozen=True, slots=True)
class DecisionState:
    """One line about the status, and whether the decision is in force."""

    text: str
    in_force: bool


async def decision_states(
    connection: Connection, user_id: str, ids: Sequence[UUID], *, japanese: bool
) -> dict[UUID, DecisionState]:
    """The states of the decisions that exist, by id."""
    rows = await find_decisions(connection, user_id, ids)
    later = [row.superseded_by for row in rows if row.superseded_by is not None]
    numbers = {row.id: row.number for row in await find_decisions(connection, user_id, later)} if later else {}
    return {row.id: DecisionState(_line(row, numbers, japanese=japanese), row.status == "accepted") for row in rows}


def _line(row: DecisionRow, numbers: dict[UUID, int], *, japanese: bool) -> str:
    language: Language = "ja" if japanese else "en"
    by = None if row.superseded_by is None else numbers.get(row.superseded_by)
    day = row.valid_until or row.decided_at or row.created_at
    params = {"number": str(row.number), "day": f"{day:%Y-%m-%d}"}
    if row.status == "superseded" and by is not None:
        return render("context.decision.superseded_by", params | {"by": str(by)}, language)
    return render(STATES[row.status], params, language)
