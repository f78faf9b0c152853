"""Explains the contradictions that the local rules find."""

from app.workers.intents.contradictions.ports import PriorRecord
from app.workers.text import shortened
from sql.sentences import Sentence, nested, sentence


def _record(record: PriorRecord) -> dict[str, object]:
    """The record as a parameter: its kind and its shortened text."""
    text = shortened(record.text)
    if record.kind == "choice_point":
        return nested(sentence("record.choice_point", text=text, chosen=shortened(record.decided)))
    return nested(Sentence(f"record.{record.kind}", {"text": text}))


def absolute_claim(claim: str) -> Sentence:
    return sentence("contradiction.absolute_claim", claim=claim)


def duplicate(record: PriorRecord) -> Sentence:
    return sentence("contradiction.duplicate", record=_record(record))


def tech_stack(record: PriorRecord, *, wanted: str, decided: str, purpose: str) -> Sentence:
    return sentence(
        "contradiction.tech_stack",
        wanted=wanted,
        decided=decided,
        purpose=nested(Sentence(f"purpose.{purpose}")),
        record=_record(record),
    )


def policy_shift(record: PriorRecord, statement: str) -> Sentence:
    """`statement`: what the intent reverses. It is shown for a specification, which has many statements."""
    if record.kind != "specification":
        return sentence("contradiction.policy_shift", record=_record(record))
    return sentence("contradiction.policy_shift_statement", record=_record(record), statement=shortened(statement))
