"""`python -m app user ...` and `python -m app token ...`: accounts and tokens from the command line."""

import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import typer

from app.commands.runner import start
from app.database.connect import database_for, prepare_database
from app.errors import OperationFailed
from app.identity.passwords import Passwords, validated_name, validated_password
from app.identity.secrets import digest, hint_of, new_secret
from app.language.catalogue import message_of
from app.settings import Settings
from sql.errors import ResonantError
from sql.pool import Database, create_pool
from sql.repositories import accounts, credentials
from sql.repositories.accounts import Role
from sql.repositories.security_events import COMMAND_LINE, insert_security_event
from sql.rows import AccountRow
from sql.statements import Connection

Work = Callable[[Connection, Settings], Coroutine[Any, Any, None]]
Name = Annotated[str, typer.Argument(help="The name that they sign in with.")]


users = typer.Typer(no_args_is_help=True, help="Who may come in (AUTH_MODE=token).")
tokens = typer.Typer(no_args_is_help=True, help="Tokens with which programs come in (AUTH_MODE=token).")


def _run(work: Work) -> None:
    """Run it in one transaction on a database that is up to date."""

    async def on_database(settings: Settings) -> None:
        async with database_for(settings, say=lambda line: typer.echo(line, err=True)) as dsn:
            await prepare_database(dsn)
            pool = await create_pool(
                dsn,
                application="resonant command",
                min_size=0,
                max_size=1,
                statement_timeout=settings.database_statement_timeout,
                acquire_timeout=settings.database_acquire_timeout,
            )
            database = Database(pool, acquire_timeout=settings.database_acquire_timeout)
            try:
                async with database.transaction() as connection:
                    await work(connection, settings)
            except (ResonantError, OperationFailed) as error:
                reason = message_of(error) if isinstance(error, ResonantError) else str(error)
                typer.echo(f"✗ {reason}", err=True)
                raise typer.Exit(1) from None
            finally:
                await database.close()

    start(on_database)


async def _account(connection: Connection, name: str) -> AccountRow:
    """The account of a sign-in name or an id. Raises OperationFailed."""
    found = await accounts.find_account_by_name(connection, validated_name(name))
    found = found or await accounts.find_account(connection, name)
    if found is None:
        raise OperationFailed(f"There is no user {name}; `python -m app user list` shows all.")
    return found


