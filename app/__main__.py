"""The command line: `python -m app COMMAND`."""

import sys

import typer

from app.commands import services
from app.commands.output import make_output_printable

SERVICES = {
    "run": services.run,
    "serve": services.serve,
    "intent-bridge": services.intent_bridge,
    "message-bridge": services.message_bridge,
}

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Resonant Engine.")

for name, service in SERVICES.items():
    cli.command(name)(service)


def add_other_commands() -> None:
    """Add the commands that end by themselves. A service needs none of their modules, which take megabytes."""
    from app.commands import accounts, backup, generate, maintenance, transfer

    cli.command()(maintenance.migrate)
    cli.command()(maintenance.reembed)
    cli.command()(maintenance.doctor)

    backups = typer.Typer(help="Back up the database, or verify a backup.", invoke_without_command=True)
    backups.callback()(backup.backup)
    backups.command("verify")(backup.verify)
    cli.add_typer(backups, name="backup")
    cli.command()(backup.restore)

    cli.command("export")(transfer.export_data)
    cli.command("import")(transfer.import_data)

    cli.add_typer(accounts.users, name="user")
    cli.add_typer(accounts.tokens, name="token")

    cli.command()(generate.schema)
    cli.command()(generate.settings)


if len(sys.argv) < 2 or sys.argv[1] not in SERVICES:
    add_other_commands()

if __name__ == "__main__":
    make_output_printable()
    cli(prog_name="python -m app")
