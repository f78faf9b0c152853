"""How much of what a decision is about a statement names, by the meanings and sounds of words, in either language."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from app.gate.words import ABOUT_THINGS, ACTORS, ASPECTS, EVENTS, NEUTRAL, PRODUCTS, STOP, WEAK
from app.language.lexicon import Word, grammar, words_in
from app.language.sound import sound_of
from app.language.words import stem

STOP_WEIGHT, WEAK_WEIGHT, ACTION_WEIGHT = 0.1, 0.4, 0.5
BY_HEAD = 0.2  # the share of a phrase that is found by its last word: a member number is no card number
MIN_SOUND = 2
LIGHT = WEAK | NEUTRAL | ASPECTS.keys() | PRODUCTS
# What may be between a word and another one that it belongs to.
ADJACENT = re.compile(r"|の|からの|での|への|向けの|[ -]|(?: of| for)? (?:the|our|a|an|all) ")
NEXT = re.compile(" ")
HEAD_ENGLISH = re.compile(r" |'s ")
HEAD_JAPANESE = re.compile(r"の?再?")
HEAD_BEFORE = re.compile(r" of (?:(?:the|our|a|an|all) )?")
PLACE = re.compile(r" (?:from|in|at) (?:the )?")


@dataclass(frozen=True, slots=True)
class Likeness:
    """`covered`: the weighted share of the words that are present, in 0..1; `missing` are the others."""

    covered: float
    found: tuple[tuple[Word, Word], ...]
    missing: tuple[Word, ...]


def likeness(
    wanted: Sequence[Word], present: Sequence[Word], *, exact: bool = False, also: Sequence[tuple[int, int]] = ()
) -> Likeness:
    """How much of the wanted words is present; with `exact` without what only belongs to them.

    Wanted words at the places `also` count as present.
    """
    found, missing, total, share = [], [], 0.0, 0.0
    for each in wanted:
        weight = weight_of(each)
        total += weight
        same = find_same(each, present, exact=exact)
        if same is None and any(start <= each.start < end for start, end in also):
            share += weight
        elif same is None:
            missing.append(each)
        else:
            found.append((each, same[0]))
            share += weight * same[1]
    return Likeness(share / total if total else 0.0, tuple(found), tuple(missing))


@lru_cache(maxsize=8192)
def content_of(plain: str) -> tuple[Word, ...]:
    """The words of a normalised text without grammar and numbers."""
    return tuple(word for word in words_in(plain) if _says_something(word))


def outside(words: Iterable[Word], places: Iterable[tuple[int, int]]) -> list[Word]:
    """The words that overlap none of the places."""
    spans = list(places)
    return [each for each in words if not any(each.start < end and start < each.end for start, end in spans)]


def _says_something(word: Word) -> bool:
    if word.text.isdigit() or (not word.japanese and len(word.text) < 2):
        return False
    if word.japanese:
        return True
    return word.text not in grammar()


@lru_cache(maxsize=8192)
def marks_of(plain: str) -> frozenset[str]:
    """What a text shares with any other that has something to do with it: meanings and sounds of things."""
    words = [each for each in content_of(plain) if not each.action and weight_of(each) > STOP_WEIGHT]
    found = {mark for each in words for mark in each.wider | each.head}
    found.update(f"~{each.sound}" for each in words if len(each.sound) >= MIN_SOUND)
    pairs = pairwise(words)
    found.update(f"~{_joined(one, other)}" for one, other in pairs if not one.japanese and not other.japanese)
    return frozenset(found)


def _joined(first: Word, second: Word) -> str:
    return sound_of(first.text + second.text.removesuffix("s"))


def weight_of(word: Word) -> float:
    """How much a word says, in 0..1."""
    return _weight(word.text, word.meanings, word.japanese, word.action)


@lru_cache(maxsize=16_384)
def _weight(text: str, meanings: frozenset[str], japanese: bool, action: bool) -> float:
    name = text if japanese else stem(text)
    if name in STOP:
        return STOP_WEIGHT
    named = {name, *(each[2:] for each in meanings if each.startswith("c:"))}
    if named & LIGHT or any(each.startswith("q:") for each in meanings):
        return WEAK_WEIGHT
    return ACTION_WEIGHT if action else 1.0


def is_known(word: Word) -> bool:
    """Whether the dictionary or a concept has the word."""
    return _is_known(word.meanings)


def is_attribute(word: Word) -> bool:
    """Whether it names a kind of quantity: a size, フォントサイズ."""
    return any(each.startswith("q:") for each in word.meanings | word.head)


def is_person(word: Word) -> bool:
    return any(pattern.search(word.text) for pattern in ACTORS.values())


def find_same(wanted: Word, present: Iterable[Word], *, exact: bool = False) -> tuple[Word, float] | None:
    """The word among those present that means or sounds the same, and how much the same, in 0..1."""
    words = list(present)
    for each in words:
        named = each.meanings if exact else each.wider
        if not wanted.meanings.isdisjoint(named) or _sounds_same(wanted, each) or _contains(wanted, each):
            return each, 1.0
    if not exact:
        for each in words:
            if not wanted.meanings.isdisjoint(each.head):
                return each, 1.0
    return _find_by_parts(wanted, words, exact)


def _find_by_parts(wanted: Word, words: Sequence[Word], exact: bool) -> tuple[Word, float] | None:
    """By all words of a phrase, by its last word, or by two words that sound as one."""
    if parts := parts_of(wanted.text):
        shares = [find_same(each, words, exact=exact) for each in parts]
        if all(share is not None and share[1] == 1 for share in shares):
            return shares[0]
    if wanted.head:
        for each in words:
            if not wanted.head.isdisjoint(each.meanings | each.head):
                return each, BY_HEAD
    if wanted.japanese and wanted.sound:
        for first, second in pairwise(words):
            if _is_compound(wanted, first, second):
                return first, 1.0
    return None


@lru_cache(maxsize=2048)
def parts_of(text: str) -> tuple[Word, ...]:
    """The single words of an English phrase: recurring billing may be 定期課金."""
    words = text.split(" ")
    return tuple(found[0] for each in words if (found := content_of(each))) if len(words) > 1 else ()


@lru_cache(maxsize=8192)
def _is_known(meanings: frozenset[str]) -> bool:
    """Whether the dictionary or a concept has a word of these meanings."""
    return any(each[1:2] == ":" for each in meanings)


def _sounds_same(one: Word, other: Word) -> bool:
    return one.japanese != other.japanese and len(one.sound) >= MIN_SOUND and one.sound == other.sound


def _is_compound(wanted: Word, first: Word, second: Word) -> bool:
    """カフェラテ is "caffe latte"."""
    if not wanted.sound or not wanted.japanese or first.japanese or second.japanese:
        return False
    return wanted.sound == _joined(first, second)


def _contains(one: Word, other: Word) -> bool:
    """Whether one unknown Japanese word is a part of the other: 献立 and 献立表."""
    if not one.japanese or not other.japanese or _is_known(one.meanings) or _is_known(other.meanings):
        return False
    short, long = sorted((one.text, other.text), key=len)
    return len(short) > 1 and short in long


def has_other_owner(
    asked: Likeness,
    wanted: Sequence[Word],
    title: str,
    present: Sequence[Word],
    said: str,
    *,
    placed: bool = False,
) -> bool:
    """Whether a word that both name belongs to something else in the statement: the price of tea, not of coffee.

    `placed`: an English word may be said to be from or in something.
    """
    lacked = set(asked.missing)
    for one, other in asked.found:
        around = [each for each in _owners(one, wanted, title, placed) if each in lacked]
        owners = [each for each in around if weight_of(each) >= 1]
        objects = _after_verb(other, present, said)
        strangers = [*_owners(other, present, said, placed), *objects]
        part = one.japanese and one.text != other.text and one.text.endswith(other.text)  # 教室 of 陶芸教室
        by_head = one.meanings.isdisjoint(other.wider) and not one.head.isdisjoint(other.meanings | other.head)
        if around and not one.action and _is_other(objects, wanted, said):
            return True  # "cache the photos", where the price cache is meant
        if not owners and not part and not by_head:
            continue
        if _is_other(strangers, wanted, said):
            return True
        if other.head and not one.meanings & other.meanings and _before(one, wanted, title) in owners:
            return True  # a feature branch, where the main branch is meant
    return False


def _is_other(strangers: Iterable[Word], wanted: Sequence[Word], said: str) -> bool:
    return any(_is_stranger(each, said) and not likeness([each], wanted).found for each in strangers)


def _is_stranger(word: Word, plain: str) -> bool:
    imperative = not word.japanese and word.start == 0 and plain[word.end : word.end + 1] == " "
    return not imperative and ((word.japanese and word.action) or (weight_of(word) == 1 and not word.action))


def _owners(word: Word, words: Sequence[Word], plain: str, placed: bool) -> list[Word]:
    after = PLACE if placed else NEXT
    following = (each for each in words if each.start > word.start and after.fullmatch(plain, word.end, each.start))
    return [each for each in (_before(word, words, plain), next(following, None)) if each is not None]


def _before(word: Word, words: Sequence[Word], plain: str) -> Word | None:
    return next(
        (each for each in words if each.end <= word.start and ADJACENT.fullmatch(plain, each.end, word.start)), None
    )


def _after_verb(word: Word, words: Sequence[Word], plain: str) -> list[Word]:
    """The object of an English verb at the beginning: "price the tea"."""
    if word.japanese or word.start > 0:
        return []
    following = [each for each in words if each.start > word.end]
    if not following or not ADJACENT.fullmatch(plain, word.end, following[0].start):
        return []
    joined = [later for each, later in pairwise(following) if plain[each.end : later.start] == " "]
    return [following[0], *(joined[:1] if weight_of(following[0]) < 1 else [])]


def is_owned_by_other(word: Word, known: Sequence[Word], present: Sequence[Word], said: str) -> bool:
    """Whether it belongs to a thing that is none of the known ones: the import of Excel files."""
    return _is_other(_owners(word, present, said, False), known, said)


def shares_no_thing(wanted: Iterable[Word], present: Sequence[Word]) -> bool:
    """Whether both name things, and not one of them is the same."""
    asked, said = _things(wanted), _things(present)
    return bool(asked) and bool(said) and not likeness(asked, present).found


def is_of_event(asked: Likeness, wanted: Sequence[Word], title: str, present: Sequence[Word], said: str) -> bool:
    """Whether a thing that the title names by itself only belongs to an event: the review of a sprint."""
    for one, other in asked.found:
        if one.action or weight_of(one) < 1 or _things(_heads(one, wanted, title)):
            continue
        if any(
            EVENTS.fullmatch(each.text) and not likeness([each], wanted).found for each in _heads(other, present, said)
        ):
            return True
    return False


def belongs_to_other(asked: Likeness, wanted: Sequence[Word], title: str, present: Sequence[Word], said: str) -> bool:
    """Whether a thing that the title names by itself only describes another one: a link to reset a password."""
    return any(
        not one.action
        and weight_of(one) == 1
        and not _things(_heads(one, wanted, title))
        and (head := _last_head(other, present, said)) is not None
        and ABOUT_THINGS.fullmatch(head.text)
        and not likeness([head], wanted).found
        for one, other in asked.found
    )


def _last_head(word: Word, words: Sequence[Word], plain: str) -> Word | None:
    """The last word of a compound: the link of パスワードの再設定リンク; None when that is what is done."""
    last = word
    while (head := next((each for each in _heads(last, words, plain) if each.start >= last.end), None)) is not None:
        last = head
    before = [each for each in _heads(word, words, plain) if each.end <= word.start]
    found = before[0] if before else last
    return found if found is not word and not found.action else None


def _heads(word: Word, words: Sequence[Word], plain: str) -> list[Word]:
    """What the word belongs to: the review of "sprint review", "review of the sprint" and スプリントのレビュー."""
    after = HEAD_JAPANESE if word.japanese else HEAD_ENGLISH
    following = (each for each in words if each.start >= word.end and after.fullmatch(plain, word.end, each.start))
    before = (each for each in words if each.end <= word.start and HEAD_BEFORE.fullmatch(plain, each.end, word.start))
    return [each for each in (next(following, None), *before) if each is not None]


def _things(words: Iterable[Word]) -> list[Word]:
    return [each for each in words if not each.action and not is_attribute(each) and weight_of(each) == 1]
