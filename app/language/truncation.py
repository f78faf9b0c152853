"""Cuts text to a number of characters without splitting what a reader sees as one character."""

import unicodedata

ELLIPSIS = "…"
JOINER = "\u200d"
LONGEST_CLUSTER = 32  # code points; longer runs of marks are cut in the middle


def truncate(text: str, length: int, *, ellipsis: str = ELLIPSIS) -> str:
    """At most `length` characters of `text`; a text that is cut ends with `ellipsis`.

    Combining marks, variation selectors, emoji sequences and flags stay whole.
    """
    if len(text) <= length:
        return text
    return text[: cut_before(text, max(length - len(ellipsis), 0))].rstrip() + ellipsis


def one_line(text: str, length: int) -> str:
    """The text on one line, its white space as single spaces, at most `length` characters."""
    return truncate(" ".join(text.split()), length)


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
    """Two of them make a flag."""
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _regional_before(text: str, place: int) -> int:
    start = place
    while start > 0 and _is_regional(text[start - 1]):
        start -= 1
    return place - start
