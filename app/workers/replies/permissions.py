"""Decides whether a call of the model is done or only proposed, by the words that the user wrote.

The instructions tell the model the same, but text in a record may tell it otherwise. So what changes the record is
checked here, against words that only the user can have written.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.assistant.rules.changes import POLITE
from app.assistant.rules.message import small_talk_of
from app.assistant.rules.patterns import reversal
from app.assistant.rules.questions import ASKS_TO_SHOW
from app.assistant.rules.sentence import Sentence, sentences_of
from app.assistant.rules.terms import STOP_ENGLISH, STOP_JAPANESE, terms_of
from app.language.catalogue import StoredText, stored_text
from app.language.data import any_of, read_data
from app.language.words import words_of

READ_CHARACTERS = 4000
GROUNDING_CHARACTERS = 4000
DATA = read_data(__file__, "permissions.toml")
POLITELY = re.compile(DATA["politely"], re.IGNORECASE)
LOOKS_UP, MORE, REQUESTS, REVISIONS = (
    re.compile(any_of(DATA[name]), re.IGNORECASE) for name in ("looks_up", "more", "requests", "revisions")
)
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
    return all(_asks_nothing(sentence) for sentence in sentences_of(message[:READ_CHARACTERS]))


def is_reversal(message: str) -> bool:
    """Whether the message says that something decided before no longer holds, or is to change."""
    said = message[:READ_CHARACTERS]
    return reversal().search(said) is not None or REVISIONS.search(said) is not None


def _subjects(text: str) -> frozenset[str]:
    """What a text is about, in words that English and Japanese have in common, and its own words."""
    return terms_of(text) | (words_of(text) - COMMON)


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
        """Whether the user's words and these texts are about the same, also in two languages."""
        own = (_subjects(said[:GROUNDING_CHARACTERS]) for said in self.said)
        about = _subjects(" ".join(texts)[:GROUNDING_CHARACTERS])
        return any(not about.isdisjoint(each) for each in own)


def _changes_decision(tool: str, arguments: Mapping[str, Any]) -> bool:
    return tool == "set_decision_status" or (tool == "record_decision" and bool(arguments.get("supersedes")))
