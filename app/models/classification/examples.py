"""Finds the labelled examples nearest to a request, for requests that no rule matches."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Protocol

from app.intent_types import INTENT_TYPES
from app.models.classification.rules import Verdict

NEIGHBOURS = 3


class TextEmbedder(Protocol):
    """The part of an embedder that the examples need."""

    async def embed_passages(self, texts: Sequence[str]) -> Sequence[Sequence[float]]: ...


@dataclass(frozen=True, slots=True)
class ExampleMatch:
    """The majority kind among the nearest examples, the nearest example of it, and its cosine similarity."""

    kind: Verdict
    example: str
    similarity: float


def load_examples() -> list[tuple[Verdict, str]]:
    """The examples of all intent types, each with its type."""
    return [(name, text) for name, each in INTENT_TYPES.items() for text in each.examples]


class NearestExamples:
    """Embeds the examples once, with the first query."""

    def __init__(self, embedder: TextEmbedder) -> None:
        self._embedder = embedder
        self._examples: list[tuple[Verdict, str, Sequence[float]]] = []

    async def find(self, text: str) -> ExampleMatch | None:
        """The type of at least two of the three nearest examples; None when they disagree."""
        await self._load()
        [vector] = await self._embedder.embed_passages([text])
        near = sorted(
            ((_cosine(vector, other), kind, example) for kind, example, other in self._examples), reverse=True
        )[:NEIGHBOURS]
        [(kind, votes)] = Counter(kind for _, kind, _ in near).most_common(1)
        if votes < NEIGHBOURS - 1:
            return None
        similarity, _, example = next(each for each in near if each[1] == kind)
        return ExampleMatch(kind, example, similarity)

    async def _load(self) -> None:
        if self._examples:
            return
        examples = load_examples()
        vectors = await self._embedder.embed_passages([text for _, text in examples])
        self._examples = [(kind, text, vector) for (kind, text), vector in zip(examples, vectors, strict=True)]


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    product = sum(a * b for a, b in zip(one, other, strict=True))
    length = sqrt(sum(a * a for a in one) * sum(b * b for b in other))
    return product / length if length else 0.0
