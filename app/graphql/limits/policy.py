"""Limits of a document, and the error when it exceeds one."""

import re
from dataclasses import dataclass

from sql.errors import ResonantError

# Matches one lexical token of GraphQL. A comment counts too, because the parser makes a token of it.
TOKEN = re.compile(
    r'#[^\r\n]*|"""(?:[^"\\]|\\(?:""")?|"(?!""))*+(?:"""|$)|"(?:[^"\\\r\n]|\\.)*+"?|\.\.\.|[_A-Za-z][_0-9A-Za-z]*'
    r"|-?[0-9][0-9.eE+-]*|[^\s,\ufeff]"
)


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """Limits on the document with every fragment expanded; characters and tokens are counted as sent."""

    characters: int = 64 * 1024
    tokens: int = 2000
    depth: int = 12
    aliases: int = 30
    directives: int = 50
    root_fields: int = 20
    spreads: int = 100
    cost: int = 10_000
    errors: int = 10


class QueryTooComplex(ResonantError):
    """The document exceeds a limit."""

    code = "QUERY_TOO_COMPLEX"

    def __init__(self, limit: str, requested: int, allowed: int, problem: str) -> None:
        excess = {"limit": limit, "requested": requested, "allowed": allowed, "excess": requested - allowed}
        super().__init__(f"{problem.format(f'{requested:,}', f'{allowed:,}')}", **excess)


PROBLEMS: dict[str, str] = {
    "characters": "The document has {} characters; at most {} are accepted. Send long texts as variables.",
    "tokens": "The document has {} tokens; at most {} are accepted.",
    "depth": "The document is {} levels deep; at most {} are accepted.",
    "aliases": "The document renames or repeats fields {} times; at most {} are accepted.",
    "directives": "The document has {} directives; at most {} are accepted.",
    "root_fields": "The operation asks for {} fields at its root; at most {} are accepted.",
    "spreads": "The document spreads fragments {} times; at most {} are accepted.",
    "cost": "The operation costs {} points; at most {} are accepted. Ask for smaller pages or fewer fields.",
}


def check_limit(limits: DocumentLimits, name: str, requested: int) -> None:
    """Raises QueryTooComplex when `requested` exceeds the limit of this name."""
    allowed: int = getattr(limits, name)
    if requested > allowed:
        raise QueryTooComplex(name, requested, allowed, PROBLEMS[name])


def count_tokens(query: str) -> int:
    """The number of tokens that the parser will read; an estimate for text that is not GraphQL."""
    return sum(1 for _ in TOKEN.finditer(query))


def check_size(limits: DocumentLimits, query: str) -> None:
    """Check the limits that apply before parsing. Raises QueryTooComplex."""
    check_limit(limits, "characters", len(query))
    check_limit(limits, "tokens", count_tokens(query))
