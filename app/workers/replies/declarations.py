"""Declares the tools to a model, with what it may say about a call, and reads that back from the arguments."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.models.ports import ToolSpec
from app.tools.tool import Tool
from sql.rows import JsonObject

PROPOSE = "propose"
CANDIDATES = "candidates"
MAX_CANDIDATES = 10
ABOUT_CALLS: JsonObject = {
    PROPOSE: {
        "type": "boolean",
        "description": "true when the user did not say this plainly and you infer it: the user is asked first.",
    }
}
ABOUT_RECORDS: JsonObject = {
    CANDIDATES: {
        "type": "array",
        "items": {"type": "string", "format": "uuid"},
        "description": "When several records match what the user named: their ids, without `id`. The user chooses.",
    }
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A call as the model wants it. `candidates` are the records of which the user has to choose one."""

    arguments: Mapping[str, Any]
    propose: bool = False
    candidates: Sequence[UUID] = ()


def to_spec(tool: Tool) -> ToolSpec:
    """The declaration of a tool for a model."""
    if not tool.writes:
        return ToolSpec(tool.name, tool.description["en"], tool.parameters)
    properties: JsonObject = tool.parameters.get("properties", {})
    required = [name for name in tool.parameters.get("required", ()) if name != "id"]
    names_record = "id" in properties
    more = ABOUT_CALLS | (ABOUT_RECORDS if names_record else {})
    parameters = {**tool.parameters, "properties": {**properties, **more}, "required": required}
    return ToolSpec(tool.name, tool.description["en"], parameters)


def to_wanted(arguments: Mapping[str, Any]) -> Wanted:
    """What the model wants; ids of candidates that are no ids are left out."""
    own = {name: value for name, value in arguments.items() if name not in (PROPOSE, CANDIDATES)}
    given = arguments.get(CANDIDATES)
    candidates = list(_ids(given))[:MAX_CANDIDATES] if isinstance(given, list) else []
    propose = arguments.get(PROPOSE) is True
    if "id" in own and own["id"] is not None:
        return Wanted(own, propose)
    if len(candidates) == 1:
        return Wanted({**own, "id": str(candidates[0])}, propose)
    own = {name: value for name, value in own.items() if name != "id"}
    return Wanted(own, propose or bool(candidates), candidates)


def _ids(values: Iterable[Any]) -> Iterable[UUID]:
    for value in values:
        try:
            yield UUID(str(value))
        except ValueError:
            continue
