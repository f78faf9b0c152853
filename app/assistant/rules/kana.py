"""Katakana in Latin letters, so that 「ミナ」 and "Mina" are one name."""

import re
from functools import lru_cache

ROWS = {
    "": "アイウエオ", "k": "カキクケコ", "s": "サシスセソ", "t": "タチツテト", "n": "ナニヌネノ",
    "h": "ハヒフヘホ", "m": "マミムメモ",
    "r": "ラリルレロ", "g": "ガギグゲゴ", "z": "ザジズゼゾ", "d": "ダヂヅデド", "b": "バビブベボ", "p": "パピプペポ",
}  # fmt: skip
VOWELS = "aiueo"
LETTERS = {kana: row + vowel for row, line in ROWS.items() for kana, vowel in zip(line, VOWELS, strict=True)} | {
    "シ": "shi", "チ": "chi", "ツ": "tsu", "フ": "fu", "ジ": "ji", "ヂ": "ji", "ヅ": "zu",
    "ヤ": "ya", "ユ": "yu", "ヨ": "yo", "ワ": "wa",
    "ヲ": "o", "ン": "n", "ヴ": "vu", "ー": "", "・": "",
}  # fmt: skip
SMALL = {"ャ": "ya", "ュ": "yu", "ョ": "yo", "ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e", "ォ": "o"}
# English spellings and what Japanese makes of them.
SOUNDS = tuple(
    (re.compile(written), said)
    for written, said in (
        (r"tion", "shn"), (r"ph", "h"), (r"f", "h"), (r"ck|q|c(?![hiey])", "k"), (r"c(?=[iey])", "s"), (r"x", "ks"),
        (r"th", "s"), (r"l", "r"),
        (r"v", "b"), (r"dg|g(?=[ey])", "j"), (r"tch", "ch"), (r"sh|z", "s"), (r"ch|ts", "t"),
        (r"j", "g"), (r"m(?=[pb])", "n"),
    )
)  # fmt: skip
MUTE_R = re.compile(r"r(?=[^aiueoy]|$)")
VOWEL = re.compile(r"[aiueowy]")
REPEATED = re.compile(r"(.)\1+")
LEAST = 3  # consonants from which a part of a word is enough: the stem of "scheduler" has no ending
KANA_RUN = re.compile(r"[ぁ-ゖァ-ヺー]{2,}")
TO_KATAKANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}
READ_CHARACTERS, MOST_RUNS, LONGEST_NAME = 300, 40, 6
LONG_VOWELS = (("ou", "o"), ("oo", "o"), ("uu", "u"))


def in_latin_letters(kana: str) -> str:
    """The Hepburn form without long vowels: リョウ is "ryo"."""
    letters, double = "", False
    for character in kana:
        if character == "ッ":
            double = True
        elif character in SMALL:
            letters = _joined(letters, SMALL[character])
        else:
            sound = LETTERS.get(character, character)
            letters, double = letters + (sound[:1] if double else "") + sound, False
    for said, plain in LONG_VOWELS:
        letters = letters.replace(said, plain)
    return letters


@lru_cache(maxsize=4096)
def names_in_kana(text: str) -> frozenset[str]:
    """What the runs of kana begin with, in Latin letters: "mo", "momo", "momoni" ... of 「ももにごはん」."""
    found = set[str]()
    for run in list(KANA_RUN.finditer(text[:READ_CHARACTERS]))[:MOST_RUNS]:
        katakana = run[0].translate(TO_KATAKANA)
        found |= {in_latin_letters(katakana[:length]) for length in range(2, min(len(katakana), LONGEST_NAME) + 1)}
    return frozenset(found)


def sounds_alike(kana: str, english: str) -> bool:
    """Whether a katakana word, in Latin letters, is the loanword of an English one: "arerugi" and "allergy".

    The English word may be a stem, so a part is enough; app.language.sound compares whole words.
    """
    one = _consonants(kana)
    return kana == english or any(
        _alike(one, other) for other in {_consonants(english), _consonants(MUTE_R.sub("", english))}
    )


def sounds_like_two(kana: str, one: str, other: str) -> bool:
    """Whether a katakana word is two English words: "kurozudobeta" and the stems "close" and "beta"."""
    whole, first, last = _consonants(kana), _consonants(one), _consonants(other)
    rest = len(whole) - len(first) - len(last)
    return min(len(first), len(last)) > 1 and rest in (0, 1) and whole.startswith(first) and whole.endswith(last)


def _alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= LEAST and long.startswith(short) and len(long) - len(short) < LEAST - 1


@lru_cache(maxsize=4096)
def _consonants(word: str) -> str:
    """The consonants of a word as Japanese says them; a vowel at the beginning counts."""
    plain = word.lower()
    for written, said in SOUNDS:
        plain = written.sub(said, plain)
    start = plain[:1] if plain[:1] in VOWELS else ""
    return start + REPEATED.sub(r"\1", VOWEL.sub("", REPEATED.sub(r"\1", plain)))


def _joined(letters: str, sound: str) -> str:
    """A sound with a small vowel: キ and ャ are "kya", シ and ャ "sha"."""
    start = letters[:-1]
    return start + (sound[1:] if start.endswith(("sh", "ch", "j")) and len(sound) == 2 else sound)
