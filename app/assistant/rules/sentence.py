"""A sentence of a message, prepared for the rules."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.assistant.rules.polite import plainly
from app.language.data import read_data
from app.language.technologies import mentions_of
from app.language.text import READ_CHARACTERS, is_japanese, split_sentences
from app.language.times.reading import NotUnderstood, Reading, Recurrence, Time, read_time

DATA = read_data(__file__, "sentences.toml")
OPENING = re.compile("|".join(f"(?:{each})" for each in DATA["openings"]), re.IGNORECASE)
CLOSING = re.compile(
    r"(?:[\s。．.!！~〜…♪笑)）」』\"'☀-➿\U0001f1e6-\U0001faff\ufe0f\u200d]|(?<=[ぁ-ん。！!])[wー]+|(?<=\W)(?:lol|haha+|x?d)(?=$))+$",
    re.IGNORECASE,
)
FIRM = re.compile("|".join(f"(?:{each})" for each in DATA["firm"]), re.IGNORECASE)
SETTLES = [re.compile(each, re.IGNORECASE) for each in DATA["settles"]]
TAG = re.compile(r", (?:is|are|was|were|do|does|did|has|have|wo|ca)n't (?:it|that|they|he|she|we)\?*$", re.IGNORECASE)
PLEASE = re.compile(r"[,\s]+(?:please|pls|thanks|thank you|thx)$", re.IGNORECASE)
QUESTION = re.compile("|".join(f"(?:{each})" for each in DATA["questions"]), re.IGNORECASE)
SUPPOSED = re.compile("|".join(f"(?:{each})" for each in DATA["suppositions"]), re.IGNORECASE)
PASTED = re.compile("|".join(f"(?:{each})" for each in DATA["pasted"]))  # their letter case counts
LIST_TITLE = re.compile(DATA["list_title"], re.IGNORECASE)
LISTED = re.compile(r"\s*(?:[-*•・‐]|\d{1,2}[.)]|\[ ?\])\s*(?:\[ ?\]\s*)?(?P<what>\S.*)")
ENUMERATOR = re.compile(r"(?:^|[\s,、;])(?:and )?\(?(?:\d{1,2}|[a-e])[).](?=\s)", re.IGNORECASE)
SEPARATOR = re.compile(r"[,、;] *(?:and |あと|それと)?| and |(?<=[一-龯ァ-ヶー])と(?=[一-龯ァ-ヶーA-Za-z])")
PLURAL = re.compile(DATA["plural"], re.IGNORECASE)
CUTS = [re.compile(each, re.IGNORECASE) for each in DATA["cuts"]]
TWO_TASKS = re.compile(
    r"(.{1,60}?)(?:タスク|ToDo|TODO)と[、,]?(.{1,60}?(?:タスク|ToDo|TODO)を(?:追加|作成|登録).{0,12})"
)
# 「評価は5段階。点数は出しません。」: what is not chosen says that the rest is.
NAMES_ONE = re.compile(r"[^、。]{1,20}は[^。]{1,30}?(?<![るたいすくむうぬつだ])")
REJECTS_OTHER = re.compile(
    r"[^、。]{1,24}(?:は|も)(?:[^。、]{0,16}?)(?:使い|出し|やり|採用し|し|入れ|認め|許し|受け付け|選び|取り|送り)(?:ません|ない)"
)
RULED_OUT = re.compile(
    r"(?:we|i|the team)(?:'ve| have| has)?(?: also| just| all| already)? "
    r"(?:ruled out|rejected|decided against|turned down) "
    r"(?P<option>[\w .+#/-]{2,40}?)(?: (?:for|as|because|since|in) .{2,80})?",
    re.IGNORECASE,
)
QUOTED = re.compile(r"[\"“「『]([^\"“”「」『』]{2,80})[\"”」』]")
# Several tasks in quotation marks, which are stars here: "Add * and * to my list", 「*と*をタスクに追加して」.
ADDS_QUOTED = re.compile(
    r"(?:(?:can|could|would|will) you )?(?:please |kindly |also )*"
    r"(?:add|put|create)(?: (?:the )?(?:tasks?|to-?dos?|items?))?:? ?\*(?:(?:,| and|, and| &)? \*)+"
    r"(?: (?:to|on|as|in) (?:my|the|our)? ?(?:to-?do list|to-?dos|list|tasks?|backlog|board))?(?:,? please)?[.!?]?"
    r"|(?:タスクに|ToDoに)?\*(?:[、,とや]\*)+(?:の?(?:[2２二]つ|[3３三]つ|両方))?(?:を|も)?(?:タスク|ToDo|TODO|やること|リスト)?(?:に|として)?(?:追加|登録|入れ|作成|足し).{0,12}",
    re.IGNORECASE,
)
PREPOSITION = re.compile(r"\b(?:at|on|by|before|until|till|for|in|around|from|starting|every)\s*$", re.IGNORECASE)
MAX_SENTENCES = 40
MAX_OPENINGS = 4
LINE_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` as it was written; `core` without opening words and closing punctuation.

    `question` and `supposed`: it asks or supposes something, so it states nothing. `firm`: it is said to be settled,
    for the reason `why` if one is given; `scope`: to be out of scope; `approved`: it is settled because others agreed.
    """

    text: str
    core: str
    japanese: bool
    question: bool
    supposed: bool
    firm: bool = False
    why: str | None = None
    scope: bool = False
    approved: bool = False

    def time(self, now: datetime, *, deadline: bool | None = None) -> Reading | None:
        return read_time(self.text, now, zone_name(now), deadline=deadline)


