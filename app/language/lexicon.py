"""The words of a text with their meanings, the same in English and Japanese."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from app.language.data import read_data
from app.language.sound import sound_of
from app.language.topics import CONCEPTS, mixed_terms, wider
from app.language.words import CJK_RUN, WORD, normalised, stem

READ_CHARACTERS = 400
LONGEST_PHRASE = 4  # words
# The kana that may follow the stem of a verb, by the row of its ending.
ROWS = (
    "わいうえおっ",
    "かきくけこい",
    "がぎぐげごい",
    "さしすせそ",
    "たちつてとっ",
    "なにぬねのん",
    "ばびぶべぼん",
    "まみむめもん",
    "らりるれろっ",
)
OF_ENDING = {row[2]: row for row in ROWS} | {"い": "いくかけ"}
# A kanji with one of these belongs to a verb: 行 is no line in 行う.
OKURIGANA = frozenset("うくぐすつぬぶむるいきぎしちびみりっえけげせてねべめれわかさたなばまらごそろ")
KATAKANA = re.compile(r"[ァ-ー]+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its place in the normalised text.

    `meanings` name what it may mean, and `wider` also all that these belong to: an iOS app is a mobile app. `head` is
    what its last word means: a card number is a number. `sound` is that of a loanword, "" for others. An `action` is a
    verb of use.
    """

    text: str
    meanings: frozenset[str]
    wider: frozenset[str]
    head: frozenset[str]
    sound: str
    action: bool
    japanese: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Entries:
    english: dict[tuple[str, ...], frozenset[str]]
    japanese: dict[str, frozenset[str]]
    verbs: dict[str, tuple[str, frozenset[str]]]  # their stems, and the kana that may follow, "" for any
    parents: dict[str, frozenset[str]]  # of a meaning: the meanings of what it is a kind of
    longest: int


@lru_cache(maxsize=8192)
def words_in(plain: str) -> tuple[Word, ...]:
    """The words of a normalised text in order."""
    plain = plain[:READ_CHARACTERS]
    mixed = [_word(plain, term.start, term.end, frozenset({f"c:{term.name}"})) for term in mixed_terms(plain)]
    for each in mixed:
        plain = f"{plain[: each.start]}{' ' * (each.end - each.start)}{plain[each.end :]}"
    return tuple(sorted([*mixed, *_english(plain), *_japanese(plain)], key=lambda word: word.start))


def _english(plain: str) -> Iterator[Word]:
    spans = [match.span() for match in WORD.finditer(plain)]
    words = [plain[start:end] for start, end in spans]
    stems = [stem(each) for each in words]
    place = 0
    while place < len(spans):
        length, found = 1, frozenset[str]()
        for length in range(min(LONGEST_PHRASE, len(spans) - place), 1, -1):
            if found := _meant_by(words[place : place + length], stems[place : place + length]):
                break
        else:
            length = 1
        last = place + length - 1
        head = _meant_by([words[last]], [stems[last]]) | {stems[last]}
        meanings = found or head
        start, end = spans[place][0], spans[place + length - 1][1]
        text = plain[start:end]
        yield Word(text, meanings, _wider(meanings), head, _sound(text), _is_action(meanings), False, start, end)
        place += length


def _meant_by(words: Sequence[str], stems: Sequence[str]) -> frozenset[str]:
    """As written, else by the stems: "custom" is no customer."""
    entries = _entries().english
    return entries.get(tuple(words)) or entries.get(("", *stems)) or frozenset()


def _japanese(plain: str) -> Iterator[Word]:
    for run in CJK_RUN.finditer(plain):
        place, rest = run.start(), run.start()
        while place < run.end():
            length, meanings = _longest(plain, place, run.end(), rest)
            if not length:
                place += 1
                continue
            yield from _unknown(plain, rest, place)
            yield _word(plain, place, place + length, meanings)
            place = rest = place + length
        yield from _unknown(plain, rest, run.end())


def _longest(plain: str, place: int, end: int, rest: int) -> tuple[int, frozenset[str]]:
    entries = _entries()
    for length in range(min(entries.longest, end - place), 0, -1):
        text = plain[place : place + length]
        following = plain[place + length : place + length + 1]
        if (meanings := entries.japanese.get(text)) and _is_whole(plain, place, place + length, rest):
            return length, meanings
        if text in entries.verbs:
            kana, meanings = entries.verbs[text]
            if not kana or (following and following in kana):
                return length, meanings
    return 0, frozenset()


def _is_whole(plain: str, start: int, end: int, rest: int) -> bool:
    """Whether a short entry is a word of its own here: 本 is none in 本質, パート none in パートナー."""
    text, following = plain[start:end], plain[end : end + 1]
    if KATAKANA.fullmatch(text):
        inside = start > rest and KATAKANA.match(plain[start - 1]) is not None
        return len(text) > 3 or not (inside or KATAKANA.match(following))
    if len(text) > 1:
        return True
    if text == "本" and KATAKANA.match(following):
        return False  # 本プロジェクト is this project
    ends = not following or (not _is_kanji(following) and following not in OKURIGANA)
    return ends and (start == rest or not _is_kanji(plain[start - 1]))


