"""The rounds of a reply that calls tools, as they are stored: another worker continues the reply with them.

A round is stored before its calls are performed, and each output in the transaction that performs its call. So a call
that was performed has its output, and is not performed again.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.models.ports import Finished, Round, ToolOutput, ToolUse
from sql.repositories.reply_claims import ReplyClaim
from sql.rows import JsonObject

SENDABLE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A call of a round. `call_id` identifies it among all calls because of the same message."""

    use: ToolUse
    call_id: str

    def to_json(self) -> JsonObject:
        arguments = None if self.use.arguments is None else dict(self.use.arguments)
        return {"id": self.use.id, "name": self.use.name, "arguments": arguments, "callId": self.call_id}


@dataclass(slots=True)
class StoredRound:
    """What the model wrote and called, and the outputs so far, in the order of the calls.

    `end` is the length of the reply with this round. `cut_off`: the user had the text continued where it breaks off.
    """

    text: str
    calls: list[PlannedCall] = field(default_factory=list)
    outputs: list[ToolOutput] = field(default_factory=list)
    thinking: Sequence[Mapping[str, Any]] = ()
    usage: Mapping[str, int] = field(default_factory=dict)
    end: int = 0
    cut_off: bool = False

    @property
    def open_calls(self) -> list[PlannedCall]:
        return self.calls[len(self.outputs) :]

    def to_round(self) -> Round:
        return Round(self.text, [call.use for call in self.calls], list(self.outputs), self.thinking, self.cut_off)

    def to_json(self) -> JsonObject:
        return {
            "text": self.text,
            "calls": [call.to_json() for call in self.calls],
            "outputs": [[each.id, each.content, each.is_error] for each in self.outputs],
            "thinking": [dict(block) for block in self.thinking],
            "usage": dict(self.usage),
            "end": self.end,
            "cutOff": self.cut_off,
        }


def from_json(stored: JsonObject) -> StoredRound:
    return StoredRound(
        stored["text"],
        [PlannedCall(ToolUse(c["id"], c["name"], c["arguments"]), c["callId"]) for c in stored["calls"]],
        [ToolOutput(*output) for output in stored["outputs"]],
        stored["thinking"],
        stored["usage"],
        stored["end"],
        stored["cutOff"],
    )


def planned(
    claim: ReplyClaim,
    earlier: Sequence[StoredRound],
    text: str,
    uses: Sequence[ToolUse],
    finished: Finished,
    *,
    end: int,
) -> StoredRound:
    """A new round. Ids that the model left out or used twice are replaced, because outputs refer to them.

    The fence is part of the call ids: an answer that is written anew makes new calls.
    """
    taken = {call.use.id for each in earlier for call in each.calls}
    calls = []
    for index, use in enumerate(uses):
        ordinal = f"{claim.fence}_{len(earlier)}_{index}"
        use_id = use.id if SENDABLE_ID.fullmatch(use.id) and use.id not in taken else f"call_{ordinal}"
        taken.add(use_id)
        calls.append(PlannedCall(ToolUse(use_id, use.name, use.arguments), f"{claim.id}_{ordinal}"))
    return StoredRound(text, calls, thinking=finished.thinking, usage=finished.usage, end=end)


def kept_rounds(rounds: Sequence[StoredRound], kept: str) -> list[StoredRound]:
    """The rounds whose text is in the text that a continued reply keeps, and the text after them as a round."""
    inside = [each for each in rounds if each.end <= len(kept)]
    rest = kept[inside[-1].end :] if inside else ""
    return [*inside, StoredRound(rest.strip(), end=len(kept), cut_off=True)] if rest.strip() else inside


def text_after(kept: str, rounds: Sequence[StoredRound]) -> str:
    """The text of the rounds after the kept text."""
    text, calls = kept, False
    for each in rounds:
        if each.end > len(kept):
            text += (separator(text, each.text) if calls else "") + each.text
        calls = bool(each.calls)
    return text[len(kept) :]


def separator(before: str, after: str) -> str:
    """What separates a text from the text before the calls: a blank line, unless there is white space."""
    if not before or not after or before.endswith("\n") or after.startswith("\n"):
        return ""
    return "\n\n"
