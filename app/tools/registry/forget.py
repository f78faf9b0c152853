"""forget: archives a memory; it can be restored."""

from app.tools.arguments import id_in
from app.tools.outputs import brief, memory_output
from app.tools.tool import Arguments, ForAgents, Tool, ToolContext, ToolResult, id_of, parameters
from app.tools.undo import change_of
from sql.errors import NotFound
from sql.repositories.memories import NO_MEMORY, archive_memory, find_memories
from sql.sentences import Sentence, sentence


async def run(context: ToolContext, arguments: Arguments) -> ToolResult:
    """A person may also restore it, with `archived` false."""
    memory_id, archived = id_in(arguments, "id", NO_MEMORY), arguments.get("archived", True)
    change = await change_of(context, "memory", memory_id)
    row = await archive_memory(context.connection, context.user_id, memory_id, archived)
    return ToolResult("memory", row.id, memory_output(context, row), row, [change])


async def summary(context: ToolContext, arguments: Arguments) -> Sentence:
    if arguments.get("id") is None:
        return sentence("action.forget.one_of")
    memory_id = id_in(arguments, "id", NO_MEMORY)
    found = await find_memories(context.connection, context.user_id, [memory_id])
    if not found:
        raise NotFound(NO_MEMORY)
    return sentence("action.forget", content=brief(found[0].content))


TOOL = Tool(
    name="forget",
    description={
        "en": "Archive a memory that the user wants forgotten; it is no longer used and can be restored.",
        "ja": "利用者が忘れてほしいと言った記憶をアーカイブします。以後は使われず、元に戻せます。",
    },
    parameters=parameters(["id"], id=id_of("The id of the memory.")),
    run=run,
    summary=summary,
    writes=True,
    for_agents=ForAgents("Propose to archive a memory."),
    destructive=True,
    idempotent=True,
)
