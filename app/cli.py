"""The command line: `python -m app COMMAND`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from app.commands.accounts import tokens, users
from app.commands.operations import operations
from app.commands.runner import start
from app.settings import Settings, SettingsError, load_settings

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Resonant Engine.")
cli.add_typer(users, name="user")
cli.add_typer(tokens, name="token")
cli.add_typer(operations)
SDL = Path(__file__).parents[1] / "schema/schema.graphql"


@cli.command()
def run() -> None:
    """Run everything in one process: database, backend and both bridges."""
    from app.run import ALL
    from app.run import run as run_services

    start(lambda settings: run_services(settings, ALL))


@cli.command()
def serve() -> None:
    """Run the backend alone."""
    from app.run import run as run_services

    start(lambda settings: run_services(settings, ("backend",)))


@cli.command("intent-bridge")
def intent_bridge() -> None:
    """Run an intent bridge alone; any number may run."""
    from app.run import run as run_services

    start(lambda settings: run_services(settings, ("intent-bridge",)))


@cli.command("message-bridge")
def message_bridge() -> None:
    """Run a message bridge alone; any number may run."""
    from app.run import run as run_services

    start(lambda settings: run_services(settings, ("message-bridge",)))


@cli.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    from app.database.connect import database_for, prepare_database
    from app.database.logins import make_logins
    from app.database.ownership import settle_ownership

    async def bring_up_to_date(settings: Settings) -> None:
        async with database_for(settings, say=typer.echo) as dsn:
            version, applied = await prepare_database(dsn)
            ownership = await settle_ownership(dsn)
            services = {"resonant_api": settings.database_api_url, "resonant_bridge": settings.database_bridge_url}
            logins = await make_logins(dsn, services)
        for migration in applied:
            typer.echo(f"✓ {migration.version:04}_{migration.name}")
        for login in logins:
            typer.echo(f"✓ login {login}")
        typer.echo(f"PostgreSQL {version}: the schema is up to date; {ownership.says}.")

    start(bring_up_to_date)


@cli.command()
def reembed() -> None:
    """Embed everything with the configured model, and have searches use it; may run beside everything else."""
    from app.commands.reembed import reembed as embed_anew

    start(embed_anew)


@cli.command()
def schema(
    check: Annotated[bool, typer.Option(help="Change nothing; fail when the exported SDL is stale.")] = False,
    sql: Annotated[bool, typer.Option("--sql", help="Export the database schema to sql/schema.sql instead.")] = False,
) -> None:
    """Export the GraphQL SDL to schema/schema.graphql, or the database schema to sql/schema.sql."""
    if sql:
        from app.database.schema_sql import write_schema

        write_schema()
        typer.echo("✓ sql/schema.sql")
        return
    from resolvers.root import schema as built

    sdl = built.as_str() + "\n"
    if check:
        if not SDL.exists() or SDL.read_text() != sdl:
            typer.echo("schema/schema.graphql is stale: run `python -m app schema`.", err=True)
            raise typer.Exit(1)
        return
    SDL.write_text(sdl)
    typer.echo(f"✓ {SDL.relative_to(Path.cwd()) if SDL.is_relative_to(Path.cwd()) else SDL}")


@cli.command()
def settings(
    check: Annotated[bool, typer.Option(help="Change nothing; fail when a generated file is stale.")] = False,
) -> None:
    """Generate docs/settings.md and .env.example from the settings."""
    from app.settings.documents import documents

    stale = [path for path, text in documents().items() if not path.exists() or path.read_text() != text]
    if check and stale:
        typer.echo(f"{', '.join(path.name for path in stale)} is stale: run `python -m app settings`.", err=True)
        raise typer.Exit(1)
    for path in stale:
        path.write_text(documents()[path])
        typer.echo(f"✓ {path.name}")


@cli.command()
def doctor() -> None:
    """Say what is wrong and how to mend it; exit code 1 when something is."""
    from app.operations.doctor import examine

    try:
        settings = load_settings()
    except SettingsError as error:
        typer.echo(f"✗ settings: {error}")
        raise typer.Exit(1) from None
    findings = asyncio.run(examine(settings))
    for finding in findings:
        typer.echo(finding.line())
    raise typer.Exit(0 if all(finding.good for finding in findings) else 1)