def _unknown(plain: str, start: int, end: int) -> Iterator[Word]:
    """The runs of katakana and of kanji between known words; hiragana is grammar."""
    for match in _RUN.finditer(plain, start, end):
        if len(match[0]) > 1:
            yield _word(plain, *match.span(), frozenset({match[0]}))


_RUN = re.compile(r"[ァ-ー]+|[㐀-䶿一-鿿々〆]+")


def _word(plain: str, start: int, end: int, meanings: frozenset[str]) -> Word:
    text = plain[start:end]
    sound = sound_of(text) if KATAKANA.fullmatch(text) else ""
    return Word(text, meanings, _wider(meanings), _head(text), sound, _is_action(meanings), True, start, end)


@lru_cache(maxsize=4096)
def _head(text: str) -> frozenset[str]:
    """What the longest known end of a compound means: サーバー of 自社サーバー."""
    endings = (text[place:] for place in range(2, len(text) - 1))  # 学生 is no head of 小学生
    return next((found for each in endings if (found := _entries().japanese.get(each))), frozenset())


def _sound(english: str) -> str:
    """The sound of the singular."""
    letters = english.replace(" ", "").replace("-", "")
    return sound_of(letters[:-1] if letters.endswith("s") and not letters.endswith("ss") else letters)


@lru_cache(maxsize=4096)
def _wider(meanings: frozenset[str]) -> frozenset[str]:
    concepts = [each[2:] for each in meanings if each.startswith("c:")]
    parents = {parent for each in meanings for parent in _entries().parents.get(each, ())}
    return meanings | parents | {f"c:{name}" for concept in concepts for name in wider(concept)}


def _is_kanji(character: str) -> bool:
    return "㐀" <= character <= "鿿"


def _is_action(meanings: frozenset[str]) -> bool:
    named = [each for each in meanings if each[1:2] == ":"]
    return bool(named) and all(each.startswith("a:") for each in named)


@cache
def grammar() -> frozenset[str]:
    """English words that name nothing."""
    return frozenset(read_data(__file__, "lexicon.toml")["grammar"])


@cache
def _entries() -> _Entries:
    """Read when the first text is compared."""
    english: dict[tuple[str, ...], set[str]] = {}
    japanese: dict[str, set[str]] = {}
    verbs: dict[str, tuple[str, set[str]]] = {}
    data = read_data(__file__, "lexicon.toml")
    for kind, prefix in (("actions", "a"), ("attributes", "q"), ("things", "t")):
        for number, entry in enumerate(data[kind]):
            _add(entry, f"{prefix}:{number}", english, japanese, verbs)
    parents: dict[str, frozenset[str]] = {}
    for number, line in enumerate(data["kinds"]):
        thing, *members = line.split("|")
        _add(thing, f"t:kind {number}", english, japanese, verbs)
        for place, entry in enumerate(members):
            _add(entry, f"t:kind {number} {place}", english, japanese, verbs)
            parents[f"t:kind {number} {place}"] = frozenset({f"t:kind {number}"})
    for concept, names in CONCEPTS.items():
        meanings = {f"c:{concept}"}
        for name in (concept, *names):
            if CJK_RUN.fullmatch(name):
                japanese.setdefault(name, set()).update(meanings)
            elif not CJK_RUN.search(name):
                _add_english(name, meanings, english)
    longest = max(map(len, [*japanese, *verbs]))
    return _Entries(
        {key: frozenset(each) for key, each in english.items()},
        {key: frozenset(each) for key, each in japanese.items()},
        {key: (kana, frozenset(each)) for key, (kana, each) in verbs.items()},
        parents,
        longest,
    )


def _add(
    entry: str,
    meaning: str,
    english: dict[tuple[str, ...], set[str]],
    japanese: dict[str, set[str]],
    verbs: dict[str, tuple[str, set[str]]],
) -> None:
    words, _, other = entry.partition(":")
    for phrase in words.split(","):
        _add_english(phrase, {meaning}, english)
    for word in other.split():
        _add_japanese(word, meaning, japanese, verbs)


def _add_english(phrase: str, meanings: set[str], english: dict[tuple[str, ...], set[str]]) -> None:
    words = tuple(match[0] for match in WORD.finditer(normalised(phrase)))
    english.setdefault(words, set()).update(meanings)
    english.setdefault(("", *map(stem, words)), set()).update(meanings)  # apart: "custom" is the stem of customer


def _add_japanese(
    word: str, meaning: str, japanese: dict[str, set[str]], verbs: dict[str, tuple[str, set[str]]]
) -> None:
    if len(word) > 1 and word[-1] in OF_ENDING and _is_kanji(word[0]) and "ぁ" <= word[-1] <= "ん":
        base = word[:-1]
        kana = OF_ENDING[word[-1]] if _is_kanji(base[-1]) else ""
        known = verbs.setdefault(base, (kana, set()))
        verbs[base] = ("" if not known[0] or not kana else known[0] + kana, known[1] | {meaning})
    else:
        japanese.setdefault(word, set()).add(meaning)
