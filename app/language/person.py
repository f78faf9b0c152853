"""Tells what a person says about themself from what they say about their work."""

import re

from app.language.data import read_data

READ_CHARACTERS = 500  # of a sentence
DATA = read_data(__file__, "person.toml")
ENGLISH = re.compile(rf"{DATA['lead']}(?:{'|'.join(DATA['english'])})", re.IGNORECASE)
JAPANESE = re.compile("|".join(DATA["japanese"]))
WORK = re.compile(DATA["work"], re.IGNORECASE)
END = re.compile(r"[\s。.!！]+$")


def is_about_person(text: str) -> bool:
    """Whether a statement is about the person: a preference, a name, a habit. It then applies in all projects."""
    said = END.sub("", text[:READ_CHARACTERS].strip())
    if WORK.search(said):
        return False
    return ENGLISH.match(said) is not None or JAPANESE.match(said) is not None
