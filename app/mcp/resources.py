"""Records that an agent can read by address: `resonant://decision/{id}` and the like."""

import re
from collections.abc import Mapping

import orjson

from app.mcp.agent import Agent
from app.mcp.tools import AgentTools
from sql.errors import NotFound
from sql.repositories.nodes import NO_NODE
from sql.rows import JsonObject

KINDS = {
    "decision": "A decision with its options, its reasons and its status.",
    "specification": "The Markdown text of a specification.",
    "intent": "A work item with its status and its result.",
}
JSON, MARKDOWN = "application/json", "text/markdown"
TYPES = {"decision": JSON, "specification": MARKDOWN, "intent": JSON}
ADDRESS = re.compile(rf"resonant://({'|'.join(KINDS)})/([0-9a-fA-F-]{{36}})")
MAX_LISTED = 50
TEMPLATES: list[JsonObject] = [
    {"name": kind, "uriTemplate": f"resonant://{kind}/{{id}}", "description": description, "mimeType": TYPES[kind]}
    for kind, description in KINDS.items()
]


async def list_resources(tools: AgentTools, agent: Agent) -> list[JsonObject]:
    """The accepted decisions, newest first. Raises ResonantError."""
    found: list[JsonObject] = (await tools.call(agent, "list_decisions", {"limit": MAX_LISTED}))["items"]
    return [
        {
            "uri": f"resonant://decision/{each['id']}",
            "name": f"ADR {each['number']}",
            "title": f"ADR {each['number']}: {each['title']}",
            "mimeType": JSON,
        }
        for each in found
    ]


async def read_resource(tools: AgentTools, agent: Agent, uri: str) -> tuple[str, str]:
    """The text of the record, and its media type. Raises ResonantError."""
    found = ADDRESS.fullmatch(uri)
    if found is None:
        raise NotFound(NO_NODE)
    kind, record_id = found.groups()
    record: Mapping[str, object] = await tools.call(agent, "get_record", {"id": record_id})
    if record["kind"] != kind:
        raise NotFound(NO_NODE)
    if kind == "specification":
        return f"# {record['title']}\n\n{record['content']}", MARKDOWN
    return orjson.dumps(record, option=orjson.OPT_INDENT_2, default=str).decode(), JSON
