"""write_specification: a new document, or a new revision of one."""

from uuid import UUID

from app.tools.arguments import enum_in, id_in
from app.tools.outputs import brief, specification_output
from app.tools.tool import (
    Arguments,
    Change,
    ForAgents,
    Tool,
    ToolContext,
    ToolResult,
    id_of,
    optional,
    parameters,
    text,
    texts,
)
from app.tools.undo import change_of
from resolvers.checks import checked_tags, checked_text, checked_title
from sql.errors import BadUserInput, Conflict, NotFound
from sql.repositories.projects import NO_PROJECT, check_project
from sql.repositories.specifications import (
    NO_SPECIFICATION,
    SpecificationText,
    find_specifications,
    insert_specification,
    lock_specification,
    update_specification,
)
from sql.rows import SpecificationRow
from sql.sentences import Sentence, sentence


async def run(context: ToolContext, arguments: Arguments) -> ToolResult:
    """A program always writes a draft, which a person reviews."""
    expected = arguments.get("expectedVersion")
    if arguments.get("id") is None:
        if expected is not None:
            raise BadUserInput("specification.version_not_allowed")
        project_id = arguments.get("projectId") and id_in(arguments, "projectId", NO_PROJECT)
        await check_project(context.connection, context.user_id, project_id, new=True)
        text_of_new = _text(context, arguments, None)
        row = await insert_specification(
            context.connection, context.user_id, text_of_new, project_id or context.project_id
        )
        change = Change("specification", row.id)
    else:
        current = await _lock(context, id_in(arguments, "id", NO_SPECIFICATION), expected)
        change = await change_of(context, "specification", current.id)
        written = _text(context, arguments, current)
        row = await update_specification(context.connection, context.user_id, current.id, written)
    return ToolResult("specification", row.id, specification_output(context, row), row, [change])


async def _lock(context: ToolContext, specification_id: UUID, expected: int | None) -> SpecificationRow:
    current = await lock_specification(context.connection, context.user_id, specification_id)
    if expected is not None and expected != current.version:
        raise Conflict("specification.changed", version=current.version, expected=expected)
    return current


def _text(context: ToolContext, arguments: Arguments, current: SpecificationRow | None) -> SpecificationText:
    """What to save; an existing specification keeps its title and tags unless others are given."""
    title, tags = arguments.get("title"), arguments.get("tags")
    if title is None and current is None:
        raise BadUserInput("tool.argument_missing", name="title")
    return SpecificationText(
        title=current.title if title is None and current is not None else checked_title(title or ""),
        content=checked_text(arguments["content"], "content", max_bytes=context.limits.max_content_bytes),
        status=enum_in(arguments, "status") or "draft",
        tags=current.tags if tags is None and current is not None else checked_tags(tags),
        author=context.actor,
    )


async def summary(context: ToolContext, arguments: Arguments) -> Sentence:
    if arguments.get("id") is None:
        return sentence("action.write_specification", title=brief(arguments.get("title") or ""))
    wanted = id_in(arguments, "id", NO_SPECIFICATION)
    rows = await find_specifications(context.connection, context.user_id, [wanted])
    if not rows:
        raise NotFound(NO_SPECIFICATION)
    return sentence("action.write_specification.revision", title=brief(rows[0].title))


TOOL = Tool(
    name="write_specification",
    description={
        "en": "Write a specification as a draft: a new one, or with `id` a new revision. Send the complete Markdown "
        "text; read the existing one first.",
        "ja": "仕様書を下書きとして書きます。新規、または`id`を指定して新しい版にします。"
        "本文はMarkdownの全文を渡します。改訂の前に既存の本文を読みます。",
    },
    parameters=parameters(
        ["content"],
        id=optional(id_of("The specification to revise.")),
        title=text("The title; required by a new one."),
        content=text("The complete text, in Markdown."),
        tags=texts("At most 10 tags."),
        expectedVersion=optional({"type": "integer", "description": "The version that the revision is based on."}),
    ),
    run=run,
    summary=summary,
    writes=True,
    for_agents=ForAgents(
        "Write a draft; with `id` a new revision. Send the complete Markdown text.",
        (
            "tags",
            "expectedVersion",
        ),
    ),
    destructive=True,
)
