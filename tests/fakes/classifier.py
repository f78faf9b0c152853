"""A classifier that blocks until the test lets it continue. Implements app.models.ports.Classifier."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from app.language.catalogue import StoredText
from app.models.ports import IntentClassification, MessageClassification, RaisedIntent, Turn

SAID = StoredText("The test said so.")


class BlockingClassifier:
    """Finds one task with the text of the message, after `go` is set; raises `failures` first.

    `asked` records the messages and descriptions, `before` the earlier turns given with each intent.
    """

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.asked: list[str] = []
        self.before: list[Sequence[Turn]] = []
        self.failures: list[Exception] = []

    async def classify_message(self, text: str, recent: Sequence[Turn], now: datetime) -> MessageClassification:
        self.asked.append(text)
        await self.go.wait()
        if self.failures:
            raise self.failures.pop()
        return MessageClassification([RaisedIntent(text, "task", 0, None, 1.0, SAID)], "patient", SAID)

    async def classify_intent(self, description: str, recent: Sequence[Turn], now: datetime) -> IntentClassification:
        self.asked.append(description)
        self.before.append(recent)
        await self.go.wait()
        return IntentClassification("task", 1.0, SAID, "patient")
