"""Chooses among the retrieved records: none that repeats what is present, and the best of each layer."""

import asyncio
from collections.abc import Iterable, Sequence

from app.language.words import words_of
from sql.repositories.contexts import ContextItem, LeftOutRecord

MAX_FINDINGS = {"decision": 4, "semantic": 8}
COMPARED_CHARACTERS = 10_000
LONG_CHARACTERS = 5000
SIMILAR_TEXT = 0.6  # two texts that share this part of all their words count as duplicates


class DistinctTexts:
    """Collects texts and rejects those that say nearly the same as an earlier one."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._accepted = list[frozenset[str]]()
        for text in texts:
            self.compare_with(text)

    def compare_with(self, text: str) -> None:
        """Accept a text without a comparison. Only its first 10,000 characters are read."""
        self._accepted.append(words_of(text[:COMPARED_CHARACTERS]))

    def add(self, text: str) -> bool:
        """Whether the text was accepted; one of emoji alone is not."""
        words = words_of(text[:COMPARED_CHARACTERS])
        only_symbols = not any(map(str.isalnum, text[:COMPARED_CHARACTERS]))
        if not words or only_symbols or any(_is_similar(words, other) for other in self._accepted):
            return False
        self._accepted.append(words)
        return True


def _is_similar(words: frozenset[str], other: frozenset[str]) -> bool:
    shared = len(words & other)
    return shared >= SIMILAR_TEXT * len(words | other) or shared == len(words)


async def let_others_run(text: str) -> None:
    """Let other requests run before work on a long text."""
    if len(text) > LONG_CHARACTERS:
        await asyncio.sleep(0)


async def choose_distinct(
    decisions: Sequence[ContextItem], findings: Sequence[ContextItem], present: Sequence[ContextItem]
) -> tuple[list[ContextItem], list[LeftOutRecord]]:
    """The best decisions and findings that repeat neither the `present` items nor each other; and the others."""
    texts, sources = DistinctTexts(), {item.source_id for item in present}
    for item in present:
        await let_others_run(item.text)
        texts.compare_with(item.text)
    sources.discard(None)
    chosen, left_out = list[ContextItem](), list[LeftOutRecord]()
    for layer, items in (("decision", decisions), ("semantic", findings)):
        for item in items:
            left = MAX_FINDINGS[layer] - sum(1 for each in chosen if each.layer == layer)
            if left > 0 and item.source_id not in sources and texts.add(item.text):
                chosen.append(item)
            else:
                left_out += to_left_out([item], "duplicate" if left > 0 else "limit")
    return chosen, left_out


def to_left_out(items: Iterable[ContextItem], reason: str) -> list[LeftOutRecord]:
    """Those of the items that come from a record."""
    return [
        LeftOutRecord(item.layer, item.kind, item.source_id, reason, item.score)
        for item in items
        if item.kind is not None and item.source_id is not None and item.file_id is None
    ]
