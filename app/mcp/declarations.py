"""How tools are declared to agents: as JSON that is as short as it can be, because every task of an agent reads it."""

from app.tools.outputs import RECORD, TEXT, TEXT_OR_NULL, listed, shape
from app.tools.paths import PATHS
from app.tools.registry import TOOLS
from app.tools.tool import TIME_FORMAT, ForAgents, Tool, parameters
from sql.rows import JsonObject

WAIT = "wait_for_answer"
LONGEST_WAIT = 25  # seconds; clients give up after a minute or later
# What goes without saying for a parameter of this name.
SELF_EXPLANATORY = frozenset({"id", "limit", "status", "priority", "labels", "kinds", "intentType", "title"})
OVERLAP = shape(id=TEXT, description=TEXT, agent=TEXT_OR_NULL, path=TEXT_OR_NULL)
"""Unfinished work of another, on the same path, or when that is null of the same meaning."""
OVERLAPS = "overlaps"


RECORD_STATUS = "recordStatus"


def _with_optional(schema: JsonObject, **optional: JsonObject) -> JsonObject:
    return {**schema, "properties": {**schema["properties"], **optional}}


ACTION = _with_optional(
    shape(action=TEXT, status=TEXT, summary=TEXT, kind=TEXT_OR_NULL, id=TEXT_OR_NULL, reason=TEXT_OR_NULL),
    **{OVERLAPS: listed(OVERLAP), RECORD_STATUS: TEXT},
)
"""What a call that writes returns. `action` is the handle of the call, `id` the record that it made or changed.

`recordStatus` is that of a decision: a call that is done leaves it PROPOSED until a person accepts it.
"""
CHECK = "check_contradictions"
WAITING: JsonObject = {
    "name": WAIT,
    "description": "Wait until a person has answered a proposal, or a work item has ended.",
    "inputSchema": parameters(
        ["id"],
        id={"type": "string"},
        seconds={"type": "integer", "minimum": 1, "maximum": LONGEST_WAIT},
    ),
    "outputSchema": RECORD,
    "annotations": {"readOnlyHint": True},
}

PROPOSE = "propose_from_conversation"
MOST_MESSAGES = 200
PROPOSING: JsonObject = {
    "name": PROPOSE,
    "description": "Propose the decisions and tasks in what the person wrote. Call it before the conversation is lost.",
    "inputSchema": parameters(["messages"], messages={"type": "array", "items": {"type": "string"}}),
    "outputSchema": shape(items=listed(ACTION)),
    "annotations": {"destructiveHint": False, "idempotentHint": True},
}


def declared() -> list[JsonObject]:
    """The tools that agents are offered, in a fixed order, as `tools/list` returns them."""
    offered = [_declaration(tool, tool.for_agents) for tool in TOOLS.values() if tool.for_agents is not None]
    return [*offered, WAITING, PROPOSING]


def is_listed(tool: Tool) -> bool:
    """Whether the tool returns a list, which is an entry of the structured content."""
    return tool.output is not None and tool.output["type"] == "array"


def _declaration(tool: Tool, offer: ForAgents) -> JsonObject:
    output = tool.output or ACTION
    given = _input(tool.parameters, offer.hidden)
    returned = shape(items=output) if is_listed(tool) else output
    if tool.name == CHECK:
        given["properties"][PATHS] = {"type": "array", "items": {"type": "string"}}
        returned = _with_optional(returned, **{OVERLAPS: listed(OVERLAP)})
    return {
        "name": tool.name,
        "description": offer.description,
        "inputSchema": given,
        "outputSchema": returned,
        "annotations": _annotations(tool),
    }


def _annotations(tool: Tool) -> JsonObject:
    """The hints that differ from what the protocol assumes."""
    if not tool.writes:
        return {"readOnlyHint": True}
    hints = {"idempotentHint": True} if tool.idempotent else {}
    return hints if tool.destructive else {"destructiveHint": False, **hints}


def _input(schema: JsonObject, hidden: tuple[str, ...]) -> JsonObject:
    properties = {name: _short(name, each) for name, each in schema["properties"].items() if name not in hidden}
    required = {"required": schema["required"]} if schema["required"] else {}
    return {"type": "object", "properties": properties, **required}


def _short(name: str, schema: JsonObject) -> JsonObject:
    """The schema without what its name says, and without null where that only means absent."""
    kept: JsonObject = {key: each for key, each in schema.items() if key not in ("description", "items")}
    if not isinstance(schema["type"], str) and "null" not in schema.get("description", ""):
        kept["type"] = schema["type"][0]
    if kept.get("format") == "uuid":
        del kept["format"]
    if "items" in schema:
        kept["items"] = _item(schema["items"])
    described = str(schema.get("description", "")).removesuffix(TIME_FORMAT)
    if described and name not in SELF_EXPLANATORY:
        kept["description"] = described
    return kept


def _item(schema: JsonObject) -> JsonObject:
    if schema.get("type") != "object":
        return {key: each for key, each in schema.items() if key not in ("description", "format")}
    return _input(schema, ())
