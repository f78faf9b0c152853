"""Sentences for people, as a key with parameters. The catalogues schema/messages.*.json have the text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Params = Mapping[str, Any]
"""JSON scalars, lists of them, or a nested sentence as {"key": ..., "params": ...}."""


class Keyed(Protocol):
    """Anything with a key and parameters: a Sentence, or an error."""

    @property
    def key(self) -> str: ...

    @property
    def params(self) -> Params: ...


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the catalogue, for example a reason that is stored with a row."""

    key: str
    params: Params = field(default_factory=dict)

    def __str__(self) -> str:
        return fallback(self)


def sentence(key: str, **params: Any) -> Sentence:
    return Sentence(key, params)


def nested(keyed: Keyed) -> dict[str, Any]:
    """The sentence as a parameter of another sentence."""
    return {"key": keyed.key, "params": dict(keyed.params)}


def fallback(keyed: Keyed) -> str:
    """A readable form without the catalogue: `intent.changed version=3 expected=2`."""
    return " ".join([keyed.key, *(f"{name}={value}" for name, value in keyed.params.items())])
