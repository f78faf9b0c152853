"""Text that workers store and show."""

import re

from app.language.catalogue import Language
from app.language.detection import is_japanese
from app.language.truncation import one_line

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
