"""Decides whether a call of the model is done or only proposed, by the words that the user wrote.

The instructions tell the model the same, but text in a record may tell it otherwise. So what changes the record is
checked here, against words that only the user can have written.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.language.catalogue import StoredText, stored_text
from app.language.data import read_data
from app.language.text import split_sentences
from app.language.words import words_of

READ_CHARACTERS = 4000
SENTENCES = 60
GROUNDING_CHARACTERS = 4000
PATTERNS = {
    name: [re.compile(pattern, re.IGNORECASE) for pattern in patterns]
    for name, patterns in read_data(__file__, "permissions.toml").items()
}
# Words that say nothing about what a call is about.
COMMON = words_of(
    "the a an of to in on at by for and or is are be it this that with from we our you your my me i not no do so as "
    "して です ます した する こと これ それ など から まで"
)


def _matches(name: str, sentence: str) -> bool:
    return any(pattern.search(sentence) for pattern in PATTERNS[name])


def _asks_nothing(sentence: str) -> bool:
    if _matches("reads", sentence):
        return not _matches("more", sentence)
    if _matches("requests", sentence):
        return False
    return _matches("questions", sentence) or _matches("courtesies", sentence)


def asks_for_no_change(message: str) -> bool:
    """Whether each sentence is a question, a request to be told something, a greeting or thanks."""
    sentences = split_sentences(message[:READ_CHARACTERS])[:SENTENCES]
    return all(_asks_nothing(sentence.strip()) for sentence in sentences if sentence.strip())


def is_reversal(message: str) -> bool:
    """Whether the message says that something decided before no longer holds."""
    return _matches("reversals", message[:READ_CHARACTERS])


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for each in value.values() for text in _texts(each)]
    return [text for each in value for text in _texts(each)] if isinstance(value, list | tuple) else []


@dataclass(frozen=True, slots=True)
class Permissions:
    """What one message permits. `said` are the user's own words in the conversation, with the message last."""

    said: Sequence[str]

    @property
    def message(self) -> str:
        return self.said[-1]

    def refusal(
        self, tool: str, arguments: Mapping[str, Any], *, about: Sequence[str] = (), read: bool = False
    ) -> StoredText | None:
        """Why the call is only proposed; None when it may be done.

        `about`: texts of the records that the arguments name. `read`: records were read in this reply, which may
        contain instructions of others.
        """
        if tool == "set_decision_status" and str(arguments.get("status", "")).upper() == "ACCEPTED":
            return stored_text("action.person_accepts")
        if _changes_decision(tool, arguments) and not is_reversal(self.message):
            return stored_text("action.not_said_as_reversal")
        if asks_for_no_change(self.message):
            return stored_text("action.no_change_asked")
        if read and not self._is_grounded([*_texts(arguments), *about]):
            return stored_text("action.not_in_message")
        return None

    def _is_grounded(self, texts: Sequence[str]) -> bool:
        """Whether the user's words and these texts have words in common."""
        own = words_of(" ".join(self.said)[-GROUNDING_CHARACTERS:]) - COMMON
        return bool(own & words_of(" ".join(texts)[:GROUNDING_CHARACTERS]))


def _changes_decision(tool: str, arguments: Mapping[str, Any]) -> bool:
    return tool == "set_decision_status" or (tool == "record_decision" and bool(arguments.get("supersedes")))
