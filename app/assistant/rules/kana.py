"""Katakana in Latin letters, so that 「ミナ」 and "Mina" are one name."""

ROWS = {
    "": "アイウエオ", "k": "カキクケコ", "s": "サシスセソ", "t": "タチツテト", "n": "ナニヌネノ", "h": "ハヒフヘホ", "m": "マミムメモ",
    "r": "ラリルレロ", "g": "ガギグゲゴ", "z": "ザジズゼゾ", "d": "ダヂヅデド", "b": "バビブベボ", "p": "パピプペポ",
}  # fmt: skip
VOWELS = "aiueo"
LETTERS = {kana: row + vowel for row, line in ROWS.items() for kana, vowel in zip(line, VOWELS, strict=True)} | {
    "シ": "shi", "チ": "chi", "ツ": "tsu", "フ": "fu", "ジ": "ji", "ヂ": "ji", "ヅ": "zu", "ヤ": "ya", "ユ": "yu", "ヨ": "yo", "ワ": "wa",
    "ヲ": "o", "ン": "n", "ヴ": "vu", "ー": "", "・": "",
}  # fmt: skip
SMALL = {"ャ": "ya", "ュ": "yu", "ョ": "yo", "ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e", "ォ": "o"}
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


def _joined(letters: str, sound: str) -> str:
    """A sound with a small vowel: キ and ャ are "kya", シ and ャ "sha"."""
    start = letters[:-1]
    return start + (sound[1:] if start.endswith(("sh", "ch", "j")) and len(sound) == 2 else sound)
