"""Runs every command: reads the settings, configures logging, and reports expected failures in one line."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import typer
import uvloop

from app.database.connect import database_for, open_database, prepare_database
from app.errors import OperationFailed, StartError
from app.language.catalogue import message_of
from app.observability.logging import configure_logging
from app.settings import Settings, SettingsError, load_settings
from sql.errors import ResonantError, is_connection_lost
from sql.pool import Database

SETTINGS_EXIT = 2
FAILURE_EXIT = 1


def run_command(main: Callable[[Settings], Coroutine[Any, Any, None]], *, prefix: str = "✗") -> None:
    """Run `main` on uvloop. A wrong setting ends with exit status 2, every other expected failure with 1.

    `prefix` is printed before the failure.
    """
    try:
        settings = load_settings()
        configure_logging(settings)
        uvloop.run(main(settings))
    except SettingsError as error:
        _fail(f"Setting: {error}", SETTINGS_EXIT)
    except (OperationFailed, StartError) as error:
        _fail(f"{prefix} {error}", FAILURE_EXIT)
    except ResonantError as error:
        _fail(f"{prefix} {message_of(error)}", FAILURE_EXIT)
    except Exception as error:
        if not is_connection_lost(error):
            raise
        _fail(f"{prefix} The database became unavailable ({error}); try again.", FAILURE_EXIT)


def _fail(line: str, status: int) -> None:
    typer.echo(line, err=True)
    raise typer.Exit(status) from None


def say(line: str) -> None:
    """Print a line to standard error, which keeps standard output for results."""
    typer.echo(line, err=True)


@asynccontextmanager
async def migrated_database(settings: Settings) -> AsyncIterator[str]:
    """The DSN of the configured database, checked and migrated."""
    async with database_for(settings, say=say) as dsn:
        await prepare_database(dsn)
        yield dsn


@asynccontextmanager
async def command_pool(settings: Settings, *, max_size: int = 1) -> AsyncIterator[Database]:
    """A small connection pool on the migrated database."""
    async with (
        migrated_database(settings) as dsn,
        open_database(settings, dsn, name="command", max_size=max_size) as database,
    ):
        yield database
