"""The two prompts: start a task with what the record says about it, and record what was decided."""

from collections.abc import Callable, Mapping

from app.language.catalogue import Language, render
from app.mcp.agent import Agent
from app.mcp.tools import AgentTools
from sql.errors import BadUserInput
from sql.rows import JsonObject

START, RECORD = "start_task", "record_decisions"
MAX_TASK = 4000
LISTED = 50
LISTED_DECISIONS = 200
FOUND = 10


def _start_task(language: Language) -> JsonObject:
    task = {"name": "task", "description": render("mcp.start_task.task", {}, language), "required": True}
    return {"name": START, "description": render("mcp.start_task", {}, language), "arguments": [task]}


def _record_decisions(language: Language) -> JsonObject:
    return {"name": RECORD, "description": render("mcp.record_decisions", {}, language), "arguments": []}


PROMPTS: Mapping[str, Callable[[Language], JsonObject]] = {START: _start_task, RECORD: _record_decisions}
"""The declarations, by name."""


async def prompt_text(tools: AgentTools, agent: Agent, name: str, arguments: Mapping[str, str]) -> str:
    """The text of the prompt. Raises ResonantError."""
    if name == RECORD:
        return render("mcp.record_decisions.text", {}, agent.language)
    task = arguments.get("task", "").strip()[:MAX_TASK]
    if not task:
        raise BadUserInput("tool.argument_missing", name="task")
    return await _context_of(tools, agent, task)


async def _context_of(tools: AgentTools, agent: Agent, task: str) -> str:
    """The task with the decisions that speak against it, all decisions in force, open work and related records."""
    conflicts = (await tools.call(agent, "check_contradictions", {"text": task}))["items"]
    decisions = (await tools.call(agent, "list_decisions", {"limit": LISTED_DECISIONS}))["items"]
    work = (await tools.call(agent, "list_intents", {"limit": LISTED}))["items"]
    found = (await tools.call(agent, "search", {"query": task, "limit": FOUND}))["items"]
    parts = [
        render("mcp.start_task.text", {"task": task}, agent.language),
        _part("mcp.conflicts", [each["explanation"] for each in conflicts], agent.language),
        _part("mcp.decisions", [decision_line(each) for each in decisions], agent.language),
        _part(
            "mcp.open_work",
            [f"{each['description']} ({each['status']}, {each['id']})" for each in work],
            agent.language,
        ),
        _part("mcp.related", [f"{each['kind']}: {each['text']} ({each['id']})" for each in found], agent.language),
    ]
    return "\n\n".join(part for part in parts if part)


def decision_line(decision: Mapping[str, object]) -> str:
    """A decision as one line: its number, its sentence, what was chosen and why."""
    settled = decision["chosen"] or decision["value"]
    line = f"ADR {decision['number']}: {decision['title']}" + (f" [{settled}]" if settled else "")
    return line if not decision["rationale"] else f"{line} ({decision['rationale']})"


def _part(key: str, lines: list[str], language: Language) -> str:
    return "\n".join([render(key, {}, language), *(f"- {line}" for line in lines)]) if lines else ""
