"""The word lists of the gate as patterns."""

import re
from collections.abc import Iterable, Mapping

from app.language.data import any_of, read_data
from app.language.words import CJK_RUN

_DATA = read_data(__file__, "words.toml")


def pattern_of(words: Iterable[str]) -> str:
    """A pattern for any of the words; English ones match whole words."""
    return any_of(each if CJK_RUN.search(each) else rf"(?<![a-z0-9]){each}(?![a-z0-9])" for each in words)


def _compiled(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(pattern_of(words))


ABOUT: Mapping[str, re.Pattern[str]] = {concept: _compiled(words) for concept, words in _DATA["about"].items()}
# An article and one adjective may follow: "from our old MySQL".
BEFORE_AWAY = re.compile(
    rf"{pattern_of(_DATA['away']['before'])}[ -](?:(?:the|our|old|all|any|a|an|its|to)[ -])*(?:[\w-]+[ -])?$"
)
AFTER_AWAY = re.compile(rf" ?(?:{'|'.join(_DATA['away']['after'])})")
ARTICLES = "(?:(?:the|our|old|all|any|a|an|its) )*"
BEFORE_LEFT = re.compile(rf"{pattern_of(_DATA['leaves']['before'])} {ARTICLES}(?:[\w-]+ )?$")
AFTER_LEFT = re.compile(rf" ?(?:{'|'.join(_DATA['leaves']['after'])})")
BEFORE_ADOPTED = re.compile(rf"{pattern_of(_DATA['adopts']['before'])} {ARTICLES}(?:[\w-]+ )?$")
AFTER_ADOPTED = re.compile(rf" ?(?:{'|'.join(_DATA['adopts']['after'])})")
LEGACY = re.compile(rf"(?:{pattern_of(_DATA['away']['legacy'])}) ?$")
PHASES = _compiled(_DATA["phases"])
CLASS_CONCEPTS: Mapping[str, str] = _DATA["class_concepts"]
UNDO = _compiled(_DATA["undo"])
BYPASS_BEFORE = re.compile(rf"{pattern_of(_DATA['bypass'])} (?:(?:the|a|an|any|all|our|its|to|for|of) )*(?:[\w-]+ )?$")
BYPASS_AFTER = re.compile(
    rf"[\w ]{{0,12}}? ?{pattern_of(_DATA['bypass_suffix'])}"
    rf"|[ァ-ヶー一-龯々]{{0,10}}の?(?:{'|'.join(_DATA['bypass_after'])})"
)
LATER = _compiled(_DATA["later"])
FORBIDS = _compiled(_DATA["rules"]["forbids"])
REQUIRES = _compiled(_DATA["rules"]["requires"])
EXCEPTIONS = re.compile(_DATA["rules"]["exceptions"])
VERBS: Mapping[str, re.Pattern[str]] = {name: _compiled(words) for name, words in _DATA["verbs"].items()}
CLASSES: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    name: {member: _compiled(words) for member, words in members.items()} for name, members in _DATA["classes"].items()
}
DISTINCT = frozenset(_DATA["distinct"]["classes"])
STOP: frozenset[str] = frozenset(_DATA["stop"]["words"])
REQUEST: re.Pattern[str] = re.compile(_DATA["questions"]["request"])
QUESTION: re.Pattern[str] = re.compile(_DATA["questions"]["question"])
