"""The token budget of a context: estimates tokens and drops items when the context is too long."""

import re
from collections.abc import Sequence

from sql.repositories.contexts import ContextItem

PER_MESSAGE = 10
PER_CJK = 2.0
PER_OTHER = 0.5
CJK = re.compile(
    r"[\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]+"
)
# The layers in the order in which their items are dropped, and how many items of each stay. The layers profile, system
# and user are never dropped.
DROP_ORDER = (("summary", 0), ("decision", 1), ("semantic", 1), ("working", 2))


def estimate_tokens(text: str) -> int:
    """10 per text, 2 per CJK character (including fullwidth forms), 0.5 per other character; rounded down.

    An estimate, because exact counts need a request to the model provider.
    """
    wide = sum(map(len, CJK.findall(text)))
    return int(PER_MESSAGE + PER_CJK * wide + PER_OTHER * (len(text) - wide))


def fit_budget(items: Sequence[ContextItem], budget: int) -> tuple[list[ContextItem], list[str]]:
    """The items that fit, in their order, and the layers from which something was dropped.

    Of decisions and findings the last ones, which match least, are dropped first; of turns the oldest. The remaining
    items may still exceed the budget, because the answer needs all of them.
    """
    kept, dropped = list(items), list[str]()
    total = sum(item.tokens for item in kept)
    for layer, stay in DROP_ORDER:
        indexes = [index for index, item in enumerate(kept) if item.layer == layer]
        candidates = indexes[: len(indexes) - stay] if layer == "working" else indexes[stay:][::-1]
        removed = set[int]()
        for index in candidates:
            if total <= budget:
                break
            total -= kept[index].tokens
            removed.add(index)
        if removed:
            dropped.append(layer)
            kept = [item for index, item in enumerate(kept) if index not in removed]
    return kept, dropped
