"""Finds the records that a person names: "the reminder about the pen test", 「認証の設計書」."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from app.assistant.rules.kana import names_in_kana
from app.assistant.rules.terms import containment, terms_of
from app.language.lexicon import Word, words_in
from app.language.text import is_japanese
from app.language.words import normalised

# Words for a record itself.
GENERIC = re.compile(
    r"\b(?:the|my|our|a|an|task|to-?do|reminder|alarm|item|one|ticket|thing|meeting)s?\b|タスク|リマインダー|リマインド|アラーム|通知|の件|やつ",
    re.IGNORECASE,
)
SURE = 0.66  # this part of the named words must be in the record
MARGIN = 0.15
SHORTEST_SOUND = 3
# "Momo", and not the first word of a sentence.
NAME = re.compile(r"(?<=[a-z,;:] )[A-Z][a-z]{2,}\b")
READ = 300
MOST_READ = 60  # records whose words are compared by meaning, which takes longer
PROBABLE = 0.34
MORE_WORDS = 1
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """The one record that is meant, or several that may be; neither when nothing fits.

    `doubtful`: it has only a few of the named words, so it is only proposed.
    """

    one: T | None = None
    several: tuple[T, ...] = ()
    doubtful: bool = False


def find(wanted: str, records: Iterable[T], text_of: Callable[[T], str], *, sure: float = SURE) -> Found[T]:
    """The records whose texts have the words of `wanted`; a clear winner is the one that is meant."""
    records = list(records)
    terms = terms_of(wanted) | names_of(wanted, map(text_of, records))
    if not terms:
        return Found()
    scored = [(score(terms, text_of(each)), each) for each in records]
    fitting = sorted(((s, each) for s, each in scored if s >= sure), key=lambda pair: -pair[0])
    if not fitting:
        return _by_meaning(wanted, records, text_of)
    best = fitting[0][0]
    close = tuple(each for s, each in fitting if best - s < MARGIN)
    return Found(one=close[0]) if len(close) == 1 else Found(several=close)


def names_of(wanted: str, texts: Iterable[str]) -> frozenset[str]:
    """The names in Latin letters, of the texts, that are written in kana: "momo" for 「もも」 and "feed Momo"."""
    said = names_in_kana(wanted)
    return frozenset(
        match[0].lower() for text in texts for match in NAME.finditer(text[:READ]) if match[0].lower() in said
    )


def is_another(wanted: str, text: str) -> bool:
    """Whether each has a word that the other one lacks: "the backup of staging" and "the backup of production".

    Texts in two languages often differ in the words that the vocabulary has not.
    """
    if is_japanese(wanted) != is_japanese(text):
        return False
    mine, own = terms_of(wanted), terms_of(text)
    return bool(mine) and containment(mine, own) < 1 and containment(own, mine) < 1 and not own < mine


def _by_meaning(wanted: str, records: Sequence[T], text_of: Callable[[T], str]) -> Found[T]:
    """The only record whose text has all words of `wanted` in the other language."""
    if not records or not (words := _things(wanted)):
        return Found()
    fitting = [each for each in records[:MOST_READ] if _means_all(words, _things(text_of(each)))]
    return Found(one=fitting[0]) if len(fitting) == 1 else Found()


def _things(text: str) -> list[Word]:
    """The words that name something."""
    plain = normalised(GENERIC.sub(" ", text))
    return [each for each in words_in(plain) if each.meanings or each.sound or len(each.text) > 1]


def _means_all(wanted: Sequence[Word], present: Sequence[Word]) -> bool:
    """Whether each word has a counterpart, and at least one of them is in the other language."""
    crossed = False
    for one in wanted:
        same = [each for each in present if _means(one, each)]
        if not same:
            return False
        crossed = crossed or any(each.japanese != one.japanese for each in same)
    return crossed


def shared_meanings(wanted: str, text: str, without: frozenset[str]) -> tuple[int, float]:
    """How many words of `wanted` the text has by meaning, in either language, and which part of them that is, 0..1.

    Words of grammar, and those whose terms are all in `without`, do not count.
    """
    words = [
        each for each in _things(wanted) if (terms := terms_of(each.text)) and not terms <= without and not each.action
    ]
    present = _things(text)
    same = sum(any(_means(each, other) for other in present) for each in words)
    return same, same / len(words) if words else 0.0


def _means(one: Word, other: Word) -> bool:
    if one.text == other.text or one.meanings & other.meanings:
        return True
    return len(one.sound) >= SHORTEST_SOUND and one.japanese != other.japanese and one.sound == other.sound


def find_probable(wanted: str, records: Sequence[T], text_of: Callable[[T], str]) -> Found[T]:
    """As `find`; when nothing fits, the only record that shares some of the words, as a doubtful one."""
    found = find(wanted, records, text_of)
    if found.one is not None or found.several:
        return found
    partly = find(wanted, records, text_of, sure=PROBABLE)
    return replace(partly, doubtful=True) if partly.one is not None else found


def score(terms: frozenset[str], text: str) -> float:
    """How well a record fits, 0..1.1: the part of the words it has, and a little for having few others."""
    own = terms_of(text)
    shared = containment(terms, own)
    if own and own < terms and len(terms) <= len(own) + MORE_WORDS:
        shared = max(shared, SURE)  # 「歯医者の予約」 means the item 「歯医者」
    return shared + 0.1 * len(terms & own) / max(len(terms | own), 1) if shared else 0.0
