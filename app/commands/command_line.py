"""All commands with their arguments, options and help."""

import typer

from app.commands import accounts, agents, backup, files, generate, maintenance, projects, services, transfer


def command_line() -> typer.Typer:
    cli = typer.Typer(
        no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Resonant Engine."
    )

    cli.command()(services.run)
    cli.command()(services.serve)
    cli.command("intent-bridge")(services.intent_bridge)
    cli.command("message-bridge")(services.message_bridge)

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

    cli.command()(agents.mcp)
    cli.add_typer(agents.agents, name="agents")
    cli.add_typer(files.files, name="files")
    cli.add_typer(projects.projects, name="project")
    cli.add_typer(accounts.users, name="user")
    cli.add_typer(accounts.tokens, name="token")

    cli.command()(generate.schema)
    cli.command()(generate.settings)
    return cli
