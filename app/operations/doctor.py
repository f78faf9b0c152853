"""Checks an installation and says how to fix what is wrong."""

import os
import shutil
import socket
import sys
from pathlib import Path

import asyncpg

from app.database.connect import check_versions, connect, without_password
from app.database.embedded import EmbeddedDatabase
from app.database.migrations import find_pending, load_migrations
from app.errors import StartError
from app.language.catalogue import message_of
from app.memory.indexing.active_embedder import check_dimension
from app.models.factory import build_embedder
from app.models.in_use import ModelInUse
from app.models.ports import EmbedderError, WrongDimension
from app.observability.metrics import BRIDGES, SILENCE_SECONDS
from app.operations.doctor_backups import check_backup_storage
from app.operations.doctor_checks import Finding, check_dependencies, check_operation
from app.operations.doctor_files import check_files
from app.operations.local_models import find_local_servers
from app.settings import Settings, SettingsError
from app.settings.assistant import EmbeddingSettings
from app.settings.service import ServerSettings
from app.web.application import DIST
from sql.pool import ALL_USERS
from sql.repositories.embedding_models import find_active_model, find_model
from sql.repositories.operations import list_heartbeat_ages
from sql.repositories.search_index import count_index_work
from sql.statements import Connection

MIN_FREE_BYTES = 1024**3
OF_ALL_USERS = {"resonant.user_id": ALL_USERS}  # for the logins of the services, to which row-level security applies


async def examine(settings: Settings) -> list[Finding]:
    """Check everything that a start needs. Starts the embedded database when it is not running."""
    embedder, dimension = await _embedder(settings)
    findings = [_python(), _web_client(), await _model(settings), embedder, _port(settings)]
    findings += await check_dependencies(settings)
    if settings.database_url is not None:
        return [*findings, *await _database(settings.database_url, settings, dimension)]
    findings.append(_data_directory(settings.data_dir))
    if not findings[-1].ok:
        return findings
    embedded = EmbeddedDatabase(settings.data_dir, say=lambda line: None)
    try:
        return [*findings, *await _database(embedded.start(), settings, dimension)]
    except StartError as error:
        return [*findings, Finding("database", False, str(error))]
    finally:
        embedded.stop()


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", sys.version_info >= (3, 11), f"{version} (3.11 or newer is needed)")


def _web_client() -> Finding:
    if not (DIST.parent / "package.json").exists():  # the image of the engine
        return Finding("web client", True, "served by nginx")
    built = (DIST / "index.html").exists()
    return Finding("web client", built, "built" if built else "not built; run `make web`")


async def _model(environment: Settings) -> Finding:
    try:
        settings = ModelInUse.of_installation(environment).settings
    except SettingsError as failure:
        return Finding("model", False, str(failure))
    if not settings.claude_configured:
        none = "none configured; the offline assistant answers (set ANTHROPIC_API_KEY to use Claude)"
        return Finding("model", True, "; ".join([none, *(found.advice for found in await find_local_servers())]))
    provider = settings.anthropic_base_url or "Anthropic"
    return Finding("model", True, f"{settings.anthropic_model} at {provider}; the key is set")


async def _embedder(settings: EmbeddingSettings) -> tuple[Finding, int | None]:
    """Whether the embedder can be used, and the number of dimensions of its vectors."""
    embedder = build_embedder(settings)
    try:
        dimension = await embedder.probe()
        check_dimension(embedder.name, dimension, None)
        return Finding("embedder", True, f"{embedder.name}, {dimension} dimensions"), dimension
    except EmbedderError as error:
        return Finding("embedder", False, message_of(error)), None
    finally:
        await embedder.close()


def _port(settings: ServerSettings) -> Finding:
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            detail = f"{settings.port} cannot be used ({error.strerror}); expected while the server is running"
            return Finding("port", _is_ours(settings), detail)
    return Finding("port", True, f"{settings.port} is free")


def _is_ours(settings: ServerSettings) -> bool:
    """Whether our backend answers on the port."""
    try:
        with socket.create_connection((settings.host, settings.port), timeout=2) as connection:
            connection.sendall(f"GET /health HTTP/1.1\r\nHost: {settings.host}\r\nConnection: close\r\n\r\n".encode())
            with connection.makefile("rb") as answer:  # head and body may arrive separately
                return b'{"status":"ok"}' in answer.read()
    except OSError:
        return False


def _data_directory(directory: Path) -> Finding:
    nearest = next(path for path in (directory.absolute(), *directory.absolute().parents) if path.exists())
    if not os.access(nearest, os.W_OK):
        return Finding("data directory", False, f"{nearest} is not writable; make it writable or set RESONANT_DATA_DIR")
    free = shutil.disk_usage(nearest).free
    if free < MIN_FREE_BYTES:
        return Finding("data directory", False, f"only {free // 1024**2} MiB are free at {nearest}; free some space")
    return Finding("data directory", True, f"{directory.absolute()}, {free // 1024**3} GiB free")


async def _database(dsn: str, settings: Settings, dimension: int | None) -> list[Finding]:
    try:
        connection = await connect(dsn, timeout=0, session=OF_ALL_USERS)
    except StartError as error:
        return [Finding("database", False, str(error))]
    findings = []
    try:
        version, vector = await check_versions(connection)
        findings.append(Finding("database", True, f"PostgreSQL {version}, pgvector {vector}, {without_password(dsn)}"))
        pending = await find_pending(connection, load_migrations())
        detail = f"{len(pending)} pending; run `python -m app migrate`" if pending else "current"
        findings.append(Finding("migrations", not pending, detail))
        heartbeat_ages = {} if pending else await list_heartbeat_ages(connection)
        findings += [] if pending else [await _vectors(connection, settings, dimension)]
        findings += [_bridge(kind, heartbeat_ages.get(kind)) for kind in BRIDGES]
        findings += [] if pending else await check_operation(connection, settings)
        findings += [] if pending else await check_files(connection, settings)
        findings += await check_backup_storage(connection, dsn, settings)
    except (StartError, asyncpg.PostgresError) as error:
        findings.append(Finding("database", False, str(error)))
    finally:
        await connection.close()
    return findings


async def _vectors(connection: Connection, settings: Settings, dimension: int | None) -> Finding:
    """How many texts have a vector; the others are found by full-text search only.

    `dimension` is that of the configured embedder, None when the embedder cannot be used.
    """
    active, name = await find_active_model(connection), build_embedder(settings).name
    configured = await find_model(connection, name)
    try:
        check_dimension(name, dimension or 0, configured if dimension else None)
    except WrongDimension as error:
        return Finding("vectors", False, message_of(error))
    work = await count_index_work(connection, None if active is None else active.id)
    if active is None:
        return Finding("vectors", not work.entries, f"none yet for {work.entries} texts; a running bridge creates them")
    detail = f"{work.entries - work.waiting} of {work.entries} texts have one, {active.name} answers"
    if active.name != name:
        detail += f"; {name} has {work.left_over - work.waiting} of them already, a running bridge creates the rest"
    return Finding("vectors", True, detail)


def _bridge(kind: str, silence: float | None) -> Finding:
    advice = f"run `make run`, or `python -m app {kind}-bridge`"
    if silence is None:
        return Finding(f"{kind} bridge", False, f"not running; {advice}")
    return Finding(
        f"{kind} bridge",
        silence <= SILENCE_SECONDS,
        f"seen {silence:.0f} s ago" + ("" if silence <= SILENCE_SECONDS else f"; {advice}"),
    )
