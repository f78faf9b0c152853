"""Turns "remember that ...", preferences and "forget that ..." into calls of remember and forget."""

import re
from functools import lru_cache

from app.assistant.record import KnownMemory
from app.assistant.rules.certainty import tells_of_others
from app.assistant.rules.matching import find
from app.assistant.rules.sentence import Sentence
from app.assistant.rules.situation import Situation, call
from app.assistant.rules.terms import terms_of
from app.language.data import read_data
from app.tools.calls import ToolCall

DATA = read_data(__file__, "memories.toml")
REMEMBER, PREFERENCE, FORGET = (
    [re.compile(each, re.IGNORECASE) for each in DATA[name]] for name in ("remember", "preference", "forget")
)
PASSING = re.compile(DATA["passing"], re.IGNORECASE)
ABOUT_PERSON = re.compile(
    r"^(?:i|my)\b|^i'm\b|私|僕|俺|自分|好き|派|苦手|嫌い|please|always|answer|reply|回答|返事|返答|説明", re.IGNORECASE
)
POINTS_BACK = re.compile(r"^(?:that|this|it|これ|それ|このこと|そのこと|今の(?:こと|話)?|上記)?$", re.IGNORECASE)
# What only announces the fact: 「忘れないように伝えておきます。」.
ANNOUNCES = re.compile(DATA["announces"], re.IGNORECASE)
PERSON_CHANGED = re.compile(
    r".{1,30}?(?:は|が).{1,20}?(?:さん|様|氏)(?:から.{1,20}?(?:さん|様|氏))?に(?:変わり|代わり|交代し|なり|変更になり)ました",
    re.IGNORECASE,
)
# 「個人的な好みですが、」
FRAME = re.compile(
    r"^(?:(?:個人的|あくまで個人的)な(?:好み|意見|話)|好みの(?:話|問題)|余談|ちなみに)(?:です|だ|なの|なん)?(?:です|だ)?(?:が|けど|けれど)[、,]"
)
ASKS_FIRST = re.compile(
    r"(?:please )?(?:remember|note|keep in mind|bear in mind)\b(?! (?:to|when|if)\b)", re.IGNORECASE
)
SURE = 0.6
SHORTEST = 4
MOST_SENTENCES = 3


def read_memory(sentence: Sentence, situation: Situation) -> list[ToolCall] | None:
    """The call to forget or to remember; None when the sentence asks for neither."""
    if sentence.question:
        return None
    if forgotten := _forget(sentence, situation):
        return forgotten  # "forget what I said about ..." reports nothing
    if sentence.supposed and ASKS_FIRST.match(sentence.core) is None:
        return None
    if PERSON_CHANGED.fullmatch(sentence.core):
        return [call("remember", {"content": sentence.text.rstrip(" 。.")})]
    return _remember(sentence, situation) or _preference(sentence, situation)


def _forget(sentence: Sentence, situation: Situation) -> list[ToolCall] | None:
    for pattern in FORGET:
        match = pattern.fullmatch(sentence.core)
        if match is None or match["what"].lower().startswith("to "):
            continue
        found = find(match["what"], situation.record.memories, lambda each: each.content, sure=SURE)
        if found.one is not None:
            return [call("forget", {"id": str(found.one.id)})]
        if found.several:
            return _several(found.several)
    return None


def _several(memories: tuple[KnownMemory, ...]) -> list[ToolCall]:
    """The same fact may be stored several times, once by its words and once by the extraction: all are meant."""
    words = [terms_of(each.content) for each in memories]
    if all(each == words[0] for each in words):
        return [call("forget", {"id": str(each.id)}) for each in memories]
    return [call("forget", {}, candidates=[each.id for each in memories[:6]])]


def _remember(sentence: Sentence, situation: Situation) -> list[ToolCall] | None:
    for pattern in REMEMBER:
        match = pattern.fullmatch(sentence.core) or pattern.fullmatch(sentence.text.rstrip(" 。.!！"))
        if match is None:
            continue
        content = match["what"].strip(" 、,。.:")
        if POINTS_BACK.match(content):
            content = _before(situation) if situation.earlier else _said_before(situation)
        if len(content) >= SHORTEST or terms_of(content):
            return [call("remember", {"content": content})]
    return None


def _before(situation: Situation) -> str:
    """The statements of the message so far, when they led to nothing else; or only the last one."""
    earlier = [each for each in situation.earlier if not each.question and not ANNOUNCES.fullmatch(each.core)]
    if situation.calls or not 1 < len(earlier) <= MOST_SENTENCES:
        return situation.earlier[-1].core
    return ("。" if earlier[0].japanese else ". ").join(each.core for each in earlier)


def _said_before(situation: Situation) -> str:
    return next((turn.text for turn in reversed(situation.record.turns) if turn.role == "user"), "")


def _preference(sentence: Sentence, situation: Situation) -> list[ToolCall] | None:
    if (
        PASSING.search(sentence.core)
        or tells_of_others(sentence)
        or not any(pattern.fullmatch(sentence.core) for pattern in PREFERENCE)
    ):
        return None
    if any(each.content.strip(" 。.") == sentence.core for each in situation.record.memories):
        return []
    tags = ["preference"] if ABOUT_PERSON.search(sentence.core) else None
    content = FRAME.sub("", sentence.text.rstrip(" 。."))
    return [call("remember", {"content": content, "tags": tags}, confidence=0.8)]


def remember_following(sentence: Sentence, following: Sentence | None) -> ToolCall | None:
    """The call for 「覚えておいてください。…」: what follows it is to be remembered."""
    if following is None or following.question or not remembers_before(sentence):
        return None
    return call("remember", {"content": following.text.rstrip(" 。.!！")})


@lru_cache(maxsize=64)
def remembers_before(sentence: Sentence | None) -> bool:
    """Whether it asks to remember what was said before it: 「覚えておいて」."""
    if sentence is None or sentence.question:
        return False
    matches = (pattern.fullmatch(sentence.core) for pattern in REMEMBER)
    match = next((match for match in matches if match), None)
    return match is not None and POINTS_BACK.match(match["what"].strip(" 、,。.:")) is not None


@lru_cache(maxsize=64)
def unmatched_forget(sentence: Sentence) -> bool:
    """Whether the sentence asks to forget something, although no memory fits."""
    return any(pattern.fullmatch(sentence.core) for pattern in FORGET)
