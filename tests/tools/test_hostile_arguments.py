"""Whatever a model or a program passes to a tool, the call ends as an action or an expected failure."""

from collections.abc import Iterator
from typing import Any

from app.tools.calls import ToolCall
from app.tools.registry import TOOLS
from sql.errors import ResonantError
from sql.repositories.accounts import ensure_owner
from tests.tools.conftest import Toolbox

HOSTILE: list[Any] = [
    "a\0b",
    "\ud800",
    "x" * 300_000,
    "",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00",
    10**400,
    -1,
    float("nan"),
    float("inf"),
    True,
    None,
    [],
    ["a\0b", "\ud800"],
    [[]] * 3,
    {},
    {"a": {"b": {"c": "\0"}}},
]
OTHERS = "01999999-0000-7000-8000-000000000001"


def plain(schema: dict[str, Any]) -> Any:
    """A value that the schema allows."""
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "string")
    kind = kind if isinstance(kind, str) else kind[0]
    if kind == "string":
        return {"uuid": OTHERS, "date-time": "2026-12-02T09:00:00+09:00"}.get(schema.get("format", ""), "databases")
    if kind == "object":
        return {name: plain(each) for name, each in schema.get("properties", {}).items()}
    return {"integer": schema.get("minimum", 1), "number": 1, "boolean": True, "array": []}[kind]


def hostile_arguments(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    properties = schema["properties"]
    usual = {name: plain(properties[name]) for name in schema.get("required", ())}
    yield usual
    yield {**usual, "\0": 1}
    for name in properties:
        for value in HOSTILE:
            yield {**usual, name: value}


async def outcome_of(toolbox: Toolbox, name: str, arguments: dict[str, Any]) -> str:
    """What the call showed, or the text of an unexpected error."""
    try:
        if TOOLS[name].writes:
            action = await toolbox.call(ToolCall(name, arguments))
            return f"{action.status} {action.summary}"
        return str((await toolbox.read(name, **arguments)).output)
    except ResonantError as expected:
        return expected.key
    except Exception as unexpected:
        return f"unexpected {unexpected!r}"


async def test_hostile_arguments_end_as_an_action_or_an_expected_failure(toolbox: Toolbox) -> None:
    async with toolbox.database.transaction() as connection:
        await ensure_owner(connection, "eve", "eve")
        await connection.execute(
            "INSERT INTO intents (id, user_id, description, intent_type, actor) "
            "VALUES ($1, 'eve', 'of eve', 'task', 'eve')",
            OTHERS,
        )
    wrong = []
    for name, tool in TOOLS.items():
        for arguments in hostile_arguments(tool.parameters):
            outcome = await outcome_of(toolbox, name, arguments)
            if outcome.startswith("unexpected") or "of eve" in outcome:
                wrong.append((name, {key: repr(value)[:40] for key, value in arguments.items()}, outcome[:200]))
    assert wrong[:5] == []
    untouched = await toolbox.value("SELECT (description, status)::text FROM intents WHERE user_id = 'eve'")
    assert untouched == '("of eve",pending)'
