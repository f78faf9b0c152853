"""Decides whether a call of the model is done or only proposed, by the words that the user wrote.

The instructions tell the model the same, but text in a record, a file or a pasted page may tell it otherwise. So what
changes the record is checked here, against words that only the user can have written.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.assistant.rules.changes import POLITE
from app.assistant.rules.message import small_talk_of
from app.assistant.rules.patterns import reversal, revision
from app.assistant.rules.questions import ASKS_TO_SHOW
from app.assistant.rules.sentence import Sentence, sentences_of
from app.assistant.rules.terms import STOP_ENGLISH, STOP_JAPANESE, terms_of
from app.language.catalogue import StoredText, stored_text
from app.language.data import any_of
from app.language.topics import topic_key, topic_of
from app.language.words import words_of
from app.workers.replies.words import DATA, words_of_person

GROUNDING_CHARACTERS = 4000
POLITELY = re.compile(DATA["politely"], re.IGNORECASE)
LOOKS_UP, MORE, REQUESTS, POINTS_BACK = (
    re.compile(any_of(DATA[name]), re.IGNORECASE) for name in ("looks_up", "more", "requests", "points_back")
)
NAMED = {tool: re.compile(any_of(patterns), re.IGNORECASE) for tool, patterns in DATA["named"].items()}
# The texts of a record that a person knows it by.
CONTENT = ("description", "title", "topic", "content", "chosen", "value", "options", "labels", "tags")
# An agreement is no courtesy: it may answer "Shall I ...?".
COURTESIES = frozenset({"greeting", "thanks", "farewell", "praise"})
COMMON = words_of(" ".join([*STOP_ENGLISH, *STOP_JAPANESE, "して です ます した する こと これ それ など から まで"]))


def _asks_nothing(sentence: Sentence) -> bool:
    core = POLITELY.sub("", sentence.core)
    if ASKS_TO_SHOW.search(core) or LOOKS_UP.search(core):
        return not MORE.search(sentence.text)
    if REQUESTS.search(sentence.text) or POLITE.search(sentence.core):
        return False
    return sentence.question or sentence.supposed or small_talk_of(sentence) in COURTESIES


def asks_for_no_change(message: str) -> bool:
    """Whether each sentence is a question, an idea, a request to be told something, a greeting or thanks."""
    return all(_asks_nothing(sentence) for sentence in sentences_of(message))


def is_reversal(message: str) -> bool:
    """Whether the message says that something decided before no longer holds, or is to change."""
    return reversal().search(message) is not None or revision().search(message) is not None


def _subjects(text: str) -> frozenset[str]:
    """What a text is about, in words that English and Japanese have in common, and its own words."""
    return terms_of(text) | (words_of(text) - COMMON)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for each in value.values() for text in _texts(each)]
    return [text for each in value for text in _texts(each)] if isinstance(value, list | tuple) else []


def _contents(record: Mapping[str, Any]) -> list[str]:
    return _texts([record.get(name) for name in CONTENT])


@dataclass(frozen=True)
class Permissions:
    """What one message permits. `said`: the user's messages in the conversation, with this one last.

    `answered`: the reply before it, which the user has read.
    """

    said: Sequence[str]
    answered: str = ""

    @cached_property
    def _own(self) -> list[str]:
        return [words_of_person(each) for each in self.said]

    @cached_property
    def _topics_said(self) -> list[frozenset[str]]:
        return [_subjects(each[:GROUNDING_CHARACTERS]) for each in self._own]

    @cached_property
    def _asks_nothing(self) -> bool:
        return asks_for_no_change(self.message)

    @property
    def message(self) -> str:
        """The user's own words of the message."""
        return self._own[-1]

    def refusal(
        self, tool: str, arguments: Mapping[str, Any], *, records: Sequence[Mapping[str, Any]] = (), read: bool = False
    ) -> StoredText | None:
        """Why the call is only proposed; None when it may be done.

        `records`: the existing ones that the arguments name, as `get_record` outputs them. `read`: the model has read
        outputs of tools in this reply.
        """
        if tool == "set_decision_status" and str(arguments.get("status", "")).upper() == "ACCEPTED":
            return stored_text("action.person_accepts")
        if _changes_decision(tool, arguments) and not is_reversal(self.message):
            return stored_text("action.not_said_as_reversal")
        if self._asks_nothing:
            return stored_text("action.no_change_asked")
        if not self._means(tool, arguments, records, read=read):
            return stored_text("action.not_in_message")
        return None

    def _means(
        self, tool: str, arguments: Mapping[str, Any], records: Sequence[Mapping[str, Any]], *, read: bool
    ) -> bool:
        """Whether the user's words are about what the call changes, or about what it makes."""
        grounds = self._grounds(earlier=not _changes_decision(tool, arguments))
        if not records:
            return self._is_about(_texts(arguments), grounds)
        named = tool in NAMED and not read and NAMED[tool].search(self.message) is not None
        return all(
            self._is_about(_contents(each), grounds)
            or self._is_of_topic(each)
            or (named and each.get("status") != "AWAITING_CONFIRMATION")
            for each in records
        )

    def _grounds(self, *, earlier: bool) -> list[frozenset[str]]:
        """What the user speaks about; `earlier` messages count as well, and always when this one refers to them."""
        if POINTS_BACK.search(self.message):
            return [*self._topics_said, _subjects(self.answered[:GROUNDING_CHARACTERS])]
        return self._topics_said if earlier else self._topics_said[-1:]

    def _is_about(self, texts: Sequence[str], grounds: Sequence[frozenset[str]]) -> bool:
        """Whether the user's words and these texts are about the same, also in two languages."""
        about = _subjects(" ".join(texts)[:GROUNDING_CHARACTERS])
        return any(not about.isdisjoint(each) for each in grounds)

    def _is_of_topic(self, record: Mapping[str, Any]) -> bool:
        """Whether the message names an option for the topic of a decision: MySQL, for the database."""
        topic = topic_of(self.message) if record.get("kind") == "decision" else None
        return topic is not None and topic_key(topic) == topic_key(str(record.get("topic")))


def _changes_decision(tool: str, arguments: Mapping[str, Any]) -> bool:
    return tool == "set_decision_status" or (tool == "record_decision" and bool(arguments.get("supersedes")))
