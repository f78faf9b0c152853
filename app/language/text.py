"""Text helpers: sentences, truncation, detection of Japanese, and characters that can be stored."""

import re
import unicodedata
from itertools import islice
from math import isfinite
from typing import Any

from app.language.catalogue import Language

ELLIPSIS = "…"
JOINER = "\u200d"
REGIONAL = "".join(map(chr, range(0x1F1E6, 0x1F200)))  # two of them make a flag
LONGEST_CLUSTER = 32  # code points; longer runs of marks are cut in the middle
# Limits, so that pasted logs do not slow down classification.
READ_CHARACTERS = 10_000
SENTENCE_CHARACTERS = 400
MAX_SENTENCES = 500
CODE_BLOCK = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
QUOTATION = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
# A full stop ends a sentence only before a space ("v1.2" and "app.py" are words). An emoji ends a sentence too.
# Neither "9 a.m. tomorrow" nor "Jan. 15" nor "Dr. Mori" ends there.
STOP = (
    r"\.(?<!\b(?i:[ap]\.m)\.(?=\s[a-z\d]))"
    r"(?<!\b(?i:jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)\.(?=\s\d))"
    r"(?<!\b(?i:dr|mr|ms|vs)\.)(?<!\b(?i:mrs)\.)(?<!\b(?i:prof)\.)(?=\s|$)"
)
SENTENCE = re.compile(rf".+?(?:[。!?！？]+[」』)）]?|[\U0001f300-\U0001faff]+|{STOP}|\n|$)")
LIST_MARK = re.compile(r"^(?:[-*•・>#\s\U0001f300-\U0001faff]|\d{1,2}[.)] |\[[ x]\])+")
# Parts of Japanese questions that only ask: few texts contain 「何という」, so search would weight them as rare words.
# English needs no such list: the stop words of PostgreSQL's stemmer contain its question words.
ASKING = re.compile(
    r"何(?:年何月何日|年|月|日|人|歳|世紀|番目|種類|という|と)?|なんという|誰|だれ|どこ|いつ(?!も)|いくつ|いくら|なぜ"
    r"|どれくらい|どのくらい|ど(?:のよう|ういった|ういう|んな)|どちら"
    r"|(?:を|について|について説明し)?(?:答え|こたえ|挙げ|あげ|述べ|教え)(?:よ|て|なさい|てください|て下さい)?[。?？]*$"
    r"|(?:です|ます|でしょう|である)?か[。?？]*$"
)
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff66-\uff9f]")
SHOWN_CHARACTERS = 120
TITLE_CHARACTERS = 60
UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
DEEPEST_JSON = 50
# Characters without a glyph that Unicode counts as letters or symbols, and the replacement of unstorable characters.
NO_GLYPH = "\u115f\u1160\u2800\u3164\uffa0\ufffd"
VARIATION_SELECTORS = ("\ufe00", "\ufe0f")


def truncate(text: str, length: int, *, ellipsis: str = ELLIPSIS) -> str:
    """At most `length` characters of `text`; a text that is cut ends with `ellipsis`.

    Combining marks, variation selectors, emoji sequences and flags stay whole.
    """
    if len(text) <= length:
        return text
    return text[: cut_before(text, max(length - len(ellipsis), 0))].rstrip() + ellipsis


def one_line(text: str, length: int) -> str:
    """The text on one line, its white space as single spaces, at most `length` characters."""
    beginning = " ".join(text[: 4 * length].split())
    if len(beginning) <= length < len(text):
        beginning = " ".join(text.split())  # it has much white space
    return truncate(beginning, length)


def title_of(content: str) -> str:
    """The first line that is not blank, at most 60 characters; empty when all are blank."""
    return truncate(next((line.strip() for line in content.splitlines() if line.strip()), ""), TITLE_CHARACTERS)


def cut_before(text: str, end: int) -> int:
    """The last place up to `end` where the text may be cut; `end` itself where there is none near."""
    if end >= len(text):
        return len(text)
    for place in range(end, max(end - LONGEST_CLUSTER, 0), -1):
        if not _joined(text, place):
            return place
    return end


def _joined(text: str, place: int) -> bool:
    """Whether the characters before and after `place` belong together."""
    before, after = text[place - 1], text[place]
    if JOINER in (before, after) or _extends(after):
        return True
    return _is_regional(before) and _is_regional(after) and _regional_before(text, place) % 2 == 1


def _extends(character: str) -> bool:
    """Combining marks, variation selectors, skin tones, tags and halfwidth voiced sound marks."""
    return (
        unicodedata.category(character) in ("Mn", "Me", "Mc")
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
        or character in "ﾞﾟ"
    )


def _is_regional(character: str) -> bool:
    return character in REGIONAL


def _regional_before(text: str, place: int) -> int:
    """How many regional indicators precede the place; stripped by one call, because a text may consist of them."""
    before = text[:place]
    return place - len(before.rstrip(REGIONAL))


def split_sentences(text: str) -> list[str]:
    """The sentences in order, in half-width forms, without code, quotations and list marks, at most 400 characters."""
    own = QUOTATION.sub(" ", CODE_BLOCK.sub(" ", text[:READ_CHARACTERS]))
    plain = unicodedata.normalize("NFKC", own)[:READ_CHARACTERS]  # ﷺ becomes 18 characters
    found = (match[0].strip()[:SENTENCE_CHARACTERS] for match in SENTENCE.finditer(plain))
    stripped = (LIST_MARK.sub("", sentence).strip() for sentence in found)
    worth_reading = (sentence for sentence in stripped if any(character.isalnum() for character in sentence))
    return list(islice(worth_reading, MAX_SENTENCES))


def without_asking(query: str) -> str:
    """The query with question phrases replaced by spaces; unchanged when nothing else is left."""
    rest = ASKING.sub(" ", query)
    return rest if re.search(r"\w", rest) else query


def is_japanese(text: str) -> bool:
    """Whether the text contains kana or kanji. Mixed text counts as Japanese and is answered in Japanese."""
    return JAPANESE.search(text) is not None


def storable(text: str) -> str:
    """Replace characters that JSON or PostgreSQL cannot store; the length stays the same, so that offsets hold."""
    return UNSTORABLE.sub("\ufffd", text)


def storable_json(value: Any, depth: int = 0) -> Any:
    """A JSON value of a program with only what can be stored: other characters are replaced, other numbers are null."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return None
    if isinstance(value, float) and not isfinite(value):
        return None
    if isinstance(value, dict | list | tuple) and depth == DEEPEST_JSON:
        return None
    if isinstance(value, dict):
        return {storable(str(name)): storable_json(each, depth + 1) for name, each in value.items()}
    return [storable_json(each, depth + 1) for each in value] if isinstance(value, list | tuple) else value


def is_storable(text: str) -> bool:
    """Whether it has no null character and no lone surrogate, which JSON or PostgreSQL cannot store."""
    return UNSTORABLE.search(text) is None


def is_blank(text: str) -> bool:
    """Whether the text shows nothing: white space, control and format characters, and characters without a glyph."""
    return all(
        unicodedata.category(each) in ("Zs", "Zl", "Zp", "Cc", "Cf")
        or each in NO_GLYPH
        or VARIATION_SELECTORS[0] <= each <= VARIATION_SELECTORS[1]
        for each in text
    )


def shortened(text: str) -> str:
    """The text on one line, cut to the 120 characters that a notification shows."""
    return one_line(text, SHOWN_CHARACTERS)


def language_of(text: str) -> Language:
    return "ja" if is_japanese(text) else "en"