def _read_password() -> str:
    """Asked for twice on a terminal; otherwise the first line of standard input."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")


async def _note(connection: Connection, kind: str, user_id: str, **detail: Any) -> None:
    await insert_security_event(connection, kind, user_id=user_id, actor=COMMAND_LINE, **detail)


@users.command("add")
def add_user(
    name: Name,
    role: Annotated[Role, typer.Option(help="What they may do.")] = "member",
    display_name: Annotated[str | None, typer.Option(help="The name to show; the sign-in name by default.")] = None,
    subject: Annotated[
        str | None, typer.Option(help="Who they are (`sub`) to the identity provider, instead of a password.")
    ] = None,
) -> None:
    """Add a user; the password is asked for, or read from standard input."""
    password = None if subject else _read_password()

    async def work(connection: Connection, settings: Settings) -> None:
        if subject and settings.auth_jwt_issuer is None:
            raise OperationFailed("--subject needs an identity provider; set AUTH_JWT_ISSUER.")
        plain = validated_name(name)
        hashed = await Passwords().hash(validated_password(password, plain)) if password is not None else None
        account = await accounts.insert_account(
            connection,
            name=plain,
            display_name=display_name or name,
            role=role,
            password_hash=hashed,
            issuer=settings.auth_jwt_issuer if subject else None,
            subject=subject,
        )
        await _note(connection, "user_added", account.id, role=role, by=COMMAND_LINE)
        typer.echo(f"✓ {plain} ({role}) {account.id}")

    _run(work)


@users.command("list")
def list_users() -> None:
    """List everybody."""

    async def work(connection: Connection, settings: Settings) -> None:
        for account in await accounts.list_accounts(connection):
            comes = "password" if account.password_hash else "provider" if account.subject else "local only"
            state = "disabled" if account.disabled_at else "enabled"
            typer.echo(f"{account.name or '-'}\t{account.role}\t{state}\t{comes}\t{account.display_name}\t{account.id}")

    _run(work)


@users.command("disable")
def disable_user(name: Name) -> None:
    """Let somebody in no more: sessions and tokens are gone, sockets and streams end within seconds."""

    async def work(connection: Connection, settings: Settings) -> None:
        account = await _account(connection, name)
        await accounts.set_disabled(connection, account.id, True)
        await credentials.delete_credentials(connection, account.id)
        await _note(connection, "user_disabled", account.id)
        typer.echo(f"✓ {name} is disabled")

    _run(work)


@users.command("enable")
def enable_user(name: Name) -> None:
    """Let somebody in again, with their password; tokens have to be made anew."""

    async def work(connection: Connection, settings: Settings) -> None:
        account = await _account(connection, name)
        await accounts.set_disabled(connection, account.id, False)
        await _note(connection, "user_enabled", account.id)
        typer.echo(f"✓ {name} is enabled")

    _run(work)


@users.command("set-role")
def set_role(name: Name, role: Annotated[Role, typer.Argument(help="What they may do.")]) -> None:
    """Change what somebody may do; it holds at once, for open connections too."""

    async def work(connection: Connection, settings: Settings) -> None:
        account = await _account(connection, name)
        await accounts.set_role(connection, account.id, role)
        await _note(connection, "role_changed", account.id, before=account.role, after=role)
        typer.echo(f"✓ {name} is {role}")

    _run(work)


@users.command("set-password")
def set_password(name: Name) -> None:
    """Set a password, asked for or read from standard input; all sessions end."""
    password = _read_password()

    async def work(connection: Connection, settings: Settings) -> None:
        account = await _account(connection, name)
        if account.name is None:
            raise OperationFailed(f"{name} has no name to sign in with.")
        hashed = await Passwords().hash(validated_password(password, account.name))
        await accounts.set_password_hash(connection, account.id, hashed)
        await credentials.delete_sessions(connection, account.id)
        await _note(connection, "password_changed", account.id)
        typer.echo(f"✓ {name} has a new password")

    _run(work)


@tokens.command("add")
def add_token(
    user: Name,
    name: Annotated[str, typer.Argument(help="What it is for.")],
    days: Annotated[int | None, typer.Option(min=1, help="For how long it is good; for good by default.")] = None,
) -> None:
    """Make a token; standard output is the token alone, and it is not shown again."""

    async def work(connection: Connection, settings: Settings) -> None:
        account = await _account(connection, user)
        secret = new_secret("token")
        token = await credentials.insert_token(
            connection,
            account.id,
            digest(secret),
            name=name,
            hint=hint_of(secret),
            expires_at=None if days is None else datetime.now(UTC) + timedelta(days=days),
        )
        await _note(connection, "token_created", account.id, token=name, hint=token.hint)
        typer.echo(f"✓ token {token.id} for {user}; it is shown this once:", err=True)
        typer.echo(secret)

    _run(work)


@tokens.command("list")
def list_tokens(user: Name) -> None:
    """List somebody's tokens."""

    async def work(connection: Connection, settings: Settings) -> None:
        account = await _account(connection, user)
        for token in await credentials.list_tokens(connection, account.id, count=1000):
            used = f"used {token.last_used_at:%Y-%m-%d %H:%M}" if token.last_used_at else "never used"
            until = f"until {token.expires_at:%Y-%m-%d %H:%M}" if token.expires_at else "for good"
            typer.echo(f"{token.id}\t{token.name}\t{token.hint}\t{used}\t{until}")

    _run(work)


@tokens.command("revoke")
def revoke_token(token: Annotated[UUID, typer.Argument(help="The token's id, as `token list` shows it.")]) -> None:
    """Revoke a token; what is connected with it ends within seconds."""

    async def work(connection: Connection, settings: Settings) -> None:
        row = await credentials.get_token(connection, token)
        await credentials.delete_token(connection, row.user_id, row.id)
        await _note(connection, "token_revoked", row.user_id, token=row.name, hint=row.hint)
        typer.echo(f"✓ {row.name} is revoked")

    _run(work)
