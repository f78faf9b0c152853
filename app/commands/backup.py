"""`backup`, `backup verify` and `restore`."""

from typing import Annotated

import typer

from app.commands.runner import migrated_database, report, report_missing_files, run_command, say
from app.database.connect import database_for
from app.files.store import open_store
from app.operations.backup.create import create_backup, run_scheduled_backups
from app.operations.backup.fetch import Trust, find_backup
from app.operations.backup.manifest import Manifest
from app.operations.backup.restore import restore_backup, verify_backup
from app.operations.backup.storage import storage_at
from app.operations.progress import Bars
from app.settings import Settings
from sql.errors import BadUserInput
from sql.sentences import sentence

AcceptUnencrypted = Annotated[
    bool, typer.Option(help="Accept a backup that is not encrypted although BACKUP_PASSPHRASE is set.")
]
Backup = Annotated[str, typer.Argument(help="A dump, or a directory or s3:// prefix for its newest backup.")]


def backup(
    context: typer.Context,
    to: Annotated[
        str | None, typer.Option(help="Directory or s3://bucket/prefix; BACKUP_DESTINATION by default.")
    ] = None,
    scheduled: Annotated[bool, typer.Option(help="Keep running, and back up every BACKUP_INTERVAL seconds.")] = False,
) -> None:
    """Back up the database; the services may keep running."""
    if context.invoked_subcommand is None:
        run_command(_schedule if scheduled else lambda settings: _back_up(settings, to))


async def _back_up(settings: Settings, to: str | None) -> None:
    destination = to or settings.backup_destination
    if destination is None:
        raise BadUserInput("command.no_destination")
    storage = storage_at(destination)
    async with migrated_database(settings) as dsn:
        made = await create_backup(dsn, storage, passphrase=settings.backup_secret, report=Bars())
    file, rows, tables = storage.address_of(made.name), _rows(made), len(made.tables)
    report(sentence("command.backed_up", file=file, rows=rows, tables=tables, size=made.size))
    _report_files(made)


async def _schedule(settings: Settings) -> None:
    async with migrated_database(settings) as dsn:
        await run_scheduled_backups(dsn, settings)


def verify(backup: Backup, accept_unencrypted: AcceptUnencrypted = False) -> None:
    """Restore a backup into a temporary database, compare row counts and checksums, and drop the database."""

    async def main(settings: Settings) -> None:
        storage, name = find_backup(backup)
        async with database_for(settings, say=say) as dsn:
            trust = Trust(settings.backup_secret, accept_unencrypted)
            manifest = await verify_backup(dsn, storage, name, trust=trust, report=Bars())
        file, rows, tables = storage.address_of(name), _rows(manifest), len(manifest.tables)
        report(sentence("command.verified", file=file, rows=rows, tables=tables))
        _report_files(manifest)

    run_command(main)


def restore(
    backup: Backup,
    replace: Annotated[
        bool, typer.Option(help="Replace a database that has data; the old one is kept under another name.")
    ] = False,
    accept_unencrypted: AcceptUnencrypted = False,
) -> None:
    """Restore a backup. The database must not be in use, and must not be newer than the backup."""

    async def main(settings: Settings) -> None:
        storage, name = find_backup(backup)
        async with database_for(settings, say=say) as dsn:
            trust = Trust(settings.backup_secret, accept_unencrypted)
            manifest, old = await restore_backup(
                dsn, storage, name, trust=trust, replace=replace, report=Bars(), store=open_store(settings)
            )
        _report_files(manifest)
        report(sentence("command.restored", file=storage.address_of(name), at=str(manifest.created_at)))
        if old is not None:
            report(sentence("command.old_database_kept", name=old))

    run_command(main)


def _report_files(manifest: Manifest) -> None:
    """Print how many files of the object store are in the backup, and which are not."""
    if manifest.files:
        report(sentence("command.files_in_backup", count=manifest.files, size=manifest.files_size))
    if manifest.files_missing:
        report_missing_files(manifest.files_missing)


def _rows(manifest: Manifest) -> int:
    return sum(digest.rows for digest in manifest.tables.values())
