"""Classification of intents with Claude, and the fallback for failures and invalid answers."""

from typing import Any

import pytest

from app.language.catalogue import StoredText
from app.models.classification.claude import ClaudeClassifier
from app.models.classification.local import LocalClassifier
from app.models.client import ClaudeClient
from app.models.ports import IntentClassification, Turn
from tests.fakes.messages_api import MessagesApi, Scripted
from tests.models.conftest import settings_for
from tests.models.labelled import NOW

INTENT = "Please write the tests by Friday"
CUT = ("max_tokens", "model_context_window_exceeded", "refusal", "pause_turn", "a_later_reason")


@pytest.fixture
def classifier(client: ClaudeClient) -> ClaudeClassifier:
    return ClaudeClassifier(client, LocalClassifier())


def answer(**changes: Any) -> dict[str, Any]:
    return {"type": "task", "due_at": None, "confidence": 0.9, "reason": "It asks for tests.", **changes}


async def classified(
    api: MessagesApi, classifier: ClaudeClassifier, given: Any, text: str = INTENT
) -> IntentClassification:
    api.script_structured(Scripted(structured=given))
    return await classifier.classify_intent(text, (), NOW)


async def test_claude_classifies_an_intent(api: MessagesApi, classifier: ClaudeClassifier) -> None:
    found = await classifier.classify_intent(INTENT, [Turn("user", "said before")], NOW)
    assert (found.intent_type, found.confidence, found.classifier) == ("task", 0.97, "local-model")
    assert f"{found.due_at:%Y-%m-%d %H:%M}" == "2026-11-27 23:59"
    asked = api.requests[0]
    assert asked["output_config"]["format"]["type"] == "json_schema"
    assert "user: said before" in asked["messages"][0]["content"]
    assert "2026-11-24T10:00+09:00 (Tuesday)" in asked["messages"][0]["content"]
    assert (await classifier.classify_intent("what is the best approach?", (), NOW)).intent_type == "question"


async def test_only_recent_turns_are_sent_and_long_ones_are_cut(api: MessagesApi, classifier: ClaudeClassifier) -> None:
    await classifier.classify_intent(INTENT, [Turn("user", f"turn{number} " + "x" * 5000) for number in range(20)], NOW)
    content = api.requests[0]["messages"][0]["content"]
    assert "turn13" not in content
    assert "turn14" in content
    assert len(content) < 15_000


@pytest.mark.parametrize(("given", "confidence"), [(7, 1.0), (-1, 0.0), ("sure", 0.5), (None, 0.5), (True, 0.5)])
async def test_the_confidence_is_clamped_to_its_range(
    api: MessagesApi, classifier: ClaudeClassifier, given: Any, confidence: float
) -> None:
    assert (await classified(api, classifier, answer(confidence=given))).confidence == confidence


@pytest.mark.parametrize(
    ("given", "text", "kind", "due"),
    [
        ({"due_at": "2026-11-27T18:00:00+09:00"}, INTENT, "task", "2026-11-27T18:00:00+09:00"),
        ({"due_at": "2026-11-27T18:00:00"}, INTENT, "task", "2026-11-27T18:00:00+09:00"),
        ({"due_at": "2026-11-27T09:00:00Z"}, INTENT, "task", "2026-11-27T09:00:00+00:00"),
        ({"due_at": "2026-11-27"}, INTENT, "task", "2026-11-27T23:59:00+09:00"),
        ({"due_at": "2026-11-27", "type": "reminder"}, INTENT, "reminder", "2026-11-27T09:00:00+09:00"),
        ({"due_at": "2020-01-01T00:00:00Z"}, INTENT, "task", None),
        ({"due_at": None, "type": "reminder"}, "stretch", "task", None),
        ({"due_at": None, "type": "reminder"}, "stretch at 3pm", "reminder", "2026-11-24T15:00:00+09:00"),
    ],
)
async def test_due_times_are_aware_and_in_the_future(
    api: MessagesApi, classifier: ClaudeClassifier, given: dict[str, Any], text: str, kind: str, due: str | None
) -> None:
    found = await classified(api, classifier, answer(**given), text)
    assert found.intent_type == kind
    assert (found.due_at.isoformat() if found.due_at else None) == due


async def test_text_around_the_answer_is_ignored(api: MessagesApi, classifier: ClaudeClassifier) -> None:
    given = 'Here it is:\n```json\n{"type": "question", "due_at": null, "confidence": 1, "reason": "It asks."}\n```'
    found = await classified(api, classifier, given)
    assert (found.classifier, found.reason) == ("local-model", StoredText("It asks."))


async def test_a_reason_has_no_characters_that_postgresql_rejects(
    api: MessagesApi, classifier: ClaudeClassifier
) -> None:
    assert (await classified(api, classifier, answer(reason="r\x00"))).reason == StoredText("r")


@pytest.mark.parametrize(
    "given",
    [
        "I cannot do that",
        '{"type": ',
        [],
        {"reason": "no type"},
        answer(type="party"),
        answer(type=["task"]),
        answer(due_at="tomorrow"),
        answer(due_at=1234),
    ],
)
async def test_the_local_rules_replace_an_invalid_answer_and_the_reason_says_so(
    api: MessagesApi, classifier: ClaudeClassifier, given: Any
) -> None:
    found = await classified(api, classifier, given)
    assert (found.intent_type, found.classifier) == ("task", "local rules")
    assert found.reason.key == "reason.answer_unusable"


@pytest.mark.parametrize(
    "scripted",
    [
        Scripted(status=400),
        Scripted(status=401),
        Scripted(status=529),
        Scripted(page="<h1>Log in</h1>"),
        # Valid, but not complete.
        *(Scripted(structured=answer(type="question"), stop_reason=reason) for reason in CUT),
    ],
)
async def test_the_local_rules_replace_a_failing_provider_and_the_reason_says_so(
    api: MessagesApi, classifier: ClaudeClassifier, scripted: Scripted
) -> None:
    api.script_structured(scripted)
    found = await classifier.classify_intent(INTENT, (), NOW)
    assert (found.intent_type, found.classifier) == ("task", "local rules")
    assert found.reason.key in ("reason.model_unavailable", "reason.answer_unusable")


async def test_a_silent_provider_does_not_delay_the_classification(api: MessagesApi) -> None:
    client = ClaudeClient(settings_for(api.url, anthropic_timeout=0.3))
    api.script_structured(Scripted(fault="silent"))
    found = await ClaudeClassifier(client, LocalClassifier()).classify_intent(INTENT, (), NOW)
    assert found.reason.key == "reason.model_unavailable"
    await client.close()
