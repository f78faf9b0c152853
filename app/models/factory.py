"""Which assistant and which classifier the settings mean."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.models.classification.examples import NearestExamples, TextEmbedder
from app.models.classification.local import LocalClassifier
from app.models.offline import OfflineAssistant
from app.models.ports import Assistant, Classifier, ModelCalls, UnheardCalls
from app.settings import Settings

if TYPE_CHECKING:
    from app.models.client import ClaudeClient


@dataclass(frozen=True, slots=True)
class Models:
    """Who answers and who classifies; `client` asks Claude for anything else, None when no key is configured.

    `calls` is to hear of whatever else calls a model.
    """

    assistant: Assistant
    classifier: Classifier
    client: "ClaudeClient | None" = None
    calls: ModelCalls = field(default_factory=UnheardCalls)


def build_models(settings: Settings, embedder: TextEmbedder | None = None, calls: ModelCalls | None = None) -> Models:
    """Claude when a key is configured, else the offline assistant.

    `embedder` finds the examples nearest to a wish; `calls` hears of every call but those of the assistant, which
    streams its answers and is counted where they are read.
    """
    calls = calls or UnheardCalls()
    local = LocalClassifier(None if embedder is None else NearestExamples(embedder))
    if not settings.claude_configured:
        return Models(OfflineAssistant(), local, calls=calls)
    # Imported only here: the SDK behind it costs 50 MB and more than a second.
    from app.models.classification.claude import ClaudeClassifier
    from app.models.claude import ClaudeAssistant
    from app.models.client import ClaudeClient

    client = ClaudeClient(settings, calls)
    return Models(ClaudeAssistant(client), ClaudeClassifier(client, local), client, calls)
