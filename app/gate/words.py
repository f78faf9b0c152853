"""The word lists of the gate as patterns."""

import re
from collections.abc import Iterable, Mapping, Sequence

from app.language.data import any_of, lazy_pattern, read_data
from app.language.words import CJK_RUN

_DATA = read_data(__file__, "words.toml")


def pattern_of(words: Iterable[str]) -> str:
    """A pattern for any of the words; English ones match whole words."""
    return any_of(each if CJK_RUN.search(each) else rf"(?<![a-z0-9]){each}(?![a-z0-9])" for each in words)


def _compiled(words: Iterable[str]) -> re.Pattern[str]:
    return lazy_pattern(pattern_of(words))


# 分析ダッシュボード is a thing; it examines nothing.
_NO_THING = f"(?!{any_of(_DATA['things'])})"
ABOUT: Mapping[str, re.Pattern[str]] = {
    concept: _compiled(f"{each}{_NO_THING}" if CJK_RUN.search(each) else each for each in words)
    for concept, words in _DATA["about"].items()
}
# An article and one adjective may follow: "from our old MySQL".
BEFORE_AWAY = re.compile(
    rf"{pattern_of(_DATA['away']['before'])}[ -](?:(?:the|our|old|all|any|a|an|its|to)[ -])*(?:[\w-]+[ -])?$"
)
AFTER_AWAY = re.compile(rf" ?(?:{'|'.join(_DATA['away']['after'])})")
ARTICLES = "(?:(?:the|our|old|all|any|a|an|its) )*"
# "Shut down the project on GCP", "remove the dependency on moment".
BEFORE_PART_AWAY = re.compile(
    rf"{pattern_of(_DATA['away']['parts'])} (?!and )[\w-]+(?: (?!and |to |by |with )[\w-]+){{0,4}} "
    r"(?:on|in|at|of|from|for|under) (?:(?:the|our|old|all|any|a|an|its) )*$"
)
BEFORE_LEFT = re.compile(rf"{pattern_of(_DATA['leaves']['before'])} {ARTICLES}(?:[\w-]+ )?$")
AFTER_LEFT = re.compile(rf" ?(?:{'|'.join(_DATA['leaves']['after'])})")
BEFORE_ADOPTED = re.compile(rf"{pattern_of(_DATA['adopts']['before'])} {ARTICLES}(?:[\w-]+ )?$")
AFTER_ADOPTED = re.compile(rf" ?(?:{'|'.join(_DATA['adopts']['after'])})")
LEGACY = re.compile(rf"(?:{pattern_of(_DATA['away']['legacy'])}) ?$")
PHASES = _compiled(_DATA["phases"])
CLASS_CONCEPTS: Mapping[str, str] = _DATA["class_concepts"]
UNDO = _compiled(_DATA["undo"])
BYPASS_BEFORE = re.compile(
    rf"{pattern_of(_DATA['bypass'])} (?:(?:the|a|an|any|all|our|its|to|for|of"
    r"|waiting|asking|getting|having|doing|running|going through|writing) )*(?:[\w-]+ )?$"
)
BYPASS_AFTER = re.compile(
    rf"[\w ]{{0,12}}? ?{pattern_of(_DATA['bypass_suffix'])}"
    rf"|[ァ-ヶー一-龯々]{{0,10}}の?(?:{'|'.join(_DATA['bypass_after'])})"
)
LATER = _compiled(_DATA["later"])
FORBIDS = _compiled(_DATA["rules"]["forbids"])
EXCEPTIONS = re.compile(_DATA["rules"]["exceptions"])
VERBS: Mapping[str, re.Pattern[str]] = {name: _compiled(words) for name, words in _DATA["verbs"].items()}
CLASSES: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    name: {member: _compiled(words) for member, words in members.items()} for name, members in _DATA["classes"].items()
}
TIMES = frozenset({"second", "month"})  # units of durations
ASPECTS: Mapping[str, str] = {word: name for name, words in _DATA["aspects"].items() for word in words}
NEUTRAL = frozenset(_DATA["neutral"]["words"])
ACTORS: Mapping[str, re.Pattern[str]] = {name: _compiled(words) for name, words in _DATA["actors"].items()}
ACTOR = "an actor"  # a statement that names people is compared with rules for some people
ONLY_SOME = re.compile(
    r"(?<![a-z])only (?:the |our |project |team )?(?P<english>[a-z]+(?: [a-z]+)?) "
    r"(?:may|can|should|must|shall|is|are|have|has|get|gets)(?![a-z])"
    r"|(?P<japanese>[ァ-ヶー一-龯々]{2,12})(?:のみ|だけ)"
)
A_FEATURE = "a feature"  # a statement that asks for one is compared with such scopes
# A scope that leaves out all features but the named ones, and sentences that ask to build a feature.
ALL_BUT = re.compile(
    r"(?<![a-z])(?:every|any)(?:thing|one)? ?(?:features? )?(?:else )?(?:other than|except|but|apart from|besides)"
    r"|(?<![a-z])(?:all|other|any)? ?features (?:other than|except|but|apart from|besides)"
    r"|(?:以外|を除[いく][^、。]{0,4})の?(?:機能|すべて|全て|もの)?(?:は|が|を)"
)
BUILDS = re.compile(
    r"^(?:please )?(?:build|add|create|implement|make|develop|introduce|redesign|rebuild|rework|rewrite) "
    r"(?:the |an? |our )?"
    r"(?P<english>(?:[\w-]+ ){1,3}(?:feature|screen|page|mode|integration|module))(?![a-z])"
    r"|(?P<japanese>[^\s、。をはが]{2,12}(?:機能|画面|モード|連携))を?(?:作|追加|実装|開発|導入|つけ|付け)"
)
PARTS = frozenset(_DATA["parts"]["words"])
PRODUCTS = frozenset(_DATA["products"]["words"])
DIMENSIONS: Mapping[str, re.Pattern[str]] = {name: _compiled(words) for name, words in _DATA["dimensions"].items()}
ABOUT_THINGS = _compiled(_DATA["about_things"]["words"])
EVENTS = _compiled(_DATA["events"]["words"])
WEAK = frozenset(_DATA["weak"]["words"])
OPPOSITES: Mapping[str, Sequence[str]] = _DATA["opposites"]
CONTRASTS = [(_compiled(each["of"]), _compiled(each["other"])) for each in _DATA["contrasts"]]
COVERED: Mapping[str, float] = _DATA["covered"]
UNNUMBERED = frozenset(_DATA["unnumbered"]["words"])
ALONE = _compiled(_DATA["alone"]["words"])
OTHERS = _compiled(_DATA["alone"]["others"])
INCLUDES = frozenset(_DATA["includes"]["words"])
EXTENDS = _compiled(_DATA["extends"]["words"])
DESPITE = _compiled(_DATA["despite"]["words"])
NOTIFIES_IF = re.compile(
    rf"^(?:please )?{pattern_of(_DATA['notifies']['english'])} "
    r".*?(?P<condition>(?<![a-z])(?:when|if|once|whenever|as soon as)(?![a-z]))"
)
NOTIFIES = re.compile(any_of(_DATA["notifies"]["japanese"]))
DISTINCT = frozenset(_DATA["distinct"]["classes"])
STOP: frozenset[str] = frozenset(_DATA["stop"]["words"])
# Japanese verbs and words of grammar inside a run of kanji.
EMPTY = re.compile(
    any_of(
        sorted(
            (
                each
                for words in (STOP, *_DATA["verbs"].values())
                for each in words
                if CJK_RUN.fullmatch(each) and len(each) > 1
            ),
            key=len,
            reverse=True,
        )
    )
)
REQUEST: re.Pattern[str] = re.compile(_DATA["questions"]["request"])
QUESTION: re.Pattern[str] = re.compile(_DATA["questions"]["question"])
