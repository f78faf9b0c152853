"""`migrate`, `reembed` and `doctor`: keep an installation up to date and check it."""

import asyncio

import typer

from app.commands.runner import run_command
from app.database.connect import database_for, prepare_database
from app.database.logins import create_logins, settle_ownership
from app.settings import Settings, SettingsError, load_settings


def migrate() -> None:
    """Migrate the database to the current schema and create the logins of the services."""
    run_command(_migrate, prefix="Cannot start:")


async def _migrate(settings: Settings) -> None:
    async with database_for(settings, say=typer.echo) as dsn:
        version, applied = await prepare_database(dsn)
        ownership = await settle_ownership(dsn)
        services = {"resonant_api": settings.database_api_url, "resonant_bridge": settings.database_bridge_url}
        logins = await create_logins(dsn, services)
    for migration in applied:
        typer.echo(f"✓ {migration.version:04}_{migration.name}")
    for login in logins:
        typer.echo(f"✓ login {login}")
    typer.echo(f"PostgreSQL {version}: the schema is up to date; {ownership}.")


def reembed() -> None:
    """Embed all texts with the configured model, then use it for search. The services may keep running."""

    async def main(settings: Settings) -> None:
        from app.commands.reembed import embed_everything  # slow to import

        await embed_everything(settings)

    run_command(main)


def doctor() -> None:
    """Check the installation and say how to fix what is wrong; exit status 1 when something is wrong."""
    from app.operations.doctor import examine  # slow to import

    try:
        settings = load_settings()
    except SettingsError as error:
        typer.echo(f"✗ settings: {error}")
        raise typer.Exit(1) from None
    findings = asyncio.run(examine(settings))
    for finding in findings:
        typer.echo(finding.line())
    raise typer.Exit(0 if all(finding.ok for finding in findings) else 1)
