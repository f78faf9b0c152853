"""Limits of a document, and the cost of an operation in points.

A field costs one point unless its definition in the schema sets another price:

    search: ... = strawberry.field(resolver=search, metadata=SEARCHES)

`schema/costs.py` defines the metadata. A page size may be a variable, so a cost is a sum of terms whose factors are
filled in when the operation runs: `Cost.of(variables)`. It visits each fragment once.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graphql import GraphQLField

from sql.errors import BadUserInput, QueryTooComplex

# Matches one lexical token of GraphQL. A comment counts too, because the parser makes a token of it.
TOKEN = re.compile(
    r'#[^\r\n]*|"""(?:[^"\\]|\\(?:""")?|"(?!""))*+(?:"""|$)|"(?:[^"\\\r\n]|\\.)*+"?|\.\.\.|[_A-Za-z][_0-9A-Za-z]*'
    r"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|[^\s,\ufeff]"
)
NUMBER_START = "-0123456789"
# Python converts at most 4,300 digits, and no number of the schema needs more than a few.
MAX_NUMBER_CHARACTERS = 1000
INT_32 = range(-(2**31), 2**31)
# JSON holds 64 bits, and JavaScript 53.
MAX_REPORTED = 2**53 - 1


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
    comparisons: int = 5000
    response_bytes: int = 32 * 1024 * 1024


KEYS = {
    "characters": "query.too_long",
    "tokens": "query.too_many_tokens",
    "depth": "query.too_deep",
    "aliases": "query.too_many_aliases",
    "directives": "query.too_many_directives",
    "root_fields": "query.too_many_root_fields",
    "spreads": "query.too_many_spreads",
    "cost": "query.too_expensive",
    "comparisons": "query.too_many_comparisons",
}


def check_limit(limits: DocumentLimits, name: str, requested: int) -> None:
    """Raises QueryTooComplex when `requested` exceeds the limit of this name."""
    allowed: int = getattr(limits, name)
    if requested > allowed:
        raise QueryTooComplex(KEYS[name], given=min(requested, MAX_REPORTED), maximum=allowed)


def count_tokens(query: str) -> int:
    """The number of tokens that the parser will read; an estimate for text that is not GraphQL."""
    return len(TOKEN.findall(query))


def check_size(limits: DocumentLimits, query: str) -> int:
    """Check the limits that apply before parsing; the number of tokens. Raises QueryTooComplex, BadUserInput."""
    check_limit(limits, "characters", len(query))
    tokens = TOKEN.findall(query)
    check_limit(limits, "tokens", len(tokens))
    for token in tokens:
        if len(token) > MAX_NUMBER_CHARACTERS and token[0] in NUMBER_START:
            raise BadUserInput("query.number_too_long", given=len(token), maximum=MAX_NUMBER_CHARACTERS)
    return len(tokens)


class Price(NamedTuple):
    """Points of all fields, and points of the fields that call a model or search (scarce)."""

    points: int = 1
    scarce: int = 0


class PageSize(NamedTuple):
    """A page size from variables: the first that is a number, else `absent`.

    A number that is no Int counts as 0, because coercion refuses it.
    """

    variables: tuple[str, ...]
    absent: int

    def of(self, variables: dict[str, Any]) -> int:
        for name in self.variables:
            size = variables.get(name)
            if isinstance(size, (int, float)):
                return max(int(size), 0) if INT_32.start <= size < INT_32.stop else 0
        return self.absent


Factor = int | PageSize


@dataclass(eq=False, slots=True)
class Cost:
    """A price plus terms: each a factor times another cost."""

    points: int = 0
    scarce: int = 0
    parts: list[tuple[Factor, "Cost | Largest"]] = field(default_factory=list)

    def add(self, factor: Factor, part: "Cost") -> None:
        if part.parts:
            self.parts.append((factor, part))
        elif isinstance(factor, int):
            self.points += factor * part.points
            self.scarce += factor * part.scarce
        elif part.points:
            self.parts.append((factor, part))

    def add_largest(self, alternatives: "Sequence[Cost]") -> None:
        """Add the largest of these costs, of which only one applies."""
        if any(each.parts for each in alternatives):
            self.parts.append((1, Largest(alternatives)))
        else:
            self.points += max((each.points for each in alternatives), default=0)
            self.scarce += max((each.scarce for each in alternatives), default=0)

    def of(self, variables: dict[str, Any]) -> Price:
        """The price with these variables."""
        return self.price(variables, {})

    def price(self, variables: dict[str, Any], known: dict[int, Price]) -> Price:
        if (price := known.get(id(self))) is None:
            points, scarce = self.points, self.scarce
            for factor, part in self.parts:
                times = factor if isinstance(factor, int) else factor.of(variables)
                each = part.price(variables, known)
                points += times * each.points
                scarce += times * each.scarce
            price = known[id(self)] = Price(points, scarce)
        return price


@dataclass(eq=False, slots=True)
class Largest:
    """The costs of alternatives: the price is the largest of their points, and of their scarce points."""

    alternatives: Sequence[Cost]

    def price(self, variables: dict[str, Any], known: dict[int, Price]) -> Price:
        prices = [each.price(variables, known) for each in self.alternatives]
        return Price(max(each.points for each in prices), max(each.scarce for each in prices))


@dataclass(frozen=True, slots=True)
class OperationCost:
    """The cost of an operation. `sizes` maps the variables that it depends on to their defaults."""

    cost: Cost
    sizes: dict[str, int | None]

    def of(self, variables: dict[str, Any] | None) -> Price:
        return self.cost.of({**self.sizes, **(variables or {})})


def price_of(field: GraphQLField) -> Price:
    """The price of selecting the field once."""
    definition = field.extensions.get("strawberry-definition")
    metadata = getattr(definition, "metadata", None) or {}
    points: int = metadata.get("points", 1)
    return Price(points, points if metadata.get("scarce") else 0)
