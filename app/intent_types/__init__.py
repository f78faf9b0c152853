"""The registry of intent types. Each type is one TOML file of this package, which declares everything about it.

A type whose results the assistant writes needs only its file. A type with code of its own also has a handler of the
same name in app/workers/intents/handlers/. The database (a CHECK constraint), the GraphQL enum IntentType and the web
client list the types too; a test compares them with this registry.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

DUE = ("none", "deadline", "moment")
MEMORY = ("none", "result")
NOTIFICATIONS = ("completed", "reminder")
REQUIRED = frozenset({"labels", "description", "examples"})
OPTIONAL = frozenset({"duty", "rules", "due", "checked", "confirmation", "memory", "notification"})


class InvalidIntentType(Exception):
    """The file of an intent type is not valid; the message names the file and the field."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence that matches the pattern asks for this type; confidence in 0..1. `timed`: only with a time in it."""

    pattern: re.Pattern[str]
    confidence: float
    timed: bool = False


@dataclass(frozen=True, slots=True)
class IntentType:
    """All that belongs to one type of intent.

    `labels`: its name for people, by language.
    `description`: when a text asks for it, for a model that classifies.
    `duty`: the instruction to the assistant that writes the result.
    `examples`: texts that ask for it. `rules`: the local classifier tries them after its own rules.
    `due`: whether a time in the text is a deadline or the moment to act.
    `checked`: whether it is compared with prior records. `confirmation`: whether the user must confirm it first.
    `memory`: whether its result is remembered for a day. `notification`: the occasion of its completion.
    """

    name: str
    labels: Mapping[str, str]
    description: str
    examples: Sequence[str]
    duty: str = ""
    rules: Sequence[Rule] = ()
    due: Literal["none", "deadline", "moment"] = "none"
    checked: bool = True
    confirmation: bool = False
    memory: Literal["none", "result"] = "none"
    notification: Literal["completed", "reminder"] = "completed"

    @property
    def needs_model(self) -> bool:
        """Whether the assistant writes its results, which takes a model."""
        return bool(self.duty)


def load_intent_types(directory: Path) -> dict[str, IntentType]:
    """The types declared by the TOML files of a directory, by name. Raises InvalidIntentType."""
    return {path.stem: _load(path) for path in sorted(directory.glob("*.toml"))}


def _load(path: Path) -> IntentType:
    data = tomllib.loads(path.read_text("utf-8"))
    if missing := REQUIRED - data.keys():
        raise InvalidIntentType(f"{path.name} lacks {', '.join(sorted(missing))}")
    if unknown := data.keys() - REQUIRED - OPTIONAL:
        raise InvalidIntentType(f"{path.name} has unknown fields: {', '.join(sorted(unknown))}")
    if data["labels"].keys() != {"en", "ja"}:
        raise InvalidIntentType(f"{path.name}: labels must have exactly en and ja")
    for name, values in (("due", DUE), ("memory", MEMORY), ("notification", NOTIFICATIONS)):
        if data.get(name, values[0]) not in values:
            raise InvalidIntentType(f"{path.name}: {name} must be one of {', '.join(values)}")
    data["rules"] = [_to_rule(path, rule) for rule in data.get("rules", ())]
    return IntentType(name=path.stem, **data)


def _to_rule(path: Path, rule: dict[str, Any]) -> Rule:
    try:
        pattern = re.compile(rule["pattern"], re.IGNORECASE)
        return Rule(pattern, float(rule["confidence"]), timed=bool(rule.get("timed", False)))
    except (KeyError, ValueError, re.error) as error:
        raise InvalidIntentType(f"{path.name}: a rule needs a valid `pattern` and a `confidence`: {error}") from error


INTENT_TYPES: Mapping[str, IntentType] = load_intent_types(Path(__file__).parent)
"""The types of this installation."""
