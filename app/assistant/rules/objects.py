"""Reads the object of an English decision: "PostgreSQL for the database, not MySQL, because the team knows it"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.language.technologies import mentions_of

MARKS = re.compile(
    r"(?P<why>,? (?:because|since|due to|given that|so that|as (?=it\b|we\b|they\b|the\b|our\b)))\s+"
    r"|(?P<not>,? (?:and |but )?(?:not|instead of|rather than|in place of|in favou?r of (?=$)|over)\s+)"
    r"|(?P<topic> (?:as|for) (?!now\b|the time being\b|good\b)(?:(?:the|our|a|an|all|all the|my) )?)",
    re.IGNORECASE,
)
ARTICLE = re.compile(r"^(?:the|a|an|our|using|to use|with|on|via)\s+", re.IGNORECASE)
TAIL = re.compile(
    r"[,\s]+(?:now|then|instead|please|for now|for good|from now on|going forward|here|after all|too|as well|again|everywhere"
    r"|today|yesterday|this morning|last (?:week|night|month)|the other day|(?:while|when) (?:you|i|we|he|she|they) (?:was|were) \w+|in (?:today's|yesterday's|the|our) (?:meeting|call|stand-?up)|finally|in the end|this time|by the way|with a .{1,40} (?:lifetime|timeout|limit))$",
    re.IGNORECASE,
)
NOT_TOPIC = frozenset({"now", "good", "the time being", "that", "this", "it", "us", "everything", "sure", "example"})
TRANSPORTS = frozenset({"http", "https", "tls", "tcp", "udp", "ssh", "the network", "the wire", "time", "the weekend"})
LONGEST = 60
# A name that may be a tool; a person or a day may have such a name too.
NAME = re.compile(r"[A-Z][\w.+#-]*(?: [A-Z0-9][\w.+#-]*)*$")
LONGEST_NAME = 5  # words
OPINION = re.compile(
    r"\b(?:i|we|you|think|guess|believe|feel|reckon|prefer|would|could|should|might|be|is|are|was|were|better|cheaper|easier|faster|safer|simpler)\b"
    r"|^(?:will|can|does|do)\b|(?:が|の)(?:いい|良い|よい)|(?:の方|のほう)(?:が|は)|思[いうっ]|でしょう",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen, for what, what was rejected, and why."""

    chosen: str
    topic: str | None = None
    rejected: tuple[str, ...] = ()
    why: str | None = None


def read_object(text: str) -> Choice | None:
    """The parts of the object in any order; None when nothing that can be an option is left."""
    marks = list(_marks(text))
    pieces = {"chosen": text[: marks[0].start()] if marks else text}
    ends = [match.start() for match in marks[1:]] + [len(text)]
    for match, end in zip(marks, ends, strict=False):
        pieces.setdefault(match.lastgroup or "", text[match.end() : end].strip(" ,"))
    chosen = clean(pieces["chosen"])
    topic = clean(pieces.get("topic", ""))
    if not chosen or len(chosen) > LONGEST:
        return None
    rejected = tuple(filter(None, map(clean, re.split(r",| or | and ", pieces.get("not", "")))))
    return Choice(chosen, None if topic.lower() in NOT_TOPIC or not topic else topic, rejected, pieces.get("why"))


def _marks(text: str) -> Iterator[re.Match[str]]:
    """Where the parts begin; a reason goes on until a comma: "because the player does not work in Tauri"."""
    reason = False
    for match in MARKS.finditer(text):
        if _is_transport(text, match) or (reason and (match["not"] is None or not match[0].startswith(","))):
            continue
        reason = reason or match["why"] is not None
        yield match


def is_noun_phrase(option: str) -> bool:
    """Whether it can be the name of an option: few words, and none of an opinion or a comparison."""
    return len(option.split()) <= LONGEST_NAME and OPINION.search(option) is None


def names_option(said: str | None) -> bool:
    """Whether it is a name, of a technology or in capital letters."""
    return said is not None and (bool(mentions_of(said)) or NAME.match(clean(said)) is not None)


def _is_transport(text: str, match: re.Match[str]) -> bool:
    """ "GraphQL over HTTP" rejects nothing."""
    return match["not"] is not None and text[match.end() :].strip(" .").lower() in TRANSPORTS


def clean(text: str) -> str:
    """An option without articles and closing adverbs."""
    plain = text.strip(" ,.;:!\"'`「」『』")
    while (shorter := ARTICLE.sub("", TAIL.sub("", plain))) != plain:
        plain = shorter
    return plain
