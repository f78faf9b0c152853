"""`mcp`: connects an agent that speaks over standard input and output with the running server."""

import asyncio
from typing import Annotated

import typer

ADDRESS = "http://127.0.0.1:8000/mcp"


def mcp(
    url: Annotated[str, typer.Option(help="Address of the MCP server.", envvar="RESONANT_MCP_URL")] = ADDRESS,
    token: Annotated[
        str | None, typer.Option(help="Token of the user, with AUTH_MODE=token.", envvar="RESONANT_TOKEN")
    ] = None,
    project: Annotated[str | None, typer.Option(help="Id or slug of the project; all projects by default.")] = None,
) -> None:
    """Serve MCP over standard input and output, by passing messages on to the running server."""
    from app.mcp.stdio import StdioBridge, run_stdio  # no other command needs it

    asyncio.run(run_stdio(StdioBridge(url, token=token, project=project)))
