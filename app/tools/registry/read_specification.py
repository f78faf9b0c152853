"""read_specification: the text of one document."""

from app.tools.arguments import id_in
from app.tools.outputs import SPECIFICATION, specification_output
from app.tools.tool import Arguments, Tool, ToolContext, ToolResult, id_of, parameters
from sql.errors import NotFound
from sql.repositories.specifications import NO_SPECIFICATION, find_specifications


async def run(context: ToolContext, arguments: Arguments) -> ToolResult:
    wanted = id_in(arguments, "id", NO_SPECIFICATION)
    rows = await find_specifications(context.connection, context.user_id, [wanted])
    if not rows:
        raise NotFound(NO_SPECIFICATION)
    return ToolResult("specification", wanted, specification_output(context, rows[0], full=True), rows[0])


TOOL = Tool(
    name="read_specification",
    description={
        "en": "Read the Markdown text of a specification.",
        "ja": "仕様書の本文（Markdown）を読みます。",
    },
    parameters=parameters(["id"], id=id_of("The id of the specification.")),
    run=run,
    output=SPECIFICATION,
)
