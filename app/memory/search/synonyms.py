"""Other words for what a question is about: DB, データベース and "database" find each other, and so do auth and 認証.

The words are those of the concepts that decisions are compared by (app/language/topics.toml and vocabulary.toml).
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace

from app.language.text import is_japanese
from app.language.topics import CONCEPTS, terms_of
from app.language.words import normalised, word_spans, words_of
from app.memory.search.ranking import QueryWeights
from sql.repositories.search import QueryWord

MOST_CONCEPTS = 6
SHARE = 0.5  # of the weight of a word of the question


def synonyms_of(question: str) -> list[str]:
    """The other forms of the concepts in the question. English phrases are left out: their words mean other things."""
    plain = normalised(question)
    concepts = [term.name for term in terms_of(question) if term.known and term.name in CONCEPTS]
    forms = [form for name in list(dict.fromkeys(concepts))[:MOST_CONCEPTS] for form in (name, *CONCEPTS[name])]
    used = words_of(question)
    return [each for each in dict.fromkeys(map(normalised, forms)) if not _is_left_out(each, plain, used)]


def _is_left_out(form: str, plain: str, used: Set[str]) -> bool:
    """A phrase, or a word of the question: "auth" is not one of "authentication", but 認証 is one of 認証方式."""
    return " " in form or (form in plain if is_japanese(form) else form in used)


def with_synonyms(weights: QueryWeights, forms: Iterable[str], words: Sequence[QueryWord]) -> QueryWeights:
    """The weights with those of the forms: a form counts as much as a share of one word, however many pairs it has.

    `words`: the terms of all forms. What a question allows at most stays the same.
    """
    shares = dict[str, float]()
    for form in forms:
        parts = {form[start:end] for start, end in word_spans(form)}
        for part in parts:
            shares[part] = max(shares.get(part, 0.0), SHARE / len(parts))
    mean = weights.most / len(weights.by_word) if weights.by_word else 1.0
    added: Mapping[int, float] = {
        key: shares[each.word] * mean
        for each in words
        if each.word in shares and each.documents > 0
        for key in each.keys
        if key not in weights.by_key
    }
    return replace(weights, by_key={**weights.by_key, **added}) if added else weights
