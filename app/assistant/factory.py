"""Which assistant and which classifier the settings mean."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.assistant.classification.examples import NearestExamples, TextEmbedder
from app.assistant.classification.local import LocalClassifier
from app.assistant.offline import OfflineAssistant
from app.assistant.ports import Assistant, Classifier
from app.settings import Settings

if TYPE_CHECKING:
    from app.assistant.client import ClaudeClient


@dataclass(frozen=True, slots=True)
class Minds:
    """Who answers and who classifies; `client` asks Claude for anything else, None when no key is configured."""

    assistant: Assistant
    classifier: Classifier
    client: "ClaudeClient | None" = None


def build_minds(settings: Settings, embedder: TextEmbedder | None = None) -> Minds:
    """Claude when a key is configured, else the offline assistant; `embedder` finds the examples nearest to a wish."""
    local = LocalClassifier(None if embedder is None else NearestExamples(embedder))
    if not settings.claude_configured:
        return Minds(OfflineAssistant(), local)
    # Imported only here: the SDK behind it costs 50 MB and more than a second.
    from app.assistant.classification.claude import ClaudeClassifier
    from app.assistant.claude import ClaudeAssistant
    from app.assistant.client import ClaudeClient

    client = ClaudeClient(settings)
    return Minds(ClaudeAssistant(client), ClaudeClassifier(client, local), client)
