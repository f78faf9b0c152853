"""Which of the two languages a text is in."""

import re

JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff66-\uff9f]")


def is_japanese(text: str) -> bool:
    """Whether the text has any kana or kanji: mixed text is read, and answered, as Japanese."""
    return JAPANESE.search(text) is not None
