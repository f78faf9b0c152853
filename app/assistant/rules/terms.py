"""The subject words of a text in both languages: 「デプロイは火曜」 and "we deploy on Tuesdays" have the same ones."""

import re
import unicodedata
from functools import lru_cache

from app.assistant.rules.kana import in_latin_letters, sounds_alike, sounds_like_two
from app.language import topics
from app.language.data import any_of, read_data
from app.language.words import stem

READ_CHARACTERS = 2000
LONG_WORD, MOST_PAIRED = 9, 12
GOES_LIVE = re.compile(r"\b(?:go(?:es|ing)?|went|gone) live\b")
KANA = "~"  # before a word that was written in katakana and that no vocabulary has
JAPANESE = re.compile(r"[ぁ-ヺー㐀-䶿一-鿿々〆]+")
# In Latin letters, and as they are written with kanji.
WRITTEN_NAMES: dict[str, list[str]] = read_data(__file__, "names.toml")["names"]


def _read_words() -> tuple[dict[str, str], frozenset[str], frozenset[str]]:
    """The concepts by their words, and the English and Japanese words that name nothing."""
    data = read_data(__file__, "terms.toml")
    glossary: dict[str, list[str]] = read_data(__file__, "glossary.toml")["concepts"]
    # A name of one kanji is a word, too: 「森さん」 is Mori.
    names: dict[str, list[str]] = {
        name: [*_spellings(name), *(each if len(each) > 1 else f"{each}さん" for each in written)]
        for name, written in WRITTEN_NAMES.items()
    }
    concepts = {
        unicodedata.normalize("NFKC", word): concept
        for concept, words in (*glossary.items(), *names.items(), *data["concepts"].items())
        for word in words
    }
    return concepts, frozenset(data["stop"]["english"]), frozenset(data["stop"]["japanese"])


def _spellings(name: str) -> list[str]:
    """A name with the long vowels that Japanese people often write: Ono is "Ohno", Sato "Satoh"."""
    first = [f"oh{name[1:]}"] if name[0] == "o" and name[1] not in "aiueoh" else []
    return [name, *first, *([f"{name}h", f"{name}u"] if name.endswith("o") else [])]


CONCEPTS, STOP_ENGLISH, STOP_JAPANESE = _read_words()
NAMES = frozenset(WRITTEN_NAMES)
BY_STEM = {stem(word): concept for word, concept in CONCEPTS.items() if word.isascii()}
# "designs" is of "design", not of "designer".
BY_STEM |= {word: concept for word, concept in CONCEPTS.items() if word.isascii() and stem(word) == word}
# The vocabulary of topics adds words; those of this file count first.
TOPIC_WORDS: dict[str, str] = {
    word: concept
    for concept, words in topics.CONCEPTS.items()
    for word in words
    if len(word) > 1 and JAPANESE.fullmatch(word) and word not in CONCEPTS
}
JAPANESE_WORDS = sorted((word for word in (*CONCEPTS, *TOPIC_WORDS) if not word.isascii()), key=len, reverse=True)
# 「出力」 is a word, although 「出」 alone names nothing.
STOPS = [
    f"{each}(?![一-鿿])" if len(each) == 1 else re.escape(each) for each in sorted(STOP_JAPANESE, key=len, reverse=True)
]
TOKEN = re.compile(
    rf"(?P<known>{any_of([*map(re.escape, JAPANESE_WORDS), *STOPS])})"
    r"|(?P<latin>[a-z0-9]+(?:[.+#-][a-z0-9]+)*[+#]*)|(?P<kana>[ァ-ヺー]{2,})|(?P<kanji>[㐀-䶿一-鿿々〆]+)"
)


@lru_cache(maxsize=4096)
def terms_of(text: str) -> frozenset[str]:
    """The distinct subject words of a text; its first 2,000 characters are read."""
    plain = unicodedata.normalize("NFKC", text[:READ_CHARACTERS]).lower()[:READ_CHARACTERS]
    plain = GOES_LIVE.sub("go-live", plain)
    found = set[str]()
    for match in TOKEN.finditer(plain):
        if match["known"]:
            found |= _concept(match["known"])
        elif match["latin"]:
            found |= _latin(match["latin"])
        elif match["kana"]:
            found |= _known(match["kana"]) or {f"{KANA}{in_latin_letters(match['kana'])}"}
        else:
            found |= _kanji(match["kanji"])
    return frozenset(found)


def _concept(word: str) -> set[str]:
    if word in STOP_JAPANESE:
        return set()
    if word in CONCEPTS:
        return _words_of(CONCEPTS[word]) if " " in CONCEPTS[word] else {CONCEPTS[word]}
    return _words_of(TOPIC_WORDS[word])


def _words_of(concept: str) -> set[str]:
    """A concept as the words of its English name, so that 「単体テスト」 is "unit test"."""
    return {BY_STEM.get(stem(each), stem(each)) for each in concept.split() if each not in STOP_ENGLISH}


def _latin(word: str) -> set[str]:
    if word in STOP_ENGLISH:
        return set()
    concept = BY_STEM.get(stem(word))
    if concept is not None:
        return {concept}
    if known := _known(word):
        return known
    pieces = [part for part in word.split("-") if part]
    parts = [part for part in pieces if part not in STOP_ENGLISH]
    return {BY_STEM.get(stem(part), stem(part)) for part in parts} if len(pieces) > 1 and parts else {stem(word)}


def _known(word: str) -> set[str]:
    """The words of the concept of a word that only the vocabulary of topics has."""
    found = topics.terms_of(word)
    whole = len(found) == 1 and found[0].known and found[0].end - found[0].start == len(word)
    return _words_of(found[0].name) if whole else set()


def _kanji(run: str) -> set[str]:
    """A run of kanji as pairs: 「田中様」 shares 「田中」 with 「田中」."""
    if known := _known(run):
        return known
    return {run} if len(run) == 1 else {run[place : place + 2] for place in range(len(run) - 1)}


def containment(wanted: frozenset[str], text: frozenset[str]) -> float:
    """The part of the wanted words that the text has, 0..1; 「アレルギー」 is the same word as "allergy"."""
    if not wanted:
        return 0.0
    missing, others = wanted - text, text - wanted
    same = len(wanted) - len(missing)
    if missing and others:
        same += sum(
            any(_is_loanword(each, other) for other in others) or _is_compound(each, others) for each in missing
        )
    return same / len(wanted)


def _is_compound(word: str, others: frozenset[str]) -> bool:
    """Whether a katakana word is two of the English ones: 「クローズドベータ」 and "closed beta"."""
    if not word.startswith(KANA) or len(word) < LONG_WORD or len(others) > MOST_PAIRED:
        return False
    english = [each for each in others if each.isascii() and each.isalpha()]
    return any(one != other and sounds_like_two(word.lstrip(KANA), one, other) for one in english for other in english)


def _is_loanword(one: str, other: str) -> bool:
    """Whether one of them is a katakana word and the other one its English original."""
    kana, english = (one, other) if one.startswith(KANA) else (other, one)
    if not kana.startswith(KANA) or not english.isascii() or english.startswith(KANA):
        return False
    return sounds_alike(kana.lstrip(KANA), english)
