"""search: all records by words and meaning."""

from app.tools.arguments import enums_in, time_of
from app.tools.outputs import NUMBER, SHORT, TEXT, TEXT_OR_NULL, listed, shape, shown_time
from app.tools.tool import Arguments, ForAgents, Tool, ToolContext, ToolResult, parameters, text, time
from resolvers.checks import checked_text
from sql.errors import BadUserInput
from sql.repositories.nearest import SearchFilter

KINDS = ["MESSAGE", "INTENT", "SPECIFICATION", "DECISION", "MEMORY"]
MAX_QUERY_BYTES = 16 * 1024


async def run(context: ToolContext, arguments: Arguments) -> ToolResult:
    within = SearchFilter(
        kinds=enums_in(arguments, "kinds"),
        since=time_of(arguments, "since"),
        until=time_of(arguments, "until"),
        project_id=context.project_id,
        shared=context.shared,
    )
    if within.since and within.until and within.since >= within.until:
        raise BadUserInput("period.empty")
    query = checked_text(arguments["query"], "query", max_bytes=MAX_QUERY_BYTES)
    count = arguments.get("limit") or 10
    hits = await context.searcher.search(context.user_id, query, within, count, rated=not context.shared)
    return ToolResult(
        output=[
            {
                "kind": hit.kind,
                "id": str(hit.subject_id),
                "text": hit.snippet[:SHORT],
                "at": shown_time(context, hit.occurred_at),
                "score": round(hit.score, 3),
                **({} if hit.status is None else {"status": hit.status.upper()}),
                **({"outdated": True} if "MARKED_OUTDATED" in hit.reasons else {}),
            }
            for hit in hits
        ]
    )


TOOL = Tool(
    name="search",
    description={
        "en": "Search messages, work items, specifications, decisions and memories by words and meaning, in any "
        "language. Of decisions, only an ACCEPTED one is in force; the others are history.",
        "ja": "メッセージ、作業項目、仕様書、決定、記憶を言葉と意味で検索します。どの言語でも検索できます。"
        "決定のうち有効なのはACCEPTEDだけで、ほかは過去の記録です。",
    },
    parameters=parameters(
        ["query"],
        query=text("What to look for."),
        kinds={"type": "array", "items": {"type": "string", "enum": KINDS}, "description": "Only these kinds."},
        since=time("Not before."),
        until=time("Before."),
        limit={"type": "integer", "minimum": 1, "maximum": 50, "description": "How many at most; default 10."},
    ),
    run=run,
    searches=True,
    for_agents=ForAgents("Search the record by words and meaning. Of decisions, only an ACCEPTED one is in force."),
    output=listed(shape(kind=TEXT, id=TEXT, text=TEXT, at=TEXT_OR_NULL, score=NUMBER)),
)
