"""Texts of chat exports as Markdown: citations, documents and the names of files."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from app.operations.transfer.chats.model import as_dict, as_text, dicts

FILE = "[{name}]"
NO_NAME = "attachment"
# ChatGPT marks citations with private-use characters: begin, name, separator, arguments, end.
BEGIN, END, SEPARATOR = "\ue200", "\ue201", "\ue202"
NO_SPACE_BEFORE = r"(?<![ \t])[ \t]*+"
MARK = re.compile(rf"{NO_SPACE_BEFORE}{BEGIN}(?:[^{BEGIN}{END}\n]{{0,5000}}+{END}|\w{{0,30}}(?:{SEPARATOR}[\w.:-]*)*+)")
SOURCE_MARK = re.compile(NO_SPACE_BEFORE + "【[^【】\n]{0,200}†[^【】\n]{0,200}】")
PRIVATE = re.compile("[\ue200-\ue206]")
LABELLED = {"url": 0, "link": 0}
"""Marks with a label, and its position among the arguments."""
FENCE = re.compile(r"^ {0,3}(`{3,})", re.MULTILINE)
LANGUAGE = re.compile(r"[\w+#.-]{1,30}")
MAX_LINKS = 5


def without_marks(text: str, references: Any = None) -> str:
    """The text with its citation marks replaced by links, where `references` has them, and removed otherwise."""
    if BEGIN not in text and "†" not in text and not PRIVATE.search(text):
        return text
    links = {as_text(each.get("matched_text")).strip(): _links(each) for each in dicts(references)}
    links.pop("", None)

    def replaced(found: re.Match[str]) -> str:
        mark = found[0].lstrip(" \t")
        shown = links.get(mark) or _label(mark)
        return f"{found[0][: -len(mark)]}{shown}" if shown else ""

    text = SOURCE_MARK.sub(replaced, MARK.sub(replaced, text))
    return PRIVATE.sub("", text)


def _label(mark: str) -> str:
    """The words of a mark that a reader would miss: the name of an entity or of a link."""
    name, *arguments = mark.strip(BEGIN + END).split(SEPARATOR)
    if name == "entity" and arguments:
        found = re.findall(r'"((?:[^"\\]|\\.){1,200})"', arguments[0])
        return found[1] if len(found) > 1 else ""
    place = LABELLED.get(name, -1)
    return arguments[place] if 0 <= place < len(arguments) else ""


def _links(reference: Mapping[str, Any]) -> str:
    """The sources of a reference as Markdown links."""
    items = [*dicts(reference.get("items")), reference]
    found: dict[str, str] = {}
    for each in items:
        url = as_text(each.get("url"))
        if url.startswith(("http://", "https://")):
            found.setdefault(url, as_text(each.get("title")) or as_text(each.get("attribution")) or url)
    links = [f"[{_plain(title)}](<{url}>)" for url, title in list(found.items())[:MAX_LINKS] if ">" not in url]
    return f"({', '.join(links)})" if links else ""


def _plain(title: str) -> str:
    return re.sub(r"[\[\]\\\n]", " ", title).strip()[:100]


def fenced(content: str, language: str = "") -> str:
    """The content as a code block whose fence is longer than every fence in it."""
    longest = max((len(each) for each in FENCE.findall(content)), default=2)
    fence = "`" * max(3, longest + 1)
    named = language if LANGUAGE.fullmatch(language) else ""
    return f"{fence}{named}\n{content.rstrip()}\n{fence}"


def document(title: str, content: str, *, kind: str = "", language: str = "") -> str:
    """A document that was created in the conversation: its title, and its text or code."""
    body = content.strip() if kind.startswith(("text/markdown", "document")) or not kind else fenced(content, language)
    return f"**{_plain(title) or NO_NAME}**\n\n{body}"


def file_mark(name: Any) -> str:
    return FILE.format(name=_plain(as_text(name)) or NO_NAME)


def joined(parts: Iterable[str]) -> str:
    return "\n\n".join(part.strip() for part in parts if part.strip())


def first_text(value: Mapping[str, Any], *names: str) -> str:
    """The first of the fields that is a text which is not empty."""
    return next((as_text(value.get(name)) for name in names if as_text(value.get(name)).strip()), "")


def text_of(value: Any) -> str:
    """The text of a part whose kind is not known."""
    if isinstance(value, str):
        return value
    return first_text(as_dict(value), "text", "content", "result", "transcript")
