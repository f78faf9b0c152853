"""The parts of a Markdown document: front matter, title, fields and sections. Nothing that is read is dropped."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.language.data import read_data

_DATA = read_data(__file__, "documents.toml")
SECTIONS = {name: section for section, names in _DATA["sections"].items() for name in names}
FIELD_NAMES: Mapping[str, str] = _DATA["fields"]
FIELD = re.compile(
    r"^(?:[*+-] )?(?:\*\*)?([A-Za-z\u3040-\u30ff\u4e00-\u9fff-]{2,20})(?:\*\*)?[ \t]*[:：](?:\*\*)?[ \t]*(.*)$"
)
HEADING = re.compile(r"^(#{1,6})[ \t]+(\S.*)$")
UNDERLINE = re.compile(r"^(=+|-+)[ \t]*$")
FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
LIST_ITEM = re.compile(r"^[ \t]*- +(.*)$")


@dataclass(slots=True)
class Parts:
    """`fields` are those after the title; `reasons` the texts about the options, by label."""

    title: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    sections: dict[str, list[str]] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    def lines(self, section: str) -> list[str]:
        return self.sections.get(section, [])

    def text(self, section: str) -> str | None:
        return plain(self.lines(section))


def plain(lines: Sequence[str]) -> str | None:
    """The text; a line that the export has escaped, because it looks like a heading, is as before."""
    text = "\n".join(line[1:] if re.match(r"\\+#", line) else line for line in lines).strip()
    return text or None


def split_front_matter(text: str) -> tuple[dict[str, str], list[str]]:
    """The fields between the lines `---`, and the other lines. A list in YAML is joined by commas."""
    lines = text.split("\n")
    begin = next((place for place, line in enumerate(lines) if line.strip()), 0)
    ends = [place for place, line in enumerate(lines) if line.strip() in ("---", "...") and place > begin]
    if lines[begin].strip() != "---" or not ends or any(map(HEADING.match, lines[begin : ends[0]])):
        return {}, lines
    fields: dict[str, str] = {}
    name = ""
    for line in lines[begin + 1 : ends[0]]:
        if match := FIELD.match(line):
            name = _field_name(match[1])
            fields[name] = match[2].strip()
        elif name and (item := LIST_ITEM.match(line)):
            fields[name] = f"{fields[name]}, {item[1].strip()}".lstrip(", ")
    return fields, lines[ends[0] + 1 :]


def fields_in(lines: Sequence[str]) -> dict[str, str]:
    return {_field_name(match[1]): match[2].strip() for line in lines if (match := FIELD.match(line))}


def _field_name(name: str) -> str:
    return FIELD_NAMES.get(name, name.lower())


def split_sections(lines: Sequence[str], *, own: bool = False) -> Parts:
    """`own`: this program wrote the document, so that every line that looks like a heading is one."""
    parts, section, option, headed = Parts(), "head", "", False
    texts: dict[str, list[str]] = {}
    code = frozenset() if own else _in_fences(lines)
    for place, line in enumerate(lines if own else _with_headings(lines, code)):
        match = None if place in code else HEADING.match(line)
        level, name = (len(match[1]), _without_closing(match[2])) if match else (0, "")
        if level == 1 and not parts.title:
            parts.title = name
        elif level >= 3 and section in ("reasons", "options"):
            headed = headed or section == "options"  # each option is a heading, with its text after it
            if headed:
                parts.sections.setdefault("options", []).append(f"* {name}")
            section, option = "reasons", name
        elif level in (2, 3) and (known := _known(name, level)) is not None:
            section, headed = known, False
            if known in ("context", "consequences") and name.lower() not in _DATA["sections"][known]:
                parts.sections.setdefault(known, []).append(line)
        elif section == "reasons":
            texts.setdefault(option, []).append(line)
        else:
            parts.sections.setdefault(section, []).append(line)
    _use_head(parts)
    parts.reasons = {label: text for label, each in texts.items() if (text := plain(each))}
    return parts


def _without_closing(heading: str) -> str:
    """The heading without number signs that end it; those of C# are part of it."""
    name = heading.rstrip()
    before = name.rstrip("#")
    return before.rstrip() if before != name and before[-1:].isspace() else name


def _known(name: str, level: int) -> str | None:
    """The section of a heading. What has an unknown heading belongs to the context; a subheading to its section."""
    section = SECTIONS.get(name.lower().rstrip(":： "))
    if section == "also_consequences":
        return "consequences"
    return section or ("context" if level == 2 else None)


def _use_head(parts: Parts) -> None:
    """The lines before the first section are fields; the others are the context."""
    head = parts.sections.pop("head", [])
    parts.fields = fields_in(head)
    known = ("status", "date", "tags", "id", "number", "kind", "topic", "value", "title")
    rest = [line for line in head if not (match := FIELD.match(line)) or _field_name(match[1]) not in known]
    if plain(rest):
        parts.sections["context"] = [*rest, "", *parts.lines("context")]


def _in_fences(lines: Sequence[str]) -> frozenset[int]:
    """The places of the lines in fenced code, also of the fences; an open fence is none."""
    found, begin, mark = set[int](), -1, ""
    for place, line in enumerate(lines):
        fence = FENCE.match(line)
        if fence and begin < 0:
            begin, mark = place, fence[1]
        elif fence and line.strip().startswith(mark) and not line.strip().strip(mark[0]):
            found.update(range(begin, place + 1))
            begin = -1
    return frozenset(found)


def _with_headings(lines: Sequence[str], code: frozenset[int]) -> list[str]:
    """Underlined headings as headings with number signs; the places of lines stay."""
    result = list(lines)
    for place in range(1, len(lines)):
        above = lines[place - 1]
        mark = UNDERLINE.match(lines[place])
        if mark and above.strip() and not {place, place - 1} & code and not above.lstrip().startswith(("#", "-", "*")):
            result[place - 1 : place + 1] = [f"{'#' if mark[1][0] == '=' else '##'} {above.strip()}", ""]
    return result
