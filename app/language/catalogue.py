"""Renders keys with parameters as sentences of the catalogues, schema/messages.<language>.json.

A placeholder `{name}` is replaced by the parameter of that name. Clients render in the same way:

- a nested sentence, {"key": ..., "params": ...}, is rendered first;
- a list is joined with commas; an integer gets thousands separators;
- the value of `field` is replaced by the catalogue's `field.<value>`, and that of `status`, `from` and `to` by its
  `status.<value>` in lower case, where the catalogue has them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypedDict

import orjson

from sql.errors import ResonantError
from sql.rows import JsonObject
from sql.sentences import Keyed, Params

Language = Literal["en", "ja"]
STATUSES = ("status", "from", "to")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
SEPARATOR: dict[Language, str] = {"en": ", ", "ja": "、"}


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """The sentences by key."""
    sentences: dict[str, str] = orjson.loads(files("schema").joinpath(f"messages.{language}.json").read_bytes())
    return sentences


def render(key: str, params: Params, language: Language = "en") -> str:
    """The sentence of the key; the key itself when the catalogue does not have it."""
    template = catalogue(language).get(key, key)
    return PLACEHOLDER.sub(
        lambda found: _shown(found[1], params[found[1]], language) if found[1] in params else found[0], template
    )


class Reason(TypedDict):
    """The columns of a reason, as keyword arguments of repositories."""

    reason: str
    reason_key: str | None
    reason_params: JsonObject | None


class Error(TypedDict):
    """The columns of an error, as keyword arguments of repositories."""

    error: str | None
    error_key: str | None
    error_params: JsonObject | None


@dataclass(frozen=True, slots=True)
class StoredText:
    """A text as rows store it: rendered, and as key and parameters, which clients render again.

    A text that a model or a person wrote has no key.
    """

    text: str
    key: str | None = None
    params: JsonObject | None = None

    @property
    def param(self) -> str | JsonObject:
        """The text as a parameter of another sentence."""
        return self.text if self.key is None else {"key": self.key, "params": self.params or {}}

    def as_reason(self) -> Reason:
        return {"reason": self.text, "reason_key": self.key, "reason_params": self.params}

    def as_error(self) -> Error:
        return {"error": self.text, "error_key": self.key, "error_params": self.params}


def stored_text(key: str, **params: Any) -> StoredText:
    """A sentence of the catalogue in English, ready to be stored."""
    return StoredText(render(key, params), key, params)


def to_stored_text(keyed: Keyed, language: Language = "en") -> StoredText:
    """An error or a sentence, ready to be stored, rendered in the language of the text that it is about."""
    return StoredText(message_of(keyed, language), keyed.key, dict(keyed.params))


def message_of(keyed: Keyed, language: Language = "en") -> str:
    """The sentence of an error or of a reason."""
    return render(keyed.key, keyed.params, language)


def describe(failure: ResonantError) -> dict[str, Any]:
    """An expected failure as a GraphQL error: the English sentence, and `extensions` with code, key and params."""
    extensions = {"code": failure.code, "key": failure.key, "params": failure.params}
    return {"message": message_of(failure), "extensions": extensions}


def _shown(name: str, value: Any, language: Language) -> str:
    if isinstance(value, Mapping):
        return render(value["key"], value.get("params") or {}, language)
    if isinstance(value, list | tuple):
        return SEPARATOR[language].join(_shown(name, each, language) for each in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:g}"
    if name == "field":
        return catalogue(language).get(f"field.{value}", str(value))
    if name in STATUSES:
        return catalogue(language).get(f"status.{str(value).lower()}", str(value))
    return str(value)
