"""How every command begins: with the settings read, and with what stops it said in one line."""

from collections.abc import Callable, Coroutine
from typing import Any

import typer

from app.errors import StartError
from app.settings import Settings, SettingsError, load_settings
from sql.errors import TimedOut, Unavailable, is_away


def _settings() -> Settings:
    from app.observability.logging import configure_logging

    settings = load_settings()
    configure_logging(settings)
    return settings


def start(main: Callable[[Settings], Coroutine[Any, Any, None]]) -> None:
    """Run it on uvloop; what stops the start is one line and exit code 1, a bad setting is exit code 2."""
    import uvloop

    try:
        settings = _settings()
        uvloop.run(main(settings))
    except SettingsError as error:
        typer.echo(f"Setting: {error}", err=True)
        raise typer.Exit(2) from None
    except (StartError, Unavailable, TimedOut) as error:
        typer.echo(f"Cannot start: {error}", err=True)
        raise typer.Exit(1) from None
    except Exception as error:
        if not is_away(error):
            raise
        typer.echo(f"Cannot start: The database went away in the midst of it ({error}); try again.", err=True)
        raise typer.Exit(1) from None
