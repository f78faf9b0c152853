"""Builds the assistant, the classifier and the embedder that the settings select."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from app.models.classification.deferred import DeferredClassifier
from app.models.embedders.hosted import HostedEmbedder
from app.models.embedders.local import HashedEmbedder, StaticEmbedder
from app.models.embedders.multilingual import MultilingualEmbedder
from app.models.offline import OfflineAssistant
from app.models.ports import Assistant, Classifier, Embedder, ModelCalls, UncountedCalls
from app.settings import Settings
from app.settings.assistant import EmbeddingSettings
from app.text_process import InThisProcess, TextWork

if TYPE_CHECKING:
    from app.models.classification.examples import TextEmbedder
    from app.models.client import ClaudeClient


@dataclass(frozen=True, slots=True)
class Models:
    """The assistant, the classifier and, when a key is configured, the client for all other calls of Claude.

    `calls` counts every call of a model outside of these three. `work` reads long texts. `settings` are those that
    the models were built from, when these may be replaced while the program runs.
    """

    assistant: Assistant
    classifier: Classifier
    client: "ClaudeClient | None" = None
    calls: ModelCalls = field(default_factory=UncountedCalls)
    work: TextWork = field(default_factory=InThisProcess)
    settings: Settings | None = None

    async def current(self) -> "Models":
        """Implements ModelSource: these models are never replaced."""
        return self


class ModelSource(Protocol):
    """Gives the models that are in use now. A piece of work uses the same ones until its end."""

    async def current(self) -> Models: ...


def build_models(
    settings: Settings,
    embedder: "TextEmbedder | None" = None,
    calls: ModelCalls | None = None,
    work: TextWork | None = None,
) -> Models:
    """Claude when a key is configured, else the offline assistant.

    `embedder` finds the labelled examples nearest to a request. `calls` counts all calls except those of the
    assistant: it streams its answers, so its calls are counted where they are read. `work` reads long texts.
    """
    calls, work = calls or UncountedCalls(), work or InThisProcess()
    local = DeferredClassifier(embedder, work)
    if not settings.claude_configured:
        return Models(OfflineAssistant(), local, calls=calls, work=work, settings=settings)
    # Imported only here: the Anthropic SDK takes 50 MB and more than a second.
    from app.models.classification.claude import ClaudeClassifier
    from app.models.claude import ClaudeAssistant
    from app.models.client import ClaudeClient

    client = ClaudeClient(settings, calls)
    return Models(ClaudeAssistant(client), ClaudeClassifier(client, local), client, calls, work, settings)


def build_embedder(settings: EmbeddingSettings) -> Embedder:
    """The embedder of the settings; it loads nothing and sends no request yet."""
    match settings.embedder:
        case "multilingual":
            return MultilingualEmbedder()
        case "wordllama":
            return StaticEmbedder()
        case "hashed":
            return HashedEmbedder()
        case _:
            return HostedEmbedder(settings)
