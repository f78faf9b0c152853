"""What gives way when a context is over its budget, and in which order."""

from collections.abc import Sequence

from sql.repositories.contexts import ContextItem

# Layer by layer, and how many of its items stay: profile, system and the user's words never give way.
GIVING_WAY = (("summary", 0), ("decision", 1), ("semantic", 1), ("working", 2))


def fit(items: Sequence[ContextItem], budget: int) -> tuple[list[ContextItem], list[str]]:
    """The items that fit, in their order, and the layers from which something was dropped.

    Of decisions and findings the last, which match least, go first; of turns the oldest. A context whose remainder is
    still over the budget stays so: what is left is what the answer cannot do without.
    """
    kept, dropped = list(items), list[str]()
    total = sum(item.tokens for item in kept)
    for layer, stay in GIVING_WAY:
        places = [place for place, item in enumerate(kept) if item.layer == layer]
        going = places[: len(places) - stay] if layer == "working" else places[stay:][::-1]
        gone = set[int]()
        for place in going:
            if total <= budget:
                break
            total -= kept[place].tokens
            gone.add(place)
        if gone:
            dropped.append(layer)
            kept = [item for place, item in enumerate(kept) if place not in gone]
    return kept, dropped
