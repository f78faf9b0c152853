"""Labelled statements and decisions, and how well the gate tells them apart."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from app.gate.compare import compare
from app.gate.statements import Statement, statement_of_decision
from app.language.topics import topic_key
from sql.rows import DecisionRow
from tests.processes import ROOT

NAMES = UUID(int=17)
WHEN = datetime(2026, 11, 3, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Pair:
    """A statement and one accepted decision. `flagged`: whether the statement contradicts it."""

    decision: DecisionRow
    statement: Statement
    flagged: bool

    @property
    def id(self) -> str:
        return f"{self.decision.kind}: {self.decision.title} | {self.statement.text}"


@dataclass(frozen=True, slots=True)
class Measured:
    """How the gate judged pairs."""

    precision: float
    recall: float
    wrong: list[str]
    missed: list[str]


def make_decision(number: int = 1, **fields: Any) -> DecisionRow:
    """An accepted decision; `chosen` and `rejected` are labels of options."""
    chosen, rejected = fields.get("chosen"), fields.get("rejected", [])
    labels = [each for each in (chosen, *rejected) if each]
    options = [{"id": str(uuid5(NAMES, label)), "label": label, "rejectionReason": None} for label in labels]
    return DecisionRow(
        id=uuid5(NAMES, f"{number} {fields['title']}"),
        user_id="ann",
        project_id=UUID(int=1),
        number=number,
        title=fields["title"],
        kind=fields["kind"],
        topic=fields["topic"],
        topic_key=topic_key(fields["topic"]),
        context=None,
        options=options,
        chosen_option_id=uuid5(NAMES, chosen) if chosen else None,
        value=fields.get("value"),
        rationale=None,
        consequences=None,
        status="accepted",
        version=1,
        tags=[],
        superseded_by=None,
        author="ann",
        conversation_id=None,
        intent_id=None,
        decided_at=WHEN,
        valid_until=None,
        created_at=WHEN,
        updated_at=WHEN,
    )


def load_pairs(name: str) -> list[Pair]:
    """The pairs of tests/data/gate_<name>.toml."""
    groups = tomllib.loads((ROOT / f"tests/data/gate_{name}.toml").read_text("utf-8"))["groups"]
    return [pair for number, group in enumerate(groups, start=1) for pair in _pairs(number, group)]


def _pairs(number: int, group: Mapping[str, Any]) -> Iterator[Pair]:
    decision = make_decision(number, **group["decision"])
    for label in ("flagged", "passes"):
        for each in group[label]:
            statement = Statement(each) if isinstance(each, str) else statement_of_decision(make_decision(**each))
            yield Pair(decision, statement, label == "flagged")


def measure_pairs(pairs: list[Pair]) -> Measured:
    """Precision and recall of the gate; `wrong` and `missed` name the pairs."""
    judged = [(pair, bool(compare(pair.statement, [pair.decision]))) for pair in pairs]
    right = sum(found and pair.flagged for pair, found in judged)
    wrong = [pair.id for pair, found in judged if found and not pair.flagged]
    missed = [pair.id for pair, found in judged if pair.flagged and not found]
    return Measured(
        right / max(1, right + len(wrong)),
        right / max(1, right + len(missed)),
        wrong,
        missed,
    )


def load_related() -> set[tuple[str, str]]:
    """Decisions and statements of other groups that contradict them, by title and text."""
    entries = tomllib.loads((ROOT / "tests/data/gate_related.toml").read_text("utf-8"))["related"]
    return {(each["decision"], text) for each in entries for text in each["statements"]}


def held_by_others(pairs: list[Pair]) -> list[tuple[str, str]]:
    """Titles of decisions with the statements that they hold although they have nothing to do with each other."""
    decisions = {pair.decision.title: pair.decision for pair in pairs}
    related = load_related()
    return [
        (conflict.decision.title, pair.statement.text)
        for pair in pairs
        for conflict in compare(
            pair.statement, [each for each in decisions.values() if each is not decisions[pair.decision.title]]
        )
        if (conflict.decision.title, pair.statement.text) not in related
    ]
