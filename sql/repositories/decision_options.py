"""The options of a decision, and which of them is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sql.errors import BadUserInput, Conflict
from sql.rows import DecisionRow
from sql.statements import Connection, statements


@dataclass(frozen=True, slots=True)
class DecisionOption:
    label: str
    rejection_reason: str | None = None


def options_of(row: DecisionRow) -> list[DecisionOption]:
    return [DecisionOption(each["label"], each["rejectionReason"]) for each in row.options]


def chosen_of(row: DecisionRow) -> str | None:
    """The label of the chosen option."""
    return next((each["label"] for each in row.options if each["id"] == str(row.chosen_option_id)), None)


def needs_choice(kind: str, status: str) -> bool:
    return kind == "choice" and status == "accepted"


def place_of_chosen(options: Sequence[DecisionOption], chosen: str | None, *, required: bool) -> int | None:
    """The position of the chosen option, from 1. Raises BadUserInput when the options do not fit together."""
    labels = [each.label.casefold() for each in options]
    if len(set(labels)) < len(labels):
        raise BadUserInput("decision.duplicate_option")
    if chosen is None:
        if options and required:
            raise BadUserInput("decision.chosen_missing")
        return None
    if chosen.casefold() not in labels:
        raise BadUserInput("decision.chosen_unknown", chosen=chosen)
    place = labels.index(chosen.casefold())
    if options[place].rejection_reason is not None:
        raise BadUserInput("decision.chosen_rejected")
    return place + 1


async def store_options(
    connection: Connection,
    row: DecisionRow,
    options: Sequence[DecisionOption],
    *,
    chosen: str | None,
    value: str | None,
) -> UUID | None:
    """Store options that differ; the id of the chosen one. Raises Conflict when the content is fixed."""
    place = place_of_chosen(options, chosen, required=needs_choice(row.kind, row.status))
    label = options[place - 1].label if place else None
    if (list(options), label, value) == (options_of(row), chosen_of(row), row.value):
        return row.chosen_option_id
    if row.status != "proposed":
        raise Conflict("decision.content_fixed", number=str(row.number), status=row.status)
    if list(options) == options_of(row):
        return next((UUID(each["id"]) for each in row.options if each["label"] == label), None)
    await statements.delete_decision_options(connection, decision_id=row.id)
    stored = statements.insert_decision_options(
        connection,
        user_id=row.user_id,
        decision_id=row.id,
        labels=[each.label for each in options],
        rejection_reasons=[each.rejection_reason for each in options],
    )
    ids = {record["label"]: record["id"] async for record in stored}
    return None if label is None else ids[label]
