"""Finds the accepted decision that a statement only says again, in either language."""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from app.language.quantities import same_quantity
from app.language.technologies import mentions_of
from app.language.topics import terms_of, topic_key, topic_of
from app.memory.extraction.statements import DATA, NUMBER, is_negated
from sql.rows import DecisionRow

READ_CHARACTERS = 1000  # of a memory; a longer one says more than a decision
RESTATING_TAGS = frozenset({"decision", "fact"})  # a preference stays a preference
LEAST_SHARE = 0.5  # the part of the words of a rule or a scope that a statement of it has


def restated_by(content: str, tags: Sequence[str], decisions: Iterable[DecisionRow]) -> DecisionRow | None:
    """The decision that already says all that the statement says; None when none does."""
    if len(content) > READ_CHARACTERS or not RESTATING_TAGS & set(tags):
        return None
    said = _terms(content)
    topic = topic_of(content)
    key = None if topic is None else topic_key(topic)
    near = (each for each in decisions if each.topic_key == key or said & _terms(_whole(each)))
    return next((each for each in near if restates(content, each)), None)


def restates(content: str, decision: DecisionRow) -> bool:
    """Whether a statement says what the decision says, and nothing else."""
    said, title = _names(content), _names(decision.title)
    if not said or said - _all_names(decision, title):
        return False
    if decision.kind == "value":
        named = _names(decision.topic)
        return bool(named & said) and same_quantity(content, decision.value or "") and not is_negated(content)
    if set(NUMBER.findall(content)) - set(NUMBER.findall(_whole(decision))):
        return False
    if decision.kind == "choice":
        return _says_choice(content, said, decision)
    return _excludes(content) == _excludes(decision.title) and len(said & title) >= LEAST_SHARE * len(title)


def _excludes(text: str) -> bool:
    return is_negated(text) or any(each in _plain(text) for each in DATA["outside"])


def _says_choice(content: str, said: frozenset[str], decision: DecisionRow) -> bool:
    """Whether it names the chosen option, and the others only as what was not chosen."""
    labels = {each["id"]: each["label"] for each in decision.options}
    chosen = labels.pop(str(decision.chosen_option_id), "")
    if not _names(chosen) or not _names(chosen) <= said or _is_declined(content, chosen):
        return False
    others = [label for label in labels.values() if (names := _names(label)) and names <= said - _names(chosen)]
    if not others:
        return not is_negated(content)
    return all(_is_declined(content, label) for label in others)


def _is_declined(content: str, label: str) -> bool:
    """Whether the text names the option as what was not chosen."""
    plain, option = _plain(content), _plain(label)
    if any(mention.source and mention.name.casefold() in _names(label) for mention in mentions_of(content)):
        return True
    before = any(f"{word}{option}" in plain for word in DATA["contrasts_before"])
    return before or any(f"{option}{word}" in plain for word in DATA["contrasts_after"])


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _all_names(decision: DecisionRow, title: frozenset[str]) -> frozenset[str]:
    labels = (each["label"] for each in decision.options)
    texts = (decision.topic, decision.topic_key, decision.value or "", decision.rationale or "", *labels)
    return title.union(*map(_names, texts))


def _whole(decision: DecisionRow) -> str:
    labels = (each["label"] for each in decision.options)
    return " ".join((decision.title, decision.topic, decision.value or "", decision.rationale or "", *labels))


@lru_cache(maxsize=8192)
def _names(text: str) -> frozenset[str]:
    """The concepts, technologies and other words of a text, without the words that any statement has."""
    names = _terms(text)
    for mention in mentions_of(text):
        names = names - _terms(text[mention.start : mention.end]) | {mention.name.casefold()}
    return names - SPEECH


def _terms(text: str) -> frozenset[str]:
    return frozenset(term.name for term in terms_of(text))


SPEECH = frozenset(term.name for word in DATA["speech"] for term in terms_of(word))
