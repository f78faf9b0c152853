"""The mix of requests of a load test."""

from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import uuid4


@dataclass(frozen=True, slots=True)
class Request:
    """An operation; `writes` is the text that subscribers must receive."""

    name: str
    query: str
    variables: dict[str, Any]
    writes: str | None = None


LIST = "query LoadConversations { conversations(first: 20) { edges { node { id title } } } }"
READ = """query LoadMessages($id: ID!) { conversation(id: $id) {
  messages(last: 50) { edges { node { id content messageType status createdAt } } } } }"""
VIEWER = "query LoadViewer { viewer { id } }"
INTENTS = "query LoadIntents { intents(first: 20) { edges { node { id description status priority } } } }"
SEND = """mutation LoadSend($input: SendMessageInput!) {
  sendMessage(input: $input) { message { id conversation { id } } reply { id } } }"""

# Percent of the requests.
SHARES = {"conversations": 30, "messages": 30, "intents": 20, "viewer": 10, "send": 10}


class Mix:
    """Draws random requests; reads and continues the conversations that it has created."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self.conversations: list[str] = []

    def draw(self) -> Request:
        name = self._random.choices(list(SHARES), list(SHARES.values()))[0]
        if not self.conversations:
            name = "send"
        if name == "conversations":
            return Request(name, LIST, {})
        if name == "intents":
            return Request(name, INTENTS, {})
        if name == "viewer":
            return Request(name, VIEWER, {})
        if name == "messages":
            return Request(name, READ, {"id": self._random.choice(self.conversations)})
        return self._send()

    def _send(self) -> Request:
        text = f"what does load {uuid4().hex} do?"
        input_: dict[str, Any] = {"content": text, "idempotencyKey": uuid4().hex}
        if self.conversations and self._random.random() < 0.8:
            input_["conversationId"] = self._random.choice(self.conversations)
        return Request("send", SEND, {"input": input_}, writes=text)

    def learn(self, data: dict[str, Any]) -> None:
        """Remember the conversation of a sent message; the latest fifty are kept."""
        conversation = data["sendMessage"]["message"]["conversation"]["id"]
        if conversation not in self.conversations:
            self.conversations = [*self.conversations, conversation][-50:]
