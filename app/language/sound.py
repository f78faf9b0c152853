"""The consonants by which a loanword in katakana and its English word sound alike: カフェラテ and "caffe latte"."""

import re
import unicodedata
from functools import lru_cache

_ROWS = {
    "": "アイウエオァィゥェォ",
    "k": "カキクケコ",
    "g": "ガギグゲゴジヂ",
    "s": "サシスセソザズゼゾヅ",
    "t": "タテト",
    "C": "チ",
    "d": "ダデド",
    "n": "ナニヌネノン",
    "h": "ハヒヘホ",
    "f": "フ",
    "b": "バビブベボヴ",
    "p": "パピプペポ",
    "m": "マミムメモ",
    "r": "ラリルレロ",
    "w": "ワヲ",
    "ts": "ツ",
}
_OF_KANA = {kana: sound for sound, row in _ROWS.items() for kana in row}
_SMALL = "ァィゥェォャュョッー"
# Spellings of English with their sounds, the longest first; a vowel is "a", which is left out at the end.
_SPELLINGS = (
    ("tion", "sn"),
    ("ssion", "sn"),
    ("sion", "Gn"),
    ("ture", "C"),
    ("sch", "sk"),
    ("tch", "C"),
    ("dge", "g"),
    ("gn", "n"),
    ("kn", "n"),
    ("wr", "r"),
    ("ph", "f"),
    ("th", "s"),
    ("sh", "s"),
    ("ch", "C"),
    ("ck", "k"),
    ("gh", ""),
    ("wh", "w"),
    ("qu", "k"),
    ("ce", "sa"),
    ("ci", "sa"),
    ("cy", "sa"),
    ("x", "ks"),
    ("c", "k"),
    ("q", "k"),
    ("v", "b"),
    ("l", "R"),
    ("j", "g"),
    ("z", "s"),
    ("y", "a"),
)
_VOWEL = re.compile(r"[aeiou]+")
_SILENT = re.compile(r"[rw](?!a)")  # "server" is サーバー
_BEFORE_LABIAL = re.compile(r"m(?=[pb])")
_TWICE = re.compile(r"(.)\1+")


@lru_cache(maxsize=8192)
def sound_of(word: str) -> str:
    """The consonants of a katakana or English word in lower case; one that begins with a vowel begins with "-"."""
    if "ァ" <= word[:1] <= "ー":
        return _sound_of_katakana(word)
    plain = "".join(each for each in unicodedata.normalize("NFD", word) if each.isascii())
    for spelling, sound in _SPELLINGS:
        plain = plain.replace(spelling, sound)
    plain = _TWICE.sub(r"\1", _VOWEL.sub("a", plain))
    return _finished(_SILENT.sub("", plain))


def _sound_of_katakana(word: str) -> str:
    sounds = []
    for place, kana in enumerate(word):
        following = word[place + 1 : place + 2]
        if kana == "ウ" and following in ("ィ", "ェ", "ォ"):
            sounds.append("wa")
        elif kana in ("テ", "デ", "ト", "ド") or kana not in _SMALL:
            sounds.append(f"{_OF_KANA.get(kana, '')}{'' if kana == 'ン' else 'a'}")
    return _finished(_TWICE.sub(r"\1", "".join(sounds)))


def _finished(sounds: str) -> str:
    plain = _BEFORE_LABIAL.sub("n", _TWICE.sub(r"\1", sounds)).replace("R", "r").replace("G", "g")
    return ("-" if plain.startswith("a") else "") + plain.replace("a", "")[:24]
