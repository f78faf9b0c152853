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
    """The document exceeds a limit; the key says which."""

    code = "QUERY_TOO_COMPLEX"
    key = "query.too_expensive"


KEYS = {
    "characters": "query.too_long",
    "tokens": "query.too_many_tokens",
    "depth": "query.too_deep",
    "aliases": "query.too_many_aliases",
    "directives": "query.too_many_directives",
    "root_fields": "query.too_many_root_fields",
    "spreads": "query.too_many_spreads",
    "cost": "query.too_expensive",
}


def check_limit(limits: DocumentLimits, name: str, requested: int) -> None:
    """Raises QueryTooComplex when `requested` exceeds the limit of this name."""
    allowed: int = getattr(limits, name)
    if requested > allowed:
        raise QueryTooComplex(KEYS[name], given=requested, maximum=allowed)


def count_tokens(query: str) -> int:
    """The number of tokens that the parser will read; an estimate for text that is not GraphQL."""
    return sum(1 for _ in TOKEN.finditer(query))


def check_size(limits: DocumentLimits, query: str) -> None:
    """Check the limits that apply before parsing. Raises QueryTooComplex."""
    check_limit(limits, "characters", len(query))
    check_limit(limits, "tokens", count_tokens(query))
