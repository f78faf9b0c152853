"""Runs every command: reads the settings, configures logging, and reports expected failures in one line."""

import errno
import logging
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import structlog
import uvloop

from app.database.connect import database_for, open_database, prepare_database
from app.errors import OperationFailed, StartError
from app.language.catalogue import message_of
from app.language.reader import reader_language
from app.settings import Settings, SettingsError, load_settings
from app.settings.service import ObservabilitySettings
from sql.errors import ResonantError, is_connection_lost
from sql.pool import Database
from sql.sentences import Sentence, sentence

SETTINGS_EXIT = 2
FAILURE_EXIT = 1
MOST_NAMED = 10
OF_FILES = frozenset(
    {
        errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENOTDIR,
        errno.EISDIR, errno.EEXIST, errno.EIO, errno.ENAMETOOLONG, errno.EMFILE,
    }
)  # fmt: skip
"""Failures of the file system, which the operator can remove: the disk is full, a directory cannot be written."""
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


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
        _fail(f"{prefix} {message_of(error, reader_language())}", FAILURE_EXIT)
    except asyncpg.InsufficientPrivilegeError as error:
        refused = sentence("command.login_refused", detail=str(error))
        _fail(f"{prefix} {message_of(refused, reader_language())}", FAILURE_EXIT)
    except OSError as error:
        if error.errno not in OF_FILES:
            raise
        failed = sentence("command.file_failed", detail=_detail(error))
        _fail(f"{prefix} {message_of(failed, reader_language())}", FAILURE_EXIT)
    except Exception as error:
        if not is_connection_lost(error):
            raise
        lost = sentence("command.database_lost", detail=str(error))
        _fail(f"{prefix} {message_of(lost, reader_language())}", FAILURE_EXIT)


def _detail(error: OSError) -> str:
    """The reason, with the file if it is known."""
    return ": ".join(str(each) for each in (error.filename, error.strerror) if each)


def _fail(line: str, status: int) -> None:
    say(line)
    raise SystemExit(status) from None


def report(done: Sentence, *, err: bool = False) -> None:
    """Print what was done, in the language of the reader."""
    line = f"✓ {message_of(done, reader_language())}"
    print(line, file=sys.stderr if err else sys.stdout, flush=True)


def report_missing_files(ids: Sequence[str]) -> None:
    """Print how many files have no right bytes in the object store, with the first of their ids."""
    missing = sentence("command.files_missing", count=len(ids), names=", ".join(ids[:MOST_NAMED]))
    sys.stdout.write(f"  {message_of(missing, reader_language())}\n")


def say(line: str) -> None:
    """Print a line to standard error, which keeps standard output for results."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201 - output for the person who called


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


def configure_logging(settings: ObservabilitySettings) -> None:
    """Send our logs and those of libraries (from `warning` on) to standard error."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    as_json = settings.log_format == "json"
    # Plain tracebacks: rich tracebacks print local variables, which may hold text of users.
    rendered: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if as_json
        else [
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
        ]
    )
    level = LEVELS[settings.log_level]
    structlog.configure(
        processors=[*shared, *rendered],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendered]
        )
    )
    logging.basicConfig(handlers=[handler], level=max(level, logging.WARNING), force=True)
