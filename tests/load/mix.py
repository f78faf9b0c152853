"""What the clients of a load test ask, and how often: the published mix."""

from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import uuid4


@dataclass(frozen=True, slots=True)
class Request:
    """One operation; `writes` is the text that subscribers must hear of."""

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

# In a hundred requests: what a screen that is opened asks, what one that is open asks, and what a person says.
SHARES = {"conversations": 30, "messages": 30, "intents": 20, "viewer": 10, "send": 10}


class Mix:
    """Draws requests; the conversations that it has begun are read and written on."""

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
        return self._say()

    def _say(self) -> Request:
        text = f"what does load {uuid4().hex} do?"
        said: dict[str, Any] = {"content": text, "idempotencyKey": uuid4().hex}
        if self.conversations and self._random.random() < 0.8:
            said["conversationId"] = self._random.choice(self.conversations)
        return Request("send", SEND, {"input": said}, writes=text)

    def learn(self, data: dict[str, Any]) -> None:
        """Remember the conversation of a message that was sent; the latest fifty."""
        conversation = data["sendMessage"]["message"]["conversation"]["id"]
        if conversation not in self.conversations:
            self.conversations = [*self.conversations, conversation][-50:]
