"""`python -m tests.prose`: comments, docstrings and documents that use words of the old dialect of this code.

The list is short on purpose. It holds words that readers stumbled over and that have a plain technical term.
"""

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
INSTEAD = {
    r"whoever|whomever": "the user who, the process that",
    r"rooms?": "package, module, page",
    r"beside": "next to, with, in addition to",
    r"stands? (?:behind|beside|against|for|at|in|above|before|there)": "exists, is, follows",
    r"what stands": "the existing records, the current state",
    r"comes? in\b(?! handy)": "arrives, is imported",
    r"tells? of|told of": "notify, report",
    r"at hand": "available",
    r"patience|purse|minds|lasting": "deadline, token bucket, models, retry",
    r"how-manieth": "number of the attempt",
    r"it says so|that is all": "(remove)",
    r"given up\b": "abandoned",
    r"taken up\b": "claimed, started",
    r"in the midst of|in midst of": "during",
    r"wish(?:es|ed)?": "request, intent",
    r"clash(?:es|ed)?": "contradiction, conflict",
}  # fmt: skip
PATTERNS = [(re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), plain) for pattern, plain in INSTEAD.items()]
COMMENT = {".sql": re.compile(r"--.*"), ".ts": re.compile(r"(?:^|\s)//.*|/?\*\*? .*"), ".yaml": re.compile(r"#.*")}
COMMENT |= {".tsx": COMMENT[".ts"], ".mjs": COMMENT[".ts"], ".yml": COMMENT[".yaml"], ".toml": COMMENT[".yaml"]}
SKIPPED = ("web/src/gql/", "tests/data/", "tests/prose.py")

Line = tuple[int, str]


def python_prose(source: str) -> Iterator[Line]:
    """Docstrings and comments, by line."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield from enumerate(node.value.value.splitlines(), node.lineno)


def prose(path: Path) -> Iterator[Line]:
    if path.suffix == ".py":
        yield from python_prose(path.read_text("utf-8"))
    elif path.suffix == ".md":
        yield from enumerate(path.read_text("utf-8").splitlines(), 1)
    elif pattern := COMMENT.get(path.suffix):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if found := pattern.search(line):
                yield number, found[0]


def find_dialect(path: Path) -> Iterator[str]:
    """One line per word found, with a plain term to use instead."""
    for number, line in prose(path):
        for pattern, plain in PATTERNS:
            if found := pattern.search(line):
                yield f"{path.relative_to(ROOT)}:{number}: {found[0]!r}; use: {plain}"


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.splitlines() if not name.startswith(SKIPPED)]


if __name__ == "__main__":
    found = [line for path in tracked_files() if path.exists() for line in find_dialect(path)]
    sys.stdout.writelines(f"{line}\n" for line in found)
    sys.exit(1 if found else 0)
