"""Text as data between tags of a prompt. Every prompt uses these functions, so that no text can end its own tag."""

import re
from typing import Literal, get_args

Tag = Literal[
    "attachment",
    "conversation",
    "intent",
    "item",
    "known",
    "message",
    "profile",
    "record",
    "records",
    "specification",
    "summary",
    "turn",
]
# Names that models may take for a change of the speaker.
SPEAKERS = ("system", "user", "assistant", "human", "instructions")
NAMES = "|".join([*get_args(Tag), *SPEAKERS])
# The start of such a tag, also as a model may read it: "</ message>", "< / MESSAGE".
TAG_START = re.compile(rf"<(?=[^\w<>]{{0,8}}(?:{NAMES})\b)", re.IGNORECASE)
ESCAPED_START = re.compile(rf"&lt;(?=[^\w<>]{{0,8}}(?:{NAMES})\b)", re.IGNORECASE)


def escape(text: str) -> str:
    """The text with `&lt;` at the start of our tags and of those of speakers; other text is unchanged."""
    return TAG_START.sub("&lt;", text)


def unescape(answer: str, original: str) -> str:
    """The answer with the tags of the `original` text as they were, unless that has such an `&lt;` itself."""
    return answer if ESCAPED_START.search(original) else ESCAPED_START.sub("<", answer)


def tagged(tag: Tag, text: str, **attributes: str) -> str:
    """The text as data between tags. Attributes are values of ours, such as ids, kinds and times."""
    return enclosed(tag, escape(text), **attributes)


def enclosed(tag: Tag, content: str, **attributes: str) -> str:
    """Tags around content that is made of tagged texts or of text of ours; it is not escaped again."""
    given = "".join(f' {name}="{value}"' for name, value in attributes.items())
    inner = content.removesuffix("\n")
    return f"<{tag}{given}>\n{inner}\n</{tag}>\n"
