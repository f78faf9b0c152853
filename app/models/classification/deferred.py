"""The local classifier, imported with the first intent."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from app.deferred_imports import imported
from app.models.ports import Classifier, IntentClassification, Turn
from app.text_process import TextWork

if TYPE_CHECKING:
    from app.models.classification.examples import TextEmbedder


class DeferredClassifier:
    """Implements app.models.ports.Classifier; see LocalClassifier."""

    def __init__(self, embedder: "TextEmbedder | None", work: TextWork) -> None:
        self._embedder = embedder
        self._work = work
        self._classifier: Classifier | None = None

    async def classify_intent(self, description: str, recent: Sequence[Turn], now: datetime) -> IntentClassification:
        if self._classifier is None:
            local = await imported("app.models.classification.local")
            examples = await imported("app.models.classification.examples")
            nearest = None if self._embedder is None else examples.NearestExamples(self._embedder)
            self._classifier = local.LocalClassifier(nearest, self._work)
        return await self._classifier.classify_intent(description, recent, now)
