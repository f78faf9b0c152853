"""Checks the arguments of a tool against its JSON schema, in the subset that tools use, and reads their values.

The subset: type (a name or a list of names), properties, required, additionalProperties, items, enum, minimum, maximum
and the formats uuid and date-time.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from app.tools.tool import Arguments
from resolvers.checks import checked_id, checked_time
from sql.errors import BadUserInput
from sql.rows import JsonObject

TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list, tuple),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def check_arguments(arguments: Arguments, schema: JsonObject, *, partial: bool = False) -> None:
    """Raises BadUserInput that names the argument. `partial`: required arguments may be absent."""
    _check(dict(arguments), {**schema, "required": []} if partial else schema, "")


def _check(value: Any, schema: JsonObject, name: str) -> None:
    _check_type(value, schema, name)
    if "enum" in schema and value is not None and value not in schema["enum"]:
        raise BadUserInput("tool.argument_not_allowed", name=name, given=_shown(value), allowed=list(schema["enum"]))
    if isinstance(value, str):
        _check_format(value, schema.get("format"), name)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
            raise BadUserInput(
                "input.out_of_range", field=name, given=value, minimum=schema["minimum"], maximum=schema["maximum"]
            )
    elif isinstance(value, dict):
        _check_object(value, schema, name)
    elif isinstance(value, list | tuple):
        for index, each in enumerate(value):
            _check(each, schema.get("items", {}), f"{name}[{index}]")


def _check_type(value: Any, schema: JsonObject, name: str) -> None:
    declared = schema.get("type", list(TYPES))
    names = [declared] if isinstance(declared, str) else declared
    is_boolean = isinstance(value, bool)
    if not any(isinstance(value, TYPES[each]) and is_boolean == (each == "boolean") for each in names):
        raise BadUserInput("tool.argument_type", name=name or "arguments", expected=names[0], given=_shown(value))


def _check_object(value: JsonObject, schema: JsonObject, name: str) -> None:
    properties: JsonObject = schema.get("properties", {})
    for required in schema.get("required", ()):
        if required not in value:
            raise BadUserInput("tool.argument_missing", name=_path(name, required))
    for key, each in value.items():
        if key in properties:
            _check(each, properties[key], _path(name, key))
        elif schema.get("additionalProperties") is False:
            raise BadUserInput("tool.argument_unknown", name=_path(name, str(key)[:80]), allowed=sorted(properties))


def _check_format(value: str, form: str | None, name: str) -> None:
    if form == "date-time":
        to_time(value, name)
    elif form == "uuid":
        try:
            UUID(value)
        except ValueError:
            raise BadUserInput("tool.argument_type", name=name, expected="id", given=_shown(value)) from None


def _path(name: str, key: str) -> str:
    return f"{name}.{key}" if name else key


def _shown(value: Any) -> str:
    return str(value)[:80]


def to_time(value: str, name: str) -> datetime:
    """The time of an ISO 8601 text with an offset. Raises BadUserInput."""
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        raise BadUserInput("tool.argument_type", name=name, expected="time", given=_shown(value)) from None
    if time.tzinfo is None:
        raise BadUserInput("tool.time_without_offset", name=name, given=_shown(value))
    return checked_time(time) or time.astimezone(UTC)


def time_of(arguments: Arguments, name: str) -> datetime | None:
    """A time, which the API gives as a datetime and a program as text; None when it is absent or null."""
    value = arguments.get(name)
    return to_time(value, name) if isinstance(value, str) else checked_time(value)


def id_in(arguments: Arguments, name: str, missing: str) -> UUID:
    """An id. Raises NotFound with the key `missing` for a malformed one, BadUserInput for an absent one."""
    value = arguments.get(name)
    if value is None:
        raise BadUserInput("tool.argument_missing", name=name)
    return value if isinstance(value, UUID) else checked_id(str(value), missing)


def enum_in(arguments: Arguments, name: str) -> str | None:
    """The value of an enum as rows store it: in lower case."""
    value = arguments.get(name)
    return None if value is None else str(value).lower()


def enums_in(arguments: Arguments, name: str) -> tuple[str, ...] | None:
    values = arguments.get(name)
    return None if values is None else tuple(str(each).lower() for each in values)