def zone_name(now: datetime) -> str:
    return now.tzinfo.key if isinstance(now.tzinfo, ZoneInfo) else "UTC"


def to_sentence(text: str) -> Sentence:
    plain = text.strip().lstrip("↑↓→※ ")
    core = PLEASE.sub("", CLOSING.sub("", plain))
    for _ in range(MAX_OPENINGS):
        opening = OPENING.match(core)
        if opening is None or opening.end() >= len(core):
            break
        core = core[opening.end() :]
    ends = CLOSING.sub("", plain.rstrip("?？"))
    firm = FIRM.search(core)
    if firm is not None and firm.start() > 3:
        core = CLOSING.sub("", core[: firm.start()])
    core = TAG.sub("", core)
    asks = (TAG.search(plain) is None and plain.rstrip("。.!！)）」』\"' ").endswith(("?", "？"))) or QUESTION.search(
        ends
    ) is not None
    supposed = SUPPOSED.search(core) is not None
    return Sentence(plain, core.rstrip("?？ "), is_japanese(plain), asks, supposed, firm is not None)


def settled(sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """The sentences without those that only say that the one before is settled: "Decision made."."""
    for place, sentence in enumerate(sentences):
        if place and settles(sentence) and not sentences[place - 1].question:
            continue
        follows = sentences[place + 1] if place + 1 < len(sentences) else None
        match = settles(follows) if follows is not None and not sentence.question else None
        if match is None:
            told = follows is not None and NAMES_ONE.fullmatch(sentence.core) and REJECTS_OTHER.fullmatch(follows.core)
            # "... in Kotlin. We ruled out Scala.": the sentence decides something only if it names an option.
            chosen = follows is not None and RULED_OUT.fullmatch(follows.core) and mentions_of(sentence.core)
            firm = (told or chosen) and not sentence.question
            yield replace(sentence, firm=True, approved=not told) if firm else sentence
            continue
        said = match.groupdict()
        why = said.get("why") or said.get("why2")
        approved = (said.get("approved") or said.get("approved2")) is not None
        yield replace(sentence, firm=True, why=why, scope=said.get("scope") is not None, approved=approved)


@lru_cache(maxsize=64)
def settles(sentence: Sentence) -> re.Match[str] | None:
    """How the sentence says that the one before it is settled; None when it does not."""
    if sentence.question:
        return None
    whole = CLOSING.sub("", sentence.text)  # the core has no "and that is final" any more
    said = (sentence.core, whole, re.split(r"[,、;] ?", sentence.core, maxsplit=1)[0])
    return next((match for text in said for each in SETTLES if (match := each.fullmatch(text))), None)


def own_words(text: str) -> str:
    """The message without the lines that were pasted into it: logs, stack traces and code."""
    lines = text[:READ_CHARACTERS].split("\n")
    return "\n".join(_with_listed(["" if PASTED.match(line[:LINE_CHARACTERS]) else line for line in lines]))


def _with_listed(lines: Sequence[str]) -> Iterator[str]:
    """The lines; those of a list of tasks each ask for one: "Add these tasks:", "- call Bob"."""
    listed = [LISTED.match(line[:LINE_CHARACTERS]) for line in lines]
    in_list = False
    for place, line in enumerate(lines):
        if in_list and (match := listed[place]):
            yield f"TODO: {match['what']}"
            continue
        follows = place + 1 < len(lines) and listed[place + 1] is not None
        in_list = follows and listed[place] is None and LIST_TITLE.match(line[:LINE_CHARACTERS]) is not None
        yield "" if in_list else line


def sentences_of(text: str) -> list[Sentence]:
    """The sentences of a message, cut where a second request begins: "fix it, and remind me at 5"."""
    found = list[Sentence]()
    for sentence in split_sentences(own_words(text))[:MAX_SENTENCES]:
        found += [to_sentence(plainly(part)) for part in _cut(sentence)]
    return found[:MAX_SENTENCES]


def _cut(sentence: str) -> Sequence[str]:
    if (quoted := QUOTED.findall(sentence)) and len(quoted) > 1 and ADDS_QUOTED.fullmatch(QUOTED.sub("*", sentence)):
        return [f"TODO: {each}" for each in quoted]
    if len(listed := _enumerated(sentence)) > 1:
        return [f"TODO: {each}" for each in listed]
    if match := TWO_TASKS.fullmatch(sentence):
        return [f"{match[1]}タスクを追加して", match[2]]
    parts = [sentence]
    for pattern in CUTS:
        parts = [piece for part in parts for piece in _split(pattern, part)]
    # 「Slackだけ連携することに」して、…
    parts = [f"{part}します" if len(parts) > 1 and part.endswith("ことに") else part for part in parts]
    stripped = [part.strip(" ,、;") for part in parts]
    return [part for part in stripped if any(map(str.isalnum, part))]


def _enumerated(sentence: str) -> list[str]:
    """The items of a list in one sentence: "Add three tasks: 1) call Bob, 2) book a table"."""
    head, colon, rest = sentence.partition(":")
    if not colon or not LIST_TITLE.match(head[:LINE_CHARACTERS] + ":") or not PLURAL.search(head):
        return []
    numbered = ENUMERATOR.search(rest) is not None
    parts = (ENUMERATOR if numbered else SEPARATOR).split(rest)
    return [part.strip(" ,、;.。") for part in parts if any(map(str.isalnum, part))][:MAX_SENTENCES]


def _split(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    start = 0
    for match in pattern.finditer(text):
        yield text[start : match.end(1) if pattern.groups and match[1] else match.start()]
        start = match.end()
    yield text[start:]


def without(text: str, reading: Reading | None) -> str:
    """The text without the words of the time."""
    if reading is None:
        return text
    for start, end in sorted(reading.spans, reverse=True):
        text = PREPOSITION.sub("", text[:start]) + text[end:]
    return text


def moment(reading: Reading | None) -> datetime | None:
    """The time that was said; None when it is past, not understood, or no time was said."""
    match reading:
        case Time():
            return None if reading.past else reading.at
        case Recurrence():
            return reading.first
    return None


def unread(reading: Reading | None) -> str | None:
    """The words of a time that was said but not understood."""
    return reading.words if isinstance(reading, NotUnderstood) and not reading.soft else None
