"""What the gate compares, and what it finds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.language.catalogue import StoredText
from app.language.text import shortened
from sql.rows import DecisionRow
from sql.sentences import nested, sentence

NAME = "gate"


@dataclass(frozen=True, slots=True)
class Statement:
    """A new intent, or a new decision.

    `text` is the description of an intent or the title of a decision. `intent_type` is None until it is classified.
    The other fields are those of a decision; `chosen` is the label of its option.
    """

    text: str
    kind: Literal["intent", "decision"] = "intent"
    intent_type: str | None = None
    decision_kind: str = "choice"
    topic_key: str = ""
    chosen: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """An accepted decision that a statement contradicts; confidence in 0..1.

    The explanation is in the language of the statement and cites number and sentence of the decision.
    """

    decision: DecisionRow
    kind: Literal["tech_stack", "policy_shift"]
    confidence: float
    explanation: StoredText


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a decision is contradicted: a key of the catalogue with its parameters, without number and sentence."""

    key: str
    confidence: float
    params: Sequence[tuple[str, str]] = ()


def statement_of_decision(row: DecisionRow) -> Statement:
    """A stored decision as a statement."""
    return Statement(
        row.title,
        kind="decision",
        decision_kind=row.kind,
        topic_key=row.topic_key,
        chosen=chosen_label(row),
        value=row.value,
    )


def chosen_label(row: DecisionRow) -> str | None:
    """The label of the chosen option."""
    chosen = str(row.chosen_option_id)
    return next((str(each["label"]) for each in row.options if str(each["id"]) == chosen), None)


def rejected_labels(row: DecisionRow) -> list[str]:
    """The labels of the other options."""
    chosen = str(row.chosen_option_id)
    return [str(each["label"]) for each in row.options if str(each["id"]) != chosen]


def cited(row: DecisionRow) -> dict[str, object]:
    """Number and sentence of a decision, as a parameter of another sentence."""
    said = [
        row.title,
        *(each for each in (chosen_label(row), row.value) if each and each.lower() not in row.title.lower()),
    ]
    return nested(
        sentence(
            "record.decision_cited",
            number=str(row.number),
            text=shortened(" → ".join(said)),
        )
    )
