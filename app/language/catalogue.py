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
from typing import Any, Literal

import orjson

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


@dataclass(frozen=True, slots=True)
class StoredText:
    """A text as rows store it: in English, with its key and parameters. Text of a model or a person has no key."""

    text: str
    key: str | None = None
    params: dict[str, Any] | None = None

    def as_param(self) -> dict[str, Any] | str:
        """The text as a parameter of another one."""
        return self.text if self.key is None else {"key": self.key, "params": self.params or {}}


def stored_text(key: str, **params: Any) -> StoredText:
    """A sentence of the catalogue, ready to be stored."""
    return StoredText(render(key, params), key, params)


def to_stored_text(keyed: Keyed) -> StoredText:
    """An error or a sentence, ready to be stored."""
    return StoredText(message_of(keyed), keyed.key, dict(keyed.params))


def message_of(keyed: Keyed, language: Language = "en") -> str:
    """The sentence of an error or of a reason."""
    return render(keyed.key, keyed.params, language)


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
