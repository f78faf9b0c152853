"""The assistant without a model: understands a message by rules, and writes the reply from what came of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.assistant.answers.confirmations import Done
from app.assistant.answers.reply import unanswered, write_reply
from app.assistant.record import Record
from app.assistant.rules.message import MessageReading, read_message
from app.language.catalogue import Language
from app.language.text import READ_CHARACTERS
from app.models.ports import Recollection
from app.text_process import TextWork
from app.tools.calls import ToolCall

SENTENCE_END = re.compile(r"[。.!?！？\n]")
LONG_SENTENCE = 150


@dataclass(frozen=True, slots=True)
class Understanding:
    """The calls that a message asks for, and what its reply is written from."""

    reading: MessageReading
    record: Record
    now: datetime
    language: Language

    @property
    def calls(self) -> Sequence[ToolCall]:
        return self.reading.calls

    @property
    def answers(self) -> bool:
        """Whether the reply answers a question, so that it depends on what the memory has."""
        return bool(self.reading.questions)

    @property
    def needs_search(self) -> bool:
        """Whether the reply quotes related records, because the record itself does not answer."""
        return unanswered(self.reading, self.record, self.now, self.language)

    def answer(
        self, done: Sequence[Done], recollections: Sequence[Recollection], about_files: Sequence[str] = ()
    ) -> str:
        """The reply as plain text."""
        return write_reply(self.reading, self.record, done, recollections, self.now, self.language, about_files)


def _size(text: str) -> int:
    """The characters that are read; those of a long sentence count four times, because all rules read it as a whole."""
    longest = max(map(len, SENTENCE_END.split(text[:READ_CHARACTERS])))
    return len(text) + 3 * max(longest - LONG_SENTENCE, 0)


async def understand(text: str, record: Record, now: datetime, language: Language, work: TextWork) -> Understanding:
    """Read a message; its first 10,000 characters. `now` is aware and in the user's zone.

    Raises TextProcessError when the process that reads long texts is ended.
    """
    reading = await work.run(_size(text), read_message, text[:READ_CHARACTERS], record, now)
    return Understanding(reading, record, now, language)
