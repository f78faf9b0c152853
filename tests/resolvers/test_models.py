"""The models of an installation, and the one that a conversation uses."""

from tests.resolvers.conftest import Api

SEND = """
mutation($model: String, $conversationId: ID) {
  sendMessage(input: {content: "hello", model: $model, conversationId: $conversationId}) {
    message { conversation { id model } }
  }
}
"""
UPDATE = "mutation($input: UpdateConversationInput!) { updateConversation(input: $input) { title model } }"
AVAILABLE = "{ viewer { availableModels } }"


async def test_a_conversation_uses_one_of_the_configured_models(api: Api) -> None:
    api.models = ("big", "quick")
    assert await api.data(AVAILABLE) == {"viewer": {"availableModels": ["big", "quick"]}}
    sent = (await api.data(SEND, model="quick"))["sendMessage"]["message"]["conversation"]
    assert sent["model"] == "quick"
    again = (await api.data(SEND, conversationId=sent["id"]))["sendMessage"]["message"]["conversation"]
    assert again["model"] == "quick"
    changes: list[tuple[dict[str, str | None], str | None]] = [
        ({"model": "big"}, "big"),
        ({"title": "renamed"}, "big"),
        ({"model": None}, None),
    ]
    for change, model in changes:
        changed = (await api.data(UPDATE, input={"id": sent["id"], **change}))["updateConversation"]
        assert changed["model"] == model
    assert changed["title"] == "renamed"
    assert await api.code(UPDATE, "bob", input={"id": sent["id"], "model": "big"}) == "NOT_FOUND"


async def test_an_unknown_model_is_refused_with_those_that_can_be_chosen_and_nothing_is_sent(api: Api) -> None:
    assert await api.data(AVAILABLE) == {"viewer": {"availableModels": []}}
    api.models = ("big", "quick")
    [error] = (await api(SEND, model="other"))["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["extensions"]["params"] == {"model": "other", "available": ["big", "quick"]}
    assert error["message"] == "The model other is not configured; choose one of: big, quick."
    assert (await api.data("{ messages { edges { node { id } } } }"))["messages"]["edges"] == []
