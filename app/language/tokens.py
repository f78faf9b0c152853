"""Estimates the number of tokens of a text from its characters."""

import re
from collections.abc import Iterable

PER_MESSAGE = 10
PER_CJK = 2.0
PER_OTHER = 0.5
CJK = re.compile(
    r"[\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]+"
)


def estimate_tokens(text: str) -> int:
    """10 per text, 2 per CJK character (including fullwidth forms), 0.5 per other character; rounded down.

    A careful estimate for any tokenizer; app/models/token_counts.py corrects it for the model that answers.
    """
    wide, other = estimate_by_script([text])
    return int(wide + other)


def estimate_by_script(texts: Iterable[str]) -> tuple[float, float]:
    """The estimated tokens of the CJK characters of the texts, and those of everything else."""
    wide, other = 0.0, 0.0
    for text in texts:
        characters = sum(map(len, CJK.findall(text)))
        wide += PER_CJK * characters
        other += PER_MESSAGE + PER_OTHER * (len(text) - characters)
    return wide, other
