"""Imports of the archives of ChatGPT and Claude, and of our own exports."""

import json
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
import orjson

from app.identity.local_mode import OWNER_ID
from app.operations.progress import Silent
from app.operations.transfer.export import write_export
from app.operations.transfer.importer import import_file
from sql.errors import ResonantError
from sql.pool import encode_json
from tests.fuzz.run import Run
from tests.fuzz.values import JSON_VALUES, mutated
from tests.operations.chat_exports import chatgpt, claude, said, wrote

MAX_BYTES = 16 * 1024 * 1024
NAMES = [
    "conversations.json",
    "conversations-000.json",
    "x/conversations.json",
    "../conversations.json",
    "chat.html",
    "users.json",
]
MARK = "@hostile@"


def _conversations(run: Run) -> list[Any]:
    key = f"k{run.random.randrange(50)}"
    if run.random.random() < 0.5:
        return [chatgpt("a title", said("1", "user", "hello"), said("2", "assistant", "hi"), key=key)]
    return [claude("a name", wrote("1", "human", "hello"), wrote("2", "assistant", "hi"), key=key)]


def _damage(run: Run, value: Any) -> Any:
    """Exchange, remove or repeat one random part of the value."""
    random = run.random
    if isinstance(value, dict) and value and random.random() < 0.9:
        key = random.choice(list(value))
        if random.random() < 0.1:
            return {name: each for name, each in value.items() if name != key}
        return {**value, key: _damage(run, value[key])}
    if isinstance(value, list) and value and random.random() < 0.9:
        at = random.randrange(len(value))
        if random.random() < 0.1:
            return value * random.choice([0, 2, 50])
        return [*value[:at], _damage(run, value[at]), *value[at + 1 :]]
    return MARK


def _text(run: Run, content: Any) -> bytes:
    text = json.dumps(content)
    while json.dumps(MARK) in text:
        text = text.replace(json.dumps(MARK), run.random.choice(JSON_VALUES), 1)
    if run.random.random() < 0.2:
        text = mutated(run.random, text)
    return run.random.choice([b"", b"", b"", b"\xef\xbb\xbf"]) + text.encode("utf-8", "surrogatepass")


def _write_archive(run: Run, path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in run.random.sample(NAMES, run.random.randint(1, 3)):
            content: Any = _conversations(run)
            for _ in range(run.random.randint(0, 3)):
                content = _damage(run, content)
            packed.writestr(name, _text(run, content))
    if run.random.random() < 0.1:
        raw = path.read_bytes()
        at = run.random.randrange(len(raw))
        path.write_bytes(raw[:at] + bytes([run.random.randrange(256)]) + raw[at + 1 :])


def _damaged_export(run: Run, lines: list[str]) -> Callable[[Path], None]:
    """An own export with one damaged line."""

    def write(path: Path) -> None:
        at = run.random.randrange(len(lines))
        line = mutated(run.random, lines[at]) if run.random.random() < 0.3 else None
        damaged = line.encode("utf-8", "surrogatepass") if line else _text(run, _damage(run, json.loads(lines[at])))
        parts = [each.encode() for each in lines]
        path.write_bytes(b"\n".join([*parts[:at], damaged, *parts[at + 1 :]]))

    return write


async def _import(connection: Any, path: Path) -> Exception | None:
    """The failure that is not an expected one."""
    try:
        report = await import_file(connection, OWNER_ID, path, Silent(), max_bytes=MAX_BYTES)
        list(report.sentences())
    except ResonantError:
        return None
    except Exception as failure:
        return failure
    return None


async def fuzz(run: Run) -> None:
    connection: Any = await asyncpg.connect(run.database)
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=encode_json, decoder=orjson.loads)
    with TemporaryDirectory() as directory:
        own = Path(directory, "own.jsonl")
        await write_export(connection, OWNER_ID, own, Silent())
        lines = _lines_of(own)
        while run.goes_on:
            if run.random.random() < 0.7:
                path = Path(directory, "case.zip")
                _write_archive(run, path)
            else:
                path = Path(directory, "case.jsonl")
                _damaged_export(run, lines)(path)
            failure = await run.timed(_content(path), _import(connection, path))
            if failure is not None:
                run.found(repr(failure)[:300], _content(path))
                if connection.is_in_transaction():
                    await connection.execute("ROLLBACK")
    await connection.close()


def _lines_of(export: Path) -> list[str]:
    return export.read_text(encoding="utf-8").splitlines()[:200]


def _content(path: Path) -> object:
    """What the file holds, to repeat the case."""
    if path.suffix != ".zip":
        return path.read_bytes()
    try:
        with zipfile.ZipFile(path) as packed:
            return {name: packed.read(name) for name in packed.namelist()}
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError):
        return path.read_bytes()
