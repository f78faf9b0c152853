"""Text that workers store and show."""

import re
from dataclasses import dataclass
from typing import TypedDict

from app.language.catalogue import Language, message_of
from app.language.detection import is_japanese
from app.language.truncation import one_line
from sql.rows import JsonObject
from sql.sentences import Keyed, nested

SHOWN_CHARACTERS = 120
UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """Replace characters that JSON or PostgreSQL cannot store; the length stays the same, so that offsets hold."""
    return UNSTORABLE.sub("\ufffd", text)


def shortened(text: str) -> str:
    """The text on one line, cut to the 120 characters that a notification shows."""
    return one_line(text, SHOWN_CHARACTERS)


def language_of(text: str) -> Language:
    return "ja" if is_japanese(text) else "en"


class Reason(TypedDict):
    """The columns of a reason, as keyword arguments of repositories."""

    reason: str
    reason_key: str | None
    reason_params: JsonObject | None


class Error(TypedDict):
    """The columns of an error, as keyword arguments of repositories."""

    error: str | None
    error_key: str | None
    error_params: JsonObject | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A text for the user as it is stored: rendered, and as key and parameters, which clients render again.

    A text that a model or a person wrote has no key.
    """

    text: str
    key: str | None = None
    params: JsonObject | None = None

    @property
    def param(self) -> str | JsonObject:
        """The text as a parameter of another sentence."""
        return self.text if self.key is None else {"key": self.key, "params": self.params or {}}

    def as_reason(self) -> Reason:
        return {"reason": self.text, "reason_key": self.key, "reason_params": self.params}

    def as_error(self) -> Error:
        return {"error": self.text, "error_key": self.key, "error_params": self.params}


def shown(keyed: Keyed, language: Language) -> Shown:
    """The sentence of a key, rendered in the language of the text that it is about."""
    params: JsonObject = nested(keyed)["params"]
    return Shown(message_of(keyed, language), keyed.key, params)
