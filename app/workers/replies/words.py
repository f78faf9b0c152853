"""The words of a message that its user wrote, without what was pasted into it from elsewhere."""

import re
from collections.abc import Iterator, Sequence

from app.assistant.rules.sentence import own_words
from app.language.data import read_data

READ_CHARACTERS = 4000
LINE_CHARACTERS = 300
DATA = read_data(__file__, "permissions.toml")
FENCE = re.compile(r"\s*(?:```|~~~|\"\"\"|''')")
QUOTED_LINE = re.compile(r"\s*[>＞|│]")
LONG_QUOTE = re.compile(r"[“「『«]([^“”「」『』«»]{60,2000})[”」』»]|\"([^\"\n]{60,2000})\"")
ANNOUNCES = re.compile(DATA["announces"], re.IGNORECASE)
ASKS_ABOUT = re.compile(DATA["asks_about"], re.IGNORECASE)
LONG_TEXT = 200
OTHER_VOICE = re.compile(DATA["other_voice"], re.IGNORECASE)


def words_of_person(message: str) -> str:
    """The message without code, logs, quotations, and what follows a line that announces the text of another person.

    Such text may contain instructions of others. Linear in the first 4,000 characters.
    """
    lines = _unquoted(LONG_QUOTE.sub(" ", message[:READ_CHARACTERS]).split("\n"))
    return own_words("\n".join(lines)).strip()


def _unquoted(lines: list[str]) -> Iterator[str]:
    fenced = False
    for place, line in enumerate(lines):
        start = line[:LINE_CHARACTERS]
        if FENCE.match(start):
            fenced = not fenced
        elif OTHER_VOICE.match(start):
            return  # nothing after it can be told from what the other voice says
        elif not fenced and not QUOTED_LINE.match(start):
            yield line
            if ANNOUNCES.search(start) or (ASKS_ABOUT.search(start) and _begins_text(lines[place + 1 :])):
                return


def _begins_text(lines: Sequence[str]) -> bool:
    """Whether an empty line and a long text follow."""
    return len(lines) > 1 and not lines[0].strip() and sum(map(len, lines)) >= LONG_TEXT
