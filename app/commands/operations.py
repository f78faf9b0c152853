"""The commands of whoever runs the system: backup, restore, verify."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer

from app.errors import OperationFailed, StartError
from app.operations.private_file import private_file
from app.settings import Settings, SettingsError, load_settings

operations = typer.Typer()
backup_commands = typer.Typer(help="Back the database up, or check a backup.", invoke_without_command=True)
operations.add_typer(backup_commands, name="backup")


def carry_out(main: Callable[[Settings], Coroutine[Any, Any, None]]) -> None:
    """Run it; what stops it is one line and exit code 1, a bad setting is exit code 2."""
    import asyncio

    from app.observability.logging import configure_logging
    from sql.errors import TimedOut, Unavailable, is_away

    try:
        settings = load_settings()
        configure_logging(settings)
        asyncio.run(main(settings))
    except SettingsError as error:
        typer.echo(f"Setting: {error}", err=True)
        raise typer.Exit(2) from None
    except (OperationFailed, StartError, Unavailable, TimedOut) as error:
        typer.echo(f"✗ {error}", err=True)
        raise typer.Exit(1) from None
    except Exception as error:
        if not is_away(error):
            raise
        typer.echo(f"✗ The database went away in the midst of it ({error}); run it again.", err=True)
        raise typer.Exit(1) from None


def _say(line: str) -> None:
    typer.echo(line, err=True)


@backup_commands.callback()
def backup(
    context: typer.Context,
    to: Annotated[
        str | None, typer.Option(help="DIR or s3://bucket/prefix; BACKUP_DESTINATION when not given.")
    ] = None,
    scheduled: Annotated[bool, typer.Option(help="Go on for ever, every BACKUP_INTERVAL seconds.")] = False,
) -> None:
    """Back the database up, in use or not."""
    if context.invoked_subcommand is None:
        carry_out(_for_ever if scheduled else lambda settings: _back_up(settings, to))


async def _back_up(settings: Settings, to: str | None) -> None:
    from app.database.connect import database_for, prepare_database
    from app.operations.backup.create import create_backup
    from app.operations.backup.storage import place_for
    from app.operations.progress import Bars

    where = to or settings.backup_destination
    if where is None:
        raise OperationFailed("Say where to: `python -m app backup --to DIR`, or set BACKUP_DESTINATION.")
    place = place_for(where)
    async with database_for(settings, say=_say) as dsn:
        await prepare_database(dsn)
        made = await create_backup(dsn, place, passphrase=settings.backup_secret, report=Bars())
    rows = sum(digest.rows for digest in made.tables.values())
    typer.echo(f"✓ {place.shown(made.name)}: {rows} rows in {len(made.tables)} tables, {made.size} bytes")


async def _for_ever(settings: Settings) -> None:
    from app.database.connect import database_for, prepare_database
    from app.operations.backup.schedule import back_up_for_ever

    async with database_for(settings, say=_say) as dsn:
        await prepare_database(dsn)
        await back_up_for_ever(dsn, settings)


@backup_commands.command("verify")
def verify(backup: Annotated[str, typer.Argument(help="The dump, or a place: its newest backup.")]) -> None:
    """Restore a backup into a scratch database, compare counts and checksums, and drop it again."""

    async def check(settings: Settings) -> None:
        from app.database.connect import database_for
        from app.operations.backup.restore import find_backup, verify_backup
        from app.operations.progress import Bars

        place, name = find_backup(backup)
        async with database_for(settings, say=_say) as dsn:
            manifest = await verify_backup(dsn, place, name, passphrase=settings.backup_secret, report=Bars())
        rows = sum(digest.rows for digest in manifest.tables.values())
        typer.echo(f"✓ {place.shown(name)}: {rows} rows in {len(manifest.tables)} tables are as they were")

    carry_out(check)


@operations.command()
def restore(
    backup: Annotated[str, typer.Argument(help="The dump, or a place: its newest backup.")],
    replace: Annotated[
        bool, typer.Option(help="Take the place of a database that holds data; that is kept aside.")
    ] = False,
) -> None:
    """Restore a backup. The database must not be in use, nor be newer than the backup."""

    async def put_back(settings: Settings) -> None:
        from app.database.connect import database_for
        from app.operations.backup.restore import find_backup, restore_backup
        from app.operations.progress import Bars

        place, name = find_backup(backup)
        async with database_for(settings, say=_say) as dsn:
            manifest, old = await restore_backup(
                dsn, place, name, passphrase=settings.backup_secret, replace=replace, report=Bars()
            )
        typer.echo(f"✓ restored {place.shown(name)}, made {manifest.made_at}")
        if old is not None:
            typer.echo(f"  what was there before is kept as the database {old}; drop it when you are sure")

    carry_out(put_back)


UserOption = Annotated[str, typer.Option(help="Whose data; the owner's when not given.")]


@operations.command("export")
def export_data(
    file: Annotated[Path, typer.Argument(help="Where to write the JSON Lines.")], user: UserOption = "owner"
) -> None:
    """Write everything of one user to a file: conversations, intents, specifications, decisions, memories."""

    async def write(settings: Settings) -> None:
        from app.operations.progress import Bars
        from app.operations.transfer.export import export_user
        from app.operations.transfer.session import transfer_session

        count = 0
        async with transfer_session(settings, user, say=_say) as connection:
            with private_file(file) as out:
                async for line in export_user(connection, user, Bars()):
                    out.write(line)
                    count += 1
        typer.echo(f"✓ {file}: {count - 1} rows")

    carry_out(write)


@operations.command("import")
def import_data(
    file: Annotated[Path, typer.Argument(help="An export of ours, or the archive that Claude or ChatGPT gave you.")],
    user: UserOption = "owner",
) -> None:
    """Take in an export; run it again when it was interrupted, nothing comes in twice."""

    async def take_in(settings: Settings) -> None:
        from app.operations.progress import Bars
        from app.operations.transfer.session import import_file, transfer_session

        async with transfer_session(settings, user, say=_say) as connection:
            added, there = await import_file(connection, user, file, Bars())
        typer.echo(f"✓ {file}: {added} new, {there} were there already")

    carry_out(take_in)
