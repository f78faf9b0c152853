"""remember: a fact or a preference, across conversations."""

from datetime import UTC, datetime, timedelta
from math import isfinite
from uuid import UUID

from app.language.person import is_about_person
from app.tools.arguments import enum_in, id_in, time_of
from app.tools.outputs import brief, memory_output
from app.tools.tool import (
    Arguments,
    Change,
    ForAgents,
    Tool,
    ToolContext,
    ToolResult,
    optional,
    parameters,
    text,
    texts,
)
from resolvers.checks import checked_tags, checked_text
from sql.errors import BadUserInput
from sql.repositories.memories import (
    NO_MEMORY,
    USUAL_WEIGHT,
    NewMemory,
    find_memory_from,
    insert_memory,
    update_memory,
)
from sql.repositories.projects import NO_PROJECT, check_project
from sql.rows import MemoryRow
from sql.sentences import Sentence, sentence

WORKING_HOURS = 24


async def run(context: ToolContext, arguments: Arguments) -> ToolResult:
    if arguments.get("id") is not None:
        row, changes = await _update(context, arguments), []
    else:
        row, is_new = await _insert(context, arguments)
        changes = [Change("memory", row.id)] if is_new else []
    return ToolResult("memory", row.id, memory_output(context, row), row, changes)


async def _insert(context: ToolContext, arguments: Arguments) -> tuple[MemoryRow, bool]:
    """The memory, and whether it is new: the same message may have been remembered already."""
    kind = enum_in(arguments, "kind") or "longterm"
    weight = _checked_importance(arguments.get("importance"))
    new = NewMemory(
        _content(context, arguments),
        kind,
        source_kind=None if context.message_id is None else "message",
        source_id=context.message_id,
        weight=USUAL_WEIGHT if weight is None else weight,
        expires_at=_expiry(arguments, kind),
        tags=checked_tags(arguments.get("tags")),
        project_id=await _project(context, arguments),
        profile=_is_profile(context, arguments),
        reviewed=_is_reviewed(context, arguments),
    )
    if row := await insert_memory(context.connection, context.user_id, new):
        return row, True
    if context.message_id is None:
        raise AssertionError("a memory without a source is never there already")
    return await find_memory_from(context.connection, context.user_id, context.message_id, new.content), False


async def _project(context: ToolContext, arguments: Arguments) -> UUID | None:
    given = arguments.get("projectId")
    if given is None:
        return context.project_id
    if arguments.get("profile"):
        raise BadUserInput("memory.profile_has_no_project")
    project_id = id_in(arguments, "projectId", NO_PROJECT)
    await check_project(context.connection, context.user_id, project_id, new=True)
    return project_id


def _is_profile(context: ToolContext, arguments: Arguments) -> bool:
    """Whether the memory is about the person. A program that does not say so leaves it to the words."""
    given = arguments.get("profile")
    if given is not None or not context.records_changes:
        return bool(given)
    return is_about_person(arguments["content"])


async def _update(context: ToolContext, arguments: Arguments) -> MemoryRow:
    kind = enum_in(arguments, "kind") or "longterm"
    project_id = await _project(context, arguments)
    profile = arguments.get("profile")
    return await update_memory(
        context.connection,
        context.user_id,
        id_in(arguments, "id", NO_MEMORY),
        content=_content(context, arguments),
        kind=kind,
        weight=_checked_importance(arguments.get("importance")),
        expires_at=_expiry(arguments, kind),
        tags=checked_tags(arguments.get("tags")),
        project_id=project_id,
        profile=False if profile is None and project_id is not None else profile,
        reviewed=_is_reviewed(context, arguments),
    )


def _is_reviewed(context: ToolContext, arguments: Arguments) -> bool:
    """Whether a person enters or changes it. A mutation says whether a program sent it with a token."""
    return context.person and not arguments.get("byProgram")


def _content(context: ToolContext, arguments: Arguments) -> str:
    return checked_text(arguments["content"], "content", max_bytes=context.limits.max_content_bytes)


def _checked_importance(value: float | None) -> float | None:
    if value is not None and not (isfinite(value) and 0 <= value <= 1):
        raise BadUserInput("input.out_of_range", field="importance", given=value, minimum=0, maximum=1)
    return value


def _expiry(arguments: Arguments, kind: str) -> datetime | None:
    """When the memory expires. Raises BadUserInput for a time in the past."""
    now, at = datetime.now(UTC), time_of(arguments, "expiresAt")
    if at is None:
        return now + timedelta(hours=WORKING_HOURS) if kind == "working" else None
    if at <= now:
        raise BadUserInput("input.past", field="expiresAt")
    return at


async def summary(context: ToolContext, arguments: Arguments) -> Sentence:
    return sentence("action.remember", content=brief(arguments["content"]))


TOOL = Tool(
    name="remember",
    description={
        "en": "Remember a fact or a preference that the user plainly stated, across conversations. Not for decisions "
        "(record_decision) and not for work (create_intent).",
        "ja": "利用者がはっきり述べた事実や好みを、会話をまたいで記憶します。"
        "決定にはrecord_decision、作業にはcreate_intentを使います。",
    },
    parameters=parameters(
        ["content"],
        content=text("The fact, in one sentence and in the language of the user."),
        tags=texts("At most 10 tags."),
        profile=optional(
            {
                "type": "boolean",
                "description": "True when it is about the person (a preference, a name, a habit), for all projects; "
                "false when it is about the work of this project.",
            }
        ),
    ),
    run=run,
    summary=summary,
    writes=True,
    unasked=True,
    for_agents=ForAgents("Remember a fact across conversations. Not for decisions or work.", ("tags",)),
)
