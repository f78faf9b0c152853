"""`user` and `token`: manage accounts and tokens."""

import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import typer

from app.commands.runner import command_pool, report, run_command
from app.identity.passwords import Passwords, validated_name, validated_password
from app.identity.secrets import TokenScope, create_setup_code, issue_token, setup_link
from app.settings import Settings
from sql.errors import BadUserInput, NotFound
from sql.repositories import accounts, credentials
from sql.repositories.accounts import Role
from sql.repositories.projects import NO_PROJECT, find_project_by_slug
from sql.repositories.security_events import COMMAND_LINE, insert_security_event
from sql.sentences import sentence
from sql.service_rows import AccountRow
from sql.statements import Connection

MAX_DAYS = 36_500  # a century
Work = Callable[[Connection, Settings], Coroutine[Any, Any, None]]
Name = Annotated[str, typer.Argument(help="Sign-in name.")]

users = typer.Typer(no_args_is_help=True, help="Manage users (AUTH_MODE=token).")
tokens = typer.Typer(no_args_is_help=True, help="Manage the tokens of programs (AUTH_MODE=token).")


def _run(work: Work) -> None:
    """Run `work` in one transaction on the migrated database."""

    async def main(settings: Settings) -> None:
        async with command_pool(settings) as database, database.transaction() as connection:
            await work(connection, settings)

    run_command(main)


async def _account(connection: Connection, name: str) -> AccountRow:
    """The account with this sign-in name or id. Raises BadUserInput."""
    found = await accounts.find_account_by_name(connection, validated_name(name))
    found = found or await accounts.find_account(connection, name)
    if found is None:
        raise BadUserInput("command.user_unknown", name=name)
    return found


