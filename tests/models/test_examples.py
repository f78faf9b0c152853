"""Classification by the nearest labelled examples, for text that no rule matches."""

from collections.abc import Sequence

import pytest

from app.models.classification.examples import NearestExamples, load_examples
from app.models.classification.local import LocalClassifier
from app.models.embedders.local import HashedEmbedder, StaticEmbedder
from tests.models.labelled import NOW, load_readings


class BrokenEmbedder:
    async def embed_passages(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        raise ConnectionError("no embedder today")


class EmbedderOfOneKind:
    """All texts except the examples of other types have the same vector."""

    def __init__(self, kind: str) -> None:
        self._others = {row.text for row in load_readings("train") if row.kind != kind}

    async def embed_passages(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        return [[0.0, 1.0] if text in self._others else [1.0, 0.0] for text in texts]


def classifier() -> LocalClassifier:
    return LocalClassifier(NearestExamples(HashedEmbedder()))


def test_the_examples_are_exactly_the_requests_of_the_train_split() -> None:
    requests = [row for row in load_readings("train") if row.kind != "none"]
    assert sorted(load_examples()) == sorted((row.kind, row.text) for row in requests)


@pytest.mark.parametrize("language", ["en", "ja"])
async def test_nine_of_ten_unseen_intents_get_their_type(language: str) -> None:
    rows = [row for row in load_readings("test", language) if row.kind != "none" and "+" not in row.kind]
    local = LocalClassifier(NearestExamples(StaticEmbedder()))
    wrong = []
    for row in rows:
        found = await local.classify_intent(row.text, (), NOW)
        if found.intent_type != row.kind:
            wrong.append(f"{row.id} {row.kind} read as {found.intent_type}: {row.text}")
    assert len(wrong) <= len(rows) * 0.1, "\n".join(wrong)


async def test_an_intent_without_a_rule_gets_the_type_of_the_nearest_examples() -> None:
    local = LocalClassifier(NearestExamples(EmbedderOfOneKind("specification")))
    found = await local.classify_intent("認証の設計", (), NOW)
    assert (found.intent_type, found.classifier) == ("specification", "labelled examples")
    assert 0.5 < found.confidence < 0.95
    assert found.reason.key == "reason.most_similar"


async def test_an_intent_unlike_all_examples_is_a_task() -> None:
    found = await classifier().classify_intent("qwertzuiop asdfghjkl", (), NOW)
    assert (found.intent_type, found.confidence, found.classifier) == ("task", 0.5, "local rules")


async def test_rules_take_precedence_over_examples() -> None:
    found = await LocalClassifier(NearestExamples(BrokenEmbedder())).classify_intent("fix the login", (), NOW)
    assert (found.intent_type, found.classifier) == ("task", "local rules")


async def test_without_an_embedder_the_rules_decide() -> None:
    found = await LocalClassifier(NearestExamples(BrokenEmbedder())).classify_intent("認証の設計", (), NOW)
    assert (found.intent_type, found.classifier) == ("task", "local rules")


async def test_the_three_nearest_must_not_disagree() -> None:
    examples = NearestExamples(HashedEmbedder())
    for row in load_readings("train")[:20]:
        alike = await examples.find(row.text)
        assert alike is None or 0 < alike.similarity <= 1.0001
