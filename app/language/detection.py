"""Detects Japanese text."""

import re

JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff66-\uff9f]")


def is_japanese(text: str) -> bool:
    """Whether the text contains kana or kanji. Mixed text counts as Japanese and is answered in Japanese."""
    return JAPANESE.search(text) is not None
