"""What a handler is: the one who really does what an intent of one type asks for."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, Protocol

from app.models.ports import (
    Assistant,
    Finished,
    IntentKind,
    ModelCalls,
    Piece,
    Prompt,
    Recollection,
    Turn,
    UnheardCalls,
)
from app.settings import Settings
from app.workers.draft import storable
from app.workers.prompts import DUTIES, WORK
from sql.pool import Database
from sql.repositories.intent_claims import IntentClaim
from sql.rows import IntentRow, JsonObject
from sql.statements import Connection

Keep = Callable[[Connection], Awaitable[JsonObject]]


class CannotDo(Exception):
    """This intent cannot be done, now or later; the reason is a sentence for a person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: Markdown, what made it, and the records that it was made with.

    `occasion` is how the notification words it, `metadata` what the intent keeps for good, `details` what else belongs
    into the result. `keep` writes more in the transaction of the result, and gives further details.
    """

    text: str
    model: str | None = None
    usage: Mapping[str, int] = field(default_factory=dict)
    context: Sequence[Recollection] = ()
    occasion: Literal["completed", "reminder"] = "completed"
    metadata: JsonObject = field(default_factory=dict)
    details: JsonObject = field(default_factory=dict)
    keep: Keep | None = None


@dataclass(frozen=True, slots=True)
class HandlerContext:
    """What a handler works with.

    `now` is in the user's own time zone; `prompt` puts the context of the intent together under the instructions it is
    given, and keeps it; `report` takes progress in 0..1; `announce` tells open screens that something was written;
    `calls` hears of models that are called without the assistant. No connection of `database` may be held while a model
    works.
    """

    assistant: Assistant
    now: datetime
    prompt: Callable[[str], Awaitable[Prompt]]
    report: Callable[[float], Awaitable[None]]
    announce: Callable[[], None]
    claim: IntentClaim
    database: Database
    settings: Settings
    calls: ModelCalls = field(default_factory=UnheardCalls)


class Handler(Protocol):
    """One module of this package has one, named `handler`; its type is claimed by no other."""

    intent_type: IntentKind
    checked: bool = True
    """Whether it is compared with what stands before it is done."""

    def asks_first(self, settings: Settings, *, again: bool) -> str | None:
        """What the user is to confirm before, None when nothing. Raises CannotDo when it cannot be done at all.

        `again`: it was taken up before, and that came to no end.
        """
        return None

    async def handle(self, intent: IntentRow, desk: HandlerContext) -> Outcome:
        """Do it. Raises CannotDo, or AssistantError, which is tried again when it may help."""


async def write_with_assistant(intent: IntentRow, desk: HandlerContext, kind: str, given: str = "") -> Outcome:
    """Have the assistant do the duty of this kind, reporting progress as the text grows; `given` stands before it."""
    text, finished, progress = "", Finished("end_turn", None), 0.1
    await desk.report(progress)
    prompt = await desk.prompt(WORK.format(kind=kind, duty=DUTIES[kind]))
    if given:
        prompt = replace(prompt, turns=[*prompt.turns[:-1], Turn("user", f"{given}\n\n{intent.description}")])
    async for part in desk.assistant.answer(prompt):
        if isinstance(part, Piece):
            text += storable(part.text)
            # Nobody knows how long the text will be: half of what is left at each further thousand characters.
            reached = 1 - 0.9 * 0.5 ** (len(text) / 1000)
            if reached - progress > 0.1:
                progress = reached
                await desk.report(round(progress, 2))
        else:
            finished = part
    return Outcome(text, finished.model, finished.usage, prompt.recollections)
