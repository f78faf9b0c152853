"""Keeps a block with the decisions in force in AGENTS.md and CLAUDE.md, for agents that have no hooks."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.errors import StartError
from app.language.catalogue import Language, render
from app.language.text import is_japanese, one_line
from app.mcp.prompts import decision_line

FILES = ("AGENTS.md", "CLAUDE.md")
BEGIN = "<!-- resonant:begin, written by `python -m app agents sync`; changes between these lines are lost -->"
BEGINS = "<!-- resonant:begin"
END = "<!-- resonant:end -->"
LONGEST_LINE = 400


def block_of(decisions: Sequence[Mapping[str, object]]) -> str:
    """The block, in the language of the decisions."""
    lines = [_harmless(decision_line(each)) for each in decisions]
    language: Language = "ja" if is_japanese(" ".join(lines)) else "en"
    guide = render("mcp.sync.guide" if lines else "mcp.sync.none", {}, language)
    listed = ["", *(f"- {line}" for line in lines)] if lines else []
    return "\n".join([BEGIN, f"## {render('mcp.sync.title', {}, language)}", "", guide, *listed, END])


def with_block(text: str, block: str) -> str:
    """The text with the block in place of the earlier one, or after the text. Raises StartError for a broken block."""
    before, begin, rest = text.partition(BEGINS)
    if not begin:
        return f"{text.rstrip()}\n\n{block}\n" if text.strip() else f"{block}\n"
    _, end, after = rest.partition(END)
    if not end or BEGINS in after:
        raise StartError(f"The block `{BEGINS}` has no single end `{END}`; repair or remove it by hand.")
    return f"{before}{block}{after}"


def files_in(directory: Path) -> list[Path]:
    """The files of the directory to keep up to date, each once; a new AGENTS.md when it has none."""
    found = {path.resolve(): None for name in FILES if (path := directory / name).is_file()}
    outside = [path for path in found if not path.is_relative_to(directory.resolve())]
    if outside:
        raise StartError(f"{outside[0]} is outside of {directory}; it is not changed.")
    return list(found) or [directory / FILES[0]]


def write_block(path: Path, block: str) -> bool:
    """Whether the file changed. It is replaced as a whole, so that no reader sees a part of it."""
    text = path.read_text("utf-8") if path.exists() else ""
    new = with_block(text, block)
    if new == text:
        return False
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(new, "utf-8")
    if path.exists():
        temporary.chmod(path.stat().st_mode)
    temporary.replace(path)
    return True


def _harmless(line: str) -> str:
    """One line that can neither end the block nor begin a comment."""
    return one_line(line, LONGEST_LINE).replace("<!--", "<!—").replace("-->", "—>")
