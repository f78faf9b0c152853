"""What the rules know while they read one message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from app.assistant.record import Record
from app.assistant.rules.sentence import Sentence
from app.language.catalogue import StoredText, stored_text
from app.tools.calls import ToolCall


@dataclass(slots=True)
class Situation:
    """The record, the time (aware, in the user's zone), and what the sentences before this one led to."""

    record: Record
    now: datetime
    earlier: list[Sentence] = field(default_factory=list)
    calls: list[ToolCall] = field(default_factory=list)


def call(
    tool: str,
    arguments: Mapping[str, Any],
    *,
    propose: StoredText | None = None,
    candidates: Sequence[UUID] = (),
    confidence: float = 0.9,
) -> ToolCall:
    """A call; proposed for the reason that is given, or because several records may be meant."""
    given = {name: value for name, value in arguments.items() if value is not None}
    if candidates:
        propose = propose or stored_text("assistant.several_match", count=len(candidates))
    return ToolCall(
        tool,
        given,
        propose=propose is not None,
        confidence=confidence if propose is None else min(confidence, 0.6),
        reason=propose,
        candidates=tuple(candidates),
    )
