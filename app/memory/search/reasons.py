"""Why an entry was found, and which entries have too little in common with the question."""

import re
from collections.abc import Mapping, Sequence

from app.memory.search.ranking import QueryWeights, Ranked, lexical_share
from resolvers.ports import HitReason
from sql.repositories.search import QueryWord, Totals

# From here on a cosine says that two texts have something in common. The best cosine of nonsense is lower in most
# memories; of the questions of the development sets, 99.5 % have a better one or share a word with a text.
RELATED = 0.22
MARKED: Mapping[str, HitReason] = {
    "useful": "MARKED_USEFUL",
    "wrong": "MARKED_WRONG",
    "outdated": "MARKED_OUTDATED",
}
FAINT = 0.1  # less than this of words, meaning or neighbours is chance
SHARE = 0.25  # of the score that neighbours give, from which they are a reason
HIRAGANA = re.compile(r"[ぁ-ゖー]+")


def is_answerable(ranked: Sequence[Ranked], words: Sequence[QueryWord], weights: QueryWeights, totals: Totals) -> bool:
    """Whether any entry shares a word or meaning with the question; nonsense finds nothing.

    A pair of hiragana that occurs somewhere is chance, so several must match. Before the first statistics are counted,
    every shared word is enough.
    """
    if totals.documents == 0 and any(each.candidate.lexical > 0 for each in ranked):
        return True
    if any(word.documents > 0 and HIRAGANA.fullmatch(word.word) is None for word in words):
        return True
    least = FAINT if weights.japanese else 0.0
    return any(
        lexical_share(each.candidate, weights) > least or (each.candidate.similarity or 0.0) >= RELATED
        for each in ranked
    )


def is_above_floor(each: Ranked, weights: QueryWeights) -> bool:
    candidate = each.candidate
    shared = lexical_share(candidate, weights) + max(candidate.similarity or 0.0, 0.0)
    return candidate.lexical > 0 or shared >= FAINT or each.neighbours >= FAINT


def reasons_of(each: Ranked, weights: QueryWeights, *, timed: bool) -> list[HitReason]:
    """At least one; `timed`: the question names a time, and only entries of it were searched."""
    candidate = each.candidate
    similarity = candidate.similarity or 0.0
    words, meaning = lexical_share(candidate, weights), weights.meaning * similarity
    parts: dict[HitReason, tuple[float, bool]] = {
        "WORDS": (words, words >= FAINT / 2),
        "MEANING": (meaning, similarity >= RELATED),
        "NEIGHBOUR": (each.neighbours, each.neighbours >= SHARE * each.score),
    }
    found: list[HitReason] = [name for name, (_, counts) in parts.items() if counts]
    if not found:
        found = [max(parts, key=lambda name: parts[name][0])]
    if each.placed or (candidate.japanese != weights.japanese and "MEANING" in found):
        found.append("LANGUAGE")
    if timed:
        found.append("TIME")
    if each.marked:
        found.append(MARKED[each.marked])
    return found