def _read_password() -> str:
    """Prompt twice on a terminal; otherwise read the first line of standard input."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")


async def _record_event(connection: Connection, kind: str, user_id: str, **detail: Any) -> None:
    await insert_security_event(connection, kind, user_id=user_id, actor=COMMAND_LINE, **detail)


@users.command("setup-link")
def print_setup_link(
    port: Annotated[
        str, typer.Option(envvar="FRONTEND_PORT", help="Port, or address and port, at which the page is opened.")
    ] = "8000",
) -> None:
    """Print a link with which the first owner signs in, once and within a day.

    It begins with the first of SERVER_PUBLIC_ORIGINS, or with the port on this machine.
    """

    async def main(settings: Settings) -> None:
        async with command_pool(settings) as database:
            code = await create_setup_code(database)
        if code is None:
            raise BadUserInput("command.owner_exists")
        here = f"http://{port if ':' in port else f'127.0.0.1:{port}'}"
        sys.stdout.write(f"{setup_link((settings.server_public_origins or (here,))[0], code)}\n")

    run_command(main)


@users.command("add")
def add_user(
    name: Name,
    role: Annotated[Role, typer.Option(help="Role of the user.")] = "member",
    display_name: Annotated[str | None, typer.Option(help="Displayed name; the sign-in name by default.")] = None,
    subject: Annotated[
        str | None, typer.Option(help="Subject (`sub`) at the identity provider, instead of a password.")
    ] = None,
) -> None:
    """Add a user; the password is prompted for, or read from standard input."""
    password = None if subject else _read_password()

    async def work(connection: Connection, settings: Settings) -> None:
        if subject and settings.auth_jwt_issuer is None:
            raise BadUserInput("command.subject_needs_provider")
        plain = validated_name(name)
        hashed = Passwords().compute_hash(validated_password(password, plain)) if password is not None else None
        account = await accounts.insert_account(
            connection,
            name=plain,
            display_name=display_name or name,
            role=role,
            password_hash=hashed,
            issuer=settings.auth_jwt_issuer if subject else None,
            subject=subject,
        )
        await _record_event(connection, "user_added", account.id, role=role, by=COMMAND_LINE)
        typer.echo(f"✓ {plain} ({role}) {account.id}")

    _run(work)


@users.command("list")
def list_users() -> None:
    """List all users."""

    async def work(connection: Connection, settings: Settings) -> None:
        for account in await accounts.list_accounts(connection):
            method = "password" if account.password_hash else "provider" if account.subject else "local only"
            state = "disabled" if account.disabled_at else "enabled"
            typer.echo(
                f"{account.name or '-'}\t{account.role}\t{state}\t{method}\t{account.display_name}\t{account.id}"
            )

    _run(work)


@users.command("disable")
def disable_user(name: Name) -> None:
    """Disable a user: sessions and tokens are deleted, open connections end within seconds."""

    async def work(connection: Connection, settings: Settings) -> None:
        account = await _account(connection, name)
        await accounts.set_disabled(connection, account.id, True)
        await credentials.delete_credentials(connection, account.id)
        await _record_event(connection, "user_disabled", account.id)
        report(sentence("command.user_disabled", name=name))

    _run(work)


@users.command("enable")
def enable_user(name: Name) -> None:
    """Enable a user again, with the old password; tokens have to be created again."""

    async def work(connection: Connection, settings: Settings) -> None:
        account = await _account(connection, name)
        await accounts.set_disabled(connection, account.id, False)
        await _record_event(connection, "user_enabled", account.id)
        report(sentence("command.user_enabled", name=name))

    _run(work)


@users.command("set-role")
def set_role(name: Name, role: Annotated[Role, typer.Argument(help="Role of the user.")]) -> None:
    """Change the role of a user; open connections get the new role immediately."""

    async def work(connection: Connection, settings: Settings) -> None:
        account = await _account(connection, name)
        await accounts.set_role(connection, account.id, role)
        await _record_event(connection, "role_changed", account.id, before=account.role, after=role)
        report(sentence("command.role_set", name=name, role=role))

    _run(work)


@users.command("set-password")
def set_password(
    name: Name,
    keep_tokens: Annotated[bool, typer.Option(help="Keep the user's tokens valid.")] = False,
) -> None:
    """Set a password, prompted for or read from standard input; all sessions end and all tokens are revoked."""
    password = _read_password()

    async def work(connection: Connection, settings: Settings) -> None:
        account = await _account(connection, name)
        if account.name is None:
            raise BadUserInput("command.no_sign_in_name", name=name)
        hashed = Passwords().compute_hash(validated_password(password, account.name))
        await accounts.set_password_hash(connection, account.id, hashed)
        await credentials.delete_sessions(connection, account.id)
        revoked = [] if keep_tokens else await credentials.delete_tokens(connection, account.id)
        for token in revoked:
            await _record_event(connection, "token_revoked", account.id, token=token.name, hint=token.hint)
        await _record_event(connection, "password_changed", account.id)
        if revoked:
            report(sentence("command.password_set_tokens_revoked", name=name, count=len(revoked)))
        else:
            report(sentence("command.password_set", name=name))

    _run(work)


@tokens.command("add")
def add_token(
    user: Name,
    name: Annotated[str, typer.Argument(help="Name of the token.")],
    days: Annotated[
        int | None, typer.Option(min=1, max=MAX_DAYS, help="Days until it expires; never by default.")
    ] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="It may read and change nothing.")] = False,
    project: Annotated[
        str | None, typer.Option(help="Slug of the only project that it may use; only the MCP server accepts it.")
    ] = None,
) -> None:
    """Create a token; standard output is only the token, which is not shown again."""

    async def work(connection: Connection, settings: Settings) -> None:
        account = await _account(connection, user)
        scope = TokenScope(read_only, await _project_id(connection, account.id, project))
        expires_at = None if days is None else datetime.now(UTC) + timedelta(days=days)
        token, secret = await issue_token(connection, account.id, name, expires_at, scope)
        await _record_event(connection, "token_created", account.id, token=name, hint=token.hint)
        report(sentence("command.token_added", id=str(token.id), user=user), err=True)
        typer.echo(secret)

    _run(work)


async def _project_id(connection: Connection, user_id: str, slug: str | None) -> UUID | None:
    """Raises NotFound."""
    if slug is None:
        return None
    found = await find_project_by_slug(connection, user_id, slug)
    if found is None:
        raise NotFound(NO_PROJECT)
    return found.id


@tokens.command("list")
def list_tokens(user: Name) -> None:
    """List the tokens of a user."""

    async def work(connection: Connection, settings: Settings) -> None:
        account = await _account(connection, user)
        for token in await credentials.list_tokens(connection, account.id, count=1000):
            used = f"used {token.last_used_at:%Y-%m-%d %H:%M}" if token.last_used_at else "never used"
            until = f"until {token.expires_at:%Y-%m-%d %H:%M}" if token.expires_at else "no expiry"
            typer.echo(f"{token.id}\t{token.name}\t{token.hint}\t{used}\t{until}")

    _run(work)


@tokens.command("revoke")
def revoke_token(token: Annotated[UUID, typer.Argument(help="Id of the token, as shown by `token list`.")]) -> None:
    """Revoke a token; its open connections end within seconds."""

    async def work(connection: Connection, settings: Settings) -> None:
        row = await credentials.get_token(connection, token)
        await credentials.delete_token(connection, row.user_id, row.id)
        await _record_event(connection, "token_revoked", row.user_id, token=row.name, hint=row.hint)
        report(sentence("command.token_revoked", name=row.name))

    _run(work)
