"""The token budget of a context: estimates tokens and drops items when the context is too long."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import ceil

from app.language.tokens import estimate_tokens
from app.models.ports import TokenCounts
from sql.repositories.contexts import ContextItem

# The layers in the order in which their items are dropped, and how many items of each stay. The layers profile, system
# and user are never dropped.
DROP_ORDER = (("summary", 0), ("decision", 1), ("semantic", 1), ("working", 2))


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


def missing_from(kept: Iterable[ContextItem], items: Iterable[ContextItem]) -> list[ContextItem]:
    """The items that were not kept; tokens are not compared."""
    known = {(item.layer, item.source_id, item.file_id, item.text) for item in kept}
    return [item for item in items if (item.layer, item.source_id, item.file_id, item.text) not in known]


async def corrected(items: Sequence[ContextItem], counts: TokenCounts | None, budget: int) -> list[ContextItem]:
    """The items with the tokens that the model's tokenizer needs, as far as that is known."""
    if counts is None:
        return list(items)
    # A picture or a PDF has the tokens of its contents, not those of its text.
    is_text = [item.tokens == estimate_tokens(item.text) for item in items]
    texts = [item.text for item, text in zip(items, is_text, strict=True) if text]
    rate = await counts.rate(texts, sum(map(estimate_tokens, texts)), budget)
    pairs = zip(items, is_text, strict=True)
    return [replace(item, tokens=ceil(item.tokens * rate)) if text else item for item, text in pairs]
