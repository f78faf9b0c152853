"""Renders keys with parameters as sentences of the catalogues, schema/messages.<language>.json.

A placeholder `{name}` stands for the parameter of that name. Clients render in the same way:

- a nested sentence, {"key": ..., "params": ...}, is rendered first;
- a list is joined with commas; an integer gets thousands separators;
- the value of `field` is replaced by the catalogue's `field.<value>`, and that of `status`, `from` and `to` by its
  `status.<value>` in lower case, where the catalogue has them.
"""

import re
from collections.abc import Mapping
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
