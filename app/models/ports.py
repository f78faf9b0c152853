"""What the rest of the system may ask of an assistant: answer, and say what a message wants."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from sql.errors import ResonantError


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of the conversation, as the model is shown it."""

    role: Literal["user", "assistant"]
    text: str


FEW_TURNS = 6  # what a wish needs of the conversation to be understood


@dataclass(frozen=True, slots=True)
class Recollection:
    """Something remembered that may bear on the question: where it comes from, when it was said, its text.

    `score` tells how well it matches, higher is better.
    """

    kind: str
    subject_id: str
    said_at: datetime
    text: str
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Prompt:
    """What an answer is made from. `turns` is oldest first and ends with the user's message.

    `system` and `profile`, what is always known of the user, stay the same from message to message and are cached;
    `moment` tells the time. `summary` is that of the conversation so far.
    `purpose` tells a reply in a conversation from the result of a work item, where a model is not told by `system`,
    and from what memory asks for its own sake.
    """

    system: str
    turns: Sequence[Turn]
    recollections: Sequence[Recollection] = ()
    profile: Sequence[str] = ()
    summary: str | None = None
    moment: str = ""
    max_tokens: int | None = None
    purpose: Literal["reply", "work", "memory"] = "reply"


@dataclass(frozen=True, slots=True)
class Piece:
    """The next characters of an answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of an answer: why it ended, the model that wrote it and what it used (token counts by name)."""

    stop_reason: str
    model: str | None
    usage: Mapping[str, int] = field(default_factory=dict)


class AssistantError(ResonantError):
    """The model could not answer."""

    def __init__(self, reason: str, *, retryable: bool, retry_after: float | None = None) -> None:
        """`reason` is a sentence for a person; `retryable` whether a later attempt may succeed, in `retry_after` s."""
        super().__init__(reason)
        self.reason = reason
        self.retryable = retryable
        self.retry_after = retry_after


Purpose = Literal["reply", "work", "memory", "classification", "contradictions", "code"]
"""What a model is called for."""

Usage = Mapping[str, int]
"""Token counts by the provider's names."""


class ModelCalls(Protocol):
    """Hears of every call of a model."""

    def call(self, model: str | None, purpose: Purpose) -> AbstractContextManager[Callable[[Usage], None]]:
        """Around one call; the block is given what takes its usage, once it is known."""


class UnheardCalls:
    """Implements ModelCalls for whoever does not count."""

    def call(self, model: str | None, purpose: Purpose) -> AbstractContextManager[Callable[[Usage], None]]:
        return nullcontext(lambda usage: None)


class Assistant(Protocol):
    """Writes answers, piece by piece."""

    @property
    def name(self) -> str: ...

    @property
    def model(self) -> str | None:
        """The model's name; None when offline."""

    @property
    def offline(self) -> bool: ...

    def answer(self, prompt: Prompt) -> AsyncIterator[Piece | Finished]:
        """Yield pieces, then exactly one Finished. Raises AssistantError; cancelling stops the model call."""

    async def close(self) -> None: ...


IntentKind = Literal["question", "task", "specification", "remember", "reminder", "code_execution"]


@dataclass(frozen=True, slots=True)
class RaisedIntent:
    """A work item that a message asks for. `priority` is 0..10; `due_at` is aware, or None when no time was said."""

    description: str
    intent_type: IntentKind
    priority: int
    due_at: datetime | None
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message wants: only an answer (`intents` empty), or also work. `classifier` names who decided."""

    intents: Sequence[RaisedIntent]
    classifier: str
    reason: str


@dataclass(frozen=True, slots=True)
class Classified:
    """The type of an intent that was written down without one; confidence in 0..1, the reason in a sentence."""

    intent_type: IntentKind
    confidence: float
    reason: str
    classifier: str
    due_at: datetime | None = None


class Classifier(Protocol):
    """Reads wishes. `now` is aware and in the user's own time zone: "tomorrow at nine" is meant there.

    `recent` is what was said before, oldest first.
    """

    async def read_message(self, text: str, recent: Sequence[Turn], now: datetime) -> Reading: ...

    async def classify_intent(self, description: str, recent: Sequence[Turn], now: datetime) -> Classified: ...


class Clock(Protocol):
    """Tells the time, aware and in UTC."""

    def now(self) -> datetime: ...
