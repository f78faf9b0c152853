"""The names that people sign in with."""

import unicodedata

from sql.errors import BadUserInput

MAX_NAME_CHARACTERS = 64


def plain_name(name: str) -> str:
    """The name however it was typed: composed, without case and outer space."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def checked_name(name: str) -> str:
    """A name that somebody may sign in with. Raises BadUserInput."""
    plain = plain_name(name)
    if not 1 <= len(plain) <= MAX_NAME_CHARACTERS or not plain.isprintable() or " " in plain:
        raise BadUserInput(f"A name has 1 to {MAX_NAME_CHARACTERS} characters, without spaces.")
    return plain
