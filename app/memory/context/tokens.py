"""How many tokens a text costs, estimated: exact counts would need the model provider."""

import re
from collections.abc import Iterable

PER_MESSAGE = 10
PER_CJK = 2.0
PER_OTHER = 0.5
CJK = re.compile(
    r"[\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)


def estimate_tokens(text: str) -> int:
    """10 for the message, 2 for each CJK character (fullwidth forms too), 0.5 for any other; rounded down."""
    wide = sum(1 for _ in CJK.finditer(text))
    return int(PER_MESSAGE + PER_CJK * wide + PER_OTHER * (len(text) - wide))


def estimate_all(texts: Iterable[str]) -> int:
    """The sum over messages; 0 for none."""
    return sum(estimate_tokens(text) for text in texts)
