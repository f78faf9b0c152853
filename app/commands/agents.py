"""`mcp` and `agents`: connect coding agents with the running server."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from app.commands.runner import report
from app.errors import StartError
from app.language.catalogue import message_of
from app.mcp.git import parameters_of
from resolvers.repositories import checked_repositories
from sql.errors import ResonantError
from sql.sentences import sentence

ADDRESS = "http://127.0.0.1:8000/mcp"
MOST_DECISIONS = 500
Url = Annotated[str, typer.Option(help="Address of the MCP server.", envvar="RESONANT_MCP_URL")]
Token = Annotated[str | None, typer.Option(help="Token of the user, with AUTH_MODE=token.", envvar="RESONANT_TOKEN")]
Project = Annotated[
    str | None,
    typer.Option(help="Id or slug; by default that of the repository, else all projects.", envvar="RESONANT_PROJECT"),
]

Repository = Annotated[
    str | None, typer.Option(help="URL of the remote that leads to the project; by default that of the directory.")
]
Directory = Annotated[Path | None, typer.Option(help="Directory of the repository; by default the current one.")]

agents = typer.Typer(no_args_is_help=True, help="Help coding agents that have no hooks.")


def mcp(
    url: Url = ADDRESS,
    token: Token = None,
    project: Project = None,
    repository: Repository = None,
    directory: Directory = None,
) -> None:
    """Serve MCP over standard input and output, by passing messages on to the running server."""
    from app.mcp.stdio import StdioBridge, run_stdio  # no other command needs it

    try:
        parameters = parameters_for(project, Path.cwd(), repository, directory)
    except ResonantError as failure:
        typer.echo(f"✗ {message_of(failure)}", err=True)
        raise typer.Exit(1) from None
    asyncio.run(run_stdio(StdioBridge(url, token=token, parameters=parameters)))


@agents.command("sync")
def sync(
    directory: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Directory of the repository.")],
    url: Url = ADDRESS,
    token: Token = None,
    project: Project = None,
) -> None:
    """Write the decisions in force into AGENTS.md and CLAUDE.md, as a block that the next call replaces."""
    from app.mcp.sync import block_of, files_in, write_block

    try:
        decisions = asyncio.run(_decisions(url, token, parameters_for(project, directory)))
        block = block_of(decisions)
        for path in files_in(directory):
            key = "command.agents_synced" if write_block(path, block) else "command.agents_current"
            params = {"path": str(path)} | ({"count": len(decisions)} if key == "command.agents_synced" else {})
            report(sentence(key, **params))
    except (StartError, OSError, UnicodeDecodeError) as error:
        typer.echo(f"✗ {error}", err=True)
        raise typer.Exit(1) from None


def parameters_for(
    project: str | None, current: Path, repository: str | None = None, directory: Path | None = None
) -> dict[str, str]:
    """The project, else the repository and the directory; what is not given is found. Raises BadUserInput."""
    if project is not None:
        return {"project": project}
    found = parameters_of(current if directory is None else directory)
    if repository is None:
        return found
    [remote] = checked_repositories([repository])  # which has no credentials
    return {**found, "repository": remote}


async def _decisions(url: str, token: str | None, parameters: dict[str, str]) -> list[dict[str, Any]]:
    """The accepted decisions, oldest first. Raises StartError."""
    from app.mcp.stdio import StdioBridge

    bridge = StdioBridge(url, token=token, parameters=parameters)
    try:
        found = await bridge.call("list_decisions", {"limit": MOST_DECISIONS})
    finally:
        await bridge.close()
    items: list[dict[str, Any]] = found["items"]
    return sorted(items, key=lambda each: each["number"])
