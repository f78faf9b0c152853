"""Finds statements that are worth remembering in a message, by rules for English and Japanese."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

SENTENCE = re.compile(r"[^.!?。！？\n]+(?:[.!?。！？]+|(?=\n)|$)|\n")
QUOTED = re.compile(r"```.*?(?:```|\Z)|^[ \t]*>.*$|<[^<>]{1,200}>", re.DOTALL | re.MULTILINE)
LONGEST, SHORTEST = 300, 6
# Questions, suppositions and reported speech are not statements of the user.
NO_STATEMENT = re.compile(
    r"[?？]\s*$|^(?:if|maybe|perhaps|suppose|what|why|how|when|where|who|which|could|would|should|can|do|does|did|is|are)\b"
    r"|\b(?:he|she|they|someone) (?:said|says|told)\b|もし|かもしれ|だろうか|でしょうか|ですか|ますか|と言って|そうです[。.]?$|らしい",
    re.IGNORECASE,
)
Tag = Literal["preference", "profile", "fact", "decision"]


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the user to remember. A later statement with the same `slot`, its subject, replaces it."""

    content: str
    tag: Tag
    slot: str | None = None
    working: bool = False


# The first group that matches is the slot.
PATTERNS: tuple[tuple[Tag, str], ...] = (
    ("decision", r"^(?:so |ok,? |okay,? )?(?:we|i)(?:'ve| have)? (?:decided|agreed) (?:to|that|on|against)\b"),
    (
        "decision",
        r"^(?:we|i)(?:'ll| will| are going to|'re going to) (?:use|go with|adopt|switch to|keep)\b.*?(?: for (.+?))?[.!]*$",
    ),
    (
        "decision",
        r"^(?:we|i)(?:'ve| have)? (?:chose|chosen|picked|switched to|moved to|adopted)\b.*?(?: for (.+?))?[.!]*$",
    ),
    ("decision", r"^let'?s (?:use|go with|adopt|switch to)\b.*?(?: for (.+?))?[.!]*$"),
    ("profile", r"^(my name) is\b|^(?:please )?(call me)\b"),
    ("profile", r"^i (live in|work (?:at|for|as|on)|come from|was born in)\b"),
    ("profile", r"^i(?:'m| am) (?:an? |the |from |allergic )"),
    (
        "preference",
        r"^(?:i|we) (?:really |much |strongly |always |usually |never )?(?:prefer|like|love|hate|dislike|can't stand)\b",
    ),
    ("preference", r"^(?:please )?(?:always|never) \w+"),
    ("fact", r"^(?:we|i)(?: always| usually| currently| now)? (?:use|run|deploy|host|write)\b.*?(?: for (.+?))?[.!]*$"),
    ("fact", r"^((?:my|our) [\w' -]{2,40}?) (?:is|are|was|runs|lives|expires)\b"),
    ("fact", r"^(?:please )?(?:remember|note|keep in mind)(?: that|:|,)? (.+?) (?:is|are) "),
    ("fact", r"^(?:please )?(?:remember|note|keep in mind)(?: that|:|,)? \w+"),
    ("decision", r"(?:に|と)(?:決めた|決めました|決定した|決定しました)"),
    ("decision", r"(?:(.+?)(?:は|には))?.+(?:を採用し|を選択し|に変更し|に切り替え|に移行し)(?:た|ました|ます|よう)"),
    (
        "decision",
        r"(?:(.+?)は).+(?:にした|にしました|にします|にしよう|ことにする|ことにした|ことにします|ことにしました)[。.!！]*$",
    ),
    ("profile", r"^(?:私|僕|俺|わたし)の(名前)は"),
    ("profile", r"(?:に(住ん)で|で(働い)て)(?:いる|います|いた)"),
    ("profile", r"^(?:私|僕|俺|わたし)は.+(?:です|だ)[。.!！]*$"),
    ("preference", r"(?:が|は)(?:大好き|好き|嫌い|苦手|好み)(?:だ|です|な|で|。|$)|(?:ほう|方)が(?:いい|良い|好き)"),
    ("preference", r"(?:いつも|必ず|絶対に).+(?:してほしい|してください|して下さい|しないで)"),
    ("fact", r"(?:(.+?)(?:は|には|では)).+を使って(?:いる|います)"),
    ("fact", r"^((?:私たちの|うちの|弊社の|我々の|このプロジェクトの)[^は]{1,30})は.+"),
    ("fact", r"(?:を|と|って)覚えて(?:おいて|ください|下さい|ね)"),
)
RULES = tuple((tag, re.compile(pattern, re.IGNORECASE)) for tag, pattern in PATTERNS)
WORKING = re.compile(
    r"^(?:i'm|i am|we're|we are) (?:currently |now |just )?(?:working on|debugging|looking at|fixing|writing)\b"
    r"|(?:今|いま|現在).*(?:している|しています|中です|中だ)[。.]?$",
    re.IGNORECASE,
)


def find_statements(text: str, most: int = 3) -> list[Statement]:
    """At most `most` statements of lasting interest; quotations and code are ignored."""
    found = list[Statement]()
    for match in SENTENCE.finditer(QUOTED.sub("\n", text)):
        statement = _read(" ".join(match[0].split()))
        if statement is not None and len(found) < most:
            found.append(statement)
    return found


def _read(sentence: str) -> Statement | None:
    plain = unicodedata.normalize("NFKC", sentence)
    if not SHORTEST <= len(plain) <= LONGEST or NO_STATEMENT.search(plain):
        return None
    if WORKING.search(plain):
        return Statement(sentence, "fact", working=True)
    for tag, pattern in RULES:
        if match := pattern.search(plain):
            slot = next((group for group in match.groups() if group), None)
            return Statement(sentence, tag, None if slot is None else slot.strip(" 、,").lower())
    return None


def slot_of(content: str) -> str | None:
    """The slot of a remembered sentence."""
    statement = _read(content)
    return None if statement is None else statement.slot
