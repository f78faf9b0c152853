"""Ports of the assistant, the classifier, the embedder and the clock, with the types that they exchange."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from app.language.catalogue import StoredText, message_of
from sql.errors import ResonantError

Vector = Sequence[float]


@dataclass(frozen=True, slots=True)
class TurnFile:
    """A file of a message: `text` describes or contains it; `data` is that of a picture or a PDF, None without."""

    text: str
    media_type: str = "text/plain"
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the conversation as the model sees it."""

    role: Literal["user", "assistant"]
    text: str
    files: Sequence[TurnFile] = ()


RECENT_TURNS = 6  # how much of the conversation is needed to understand a request


@dataclass(frozen=True, slots=True)
class Recollection:
    """A stored record that may help to answer. `score` says how well it matches the question; higher is better.

    `number` is the one with which an answer can cite it.
    """

    kind: str
    subject_id: str
    recorded_at: datetime
    text: str
    score: float = 0.0
    number: int | None = None


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool that the model may call; `parameters` is the JSON schema of its arguments."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A call of a tool by the model. `arguments` is None when they are not a JSON object."""

    id: str
    name: str
    arguments: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class ToolOutput:
    """What the model is told about its call with this id."""

    id: str
    content: str
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    """One answer of the model within a reply, and the outputs of its calls.

    `thinking` holds the blocks of the API that the provider wants back unchanged. `cut_off`: the next
    answer continues the text where it breaks off.
    """

    text: str
    uses: Sequence[ToolUse] = ()
    outputs: Sequence[ToolOutput] = ()
    thinking: Sequence[Mapping[str, Any]] = ()
    cut_off: bool = False


@dataclass(frozen=True, slots=True)
class Prompt:
    """The input of an answer. `turns` is oldest first and ends with the user's message.

    `tools` may be called, unless `calls_allowed` is false; `rounds` are the earlier answers of the
    same reply with the outputs of their calls.

    `system` and `profile` (what is always known of the user) stay the same from message to message, so the provider
    caches them; `moment` is the current time in words. `summary` summarises the conversation so far.
    `model` is another one than the default.
    `purpose`: a reply in a conversation, the result of a work item, or a call that memory extraction makes.
    """

    system: str
    turns: Sequence[Turn]
    recollections: Sequence[Recollection] = ()
    profile: Sequence[str] = ()
    summary: str | None = None
    moment: str = ""
    max_tokens: int | None = None
    model: str | None = None
    tools: Sequence[ToolSpec] = ()
    rounds: Sequence[Round] = ()
    calls_allowed: bool = True
    purpose: Literal["reply", "work", "memory"] = "reply"


@dataclass(frozen=True, slots=True)
class Piece:
    """The next characters of an answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of an answer: the stop reason, the model that wrote it and its usage (token counts by name).

    `thinking` belongs to the `Round` of this answer.
    """

    stop_reason: str
    model: str | None
    usage: Mapping[str, int] = field(default_factory=dict)
    thinking: Sequence[Mapping[str, Any]] = ()


AnswerPart = Piece | ToolUse | Finished
"""What an answer consists of: pieces and calls in their order, then its end."""


class AssistantError(ResonantError):
    """The model could not answer. `retryable`: a later attempt may succeed, in `retry_after` seconds."""

    code = "UNAVAILABLE"
    key = "model.unreachable"

    def __init__(self, key: str, *, retryable: bool, retry_after: float | None = None, **params: Any) -> None:
        super().__init__(key, **params)
        self.retryable = retryable
        self.retry_after = retry_after

    @property
    def reason(self) -> str:
        """The English sentence."""
        return message_of(self)


Purpose = Literal["reply", "work", "memory", "classification", "contradictions", "code"]
"""What a call of a model is for."""

Usage = Mapping[str, int]
"""Token counts by the provider's names."""


class ModelCalls(Protocol):
    """Counts the calls of models."""

    def call(self, model: str | None, purpose: Purpose) -> AbstractContextManager[Callable[[Usage], None]]:
        """Wraps one call. The block gets a function to report the usage, once it is known."""


class UncountedCalls:
    """Implements ModelCalls without counting."""

    def call(self, model: str | None, purpose: Purpose) -> AbstractContextManager[Callable[[Usage], None]]:
        return nullcontext(lambda usage: None)


class TokenCounts(Protocol):
    """What the tokenizer of one model makes of texts, in comparison with `estimate_tokens`."""

    async def rate(self, texts: Sequence[str], estimated: int, budget: int) -> float:
        """Tokens per estimated token for these texts of a context, which should fit into the budget."""


class Assistant(Protocol):
    """Streams answers."""

    @property
    def name(self) -> str: ...

    @property
    def model(self) -> str | None:
        """The model's name; None when offline."""

    @property
    def offline(self) -> bool: ...

    def token_counts(self, model: str | None = None) -> TokenCounts | None:
        """The token counts of this model, or of the default one; None when they are unknown."""

    def answer(self, prompt: Prompt) -> AsyncIterator[AnswerPart]:
        """Yield pieces and calls of the prompt's tools, then exactly one Finished.

        Raises AssistantError. Cancelling stops the model call.
        """

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class IntentClassification:
    """The type of an intent that was created without one; confidence in 0..1, the reason as a sentence."""

    intent_type: str
    confidence: float
    reason: StoredText
    classifier: str
    due_at: datetime | None = None


class Classifier(Protocol):
    """Classifies intents.

    `now` is aware and in the user's time zone, because "tomorrow at nine" means nine there. `recent` holds the
    preceding messages, oldest first.
    """

    async def classify_intent(
        self, description: str, recent: Sequence[Turn], now: datetime
    ) -> IntentClassification: ...


class Clock(Protocol):
    """The current time, aware and in UTC."""

    def now(self) -> datetime: ...


class EmbedderError(ResonantError):
    """The embedding model failed."""

    code = "UNAVAILABLE"
    key = "embedder.unavailable"


class WrongDimension(EmbedderError):
    """The vectors do not fit the index, or the vectors of the same model that are already stored."""


class Embedder(Protocol):
    """Turns texts into vectors; their similarity is the cosine."""

    @property
    def name(self) -> str:
        """The name of the model. Vectors of different models are never compared."""

    async def probe(self) -> int:
        """The dimension of the vectors, from a test request. Raises EmbedderError that says what to do."""

    async def embed_passages(self, texts: Sequence[str]) -> list[Vector]:
        """One vector per text, for texts that are searched. Raises EmbedderError."""

    async def embed_query(self, text: str, importance: Mapping[str, float] | None = None) -> Vector:
        """The vector of a query. `importance` is the idf of each lower-case word among the user's texts.

        Raises EmbedderError.
        """

    def across_languages(self, query: Vector) -> Vector | None:
        """The part of a query's vector that finds the same meaning in any language; None when there is no such part."""

    async def close(self) -> None: ...
