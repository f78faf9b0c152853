"""Finds the files with conversations in an export: an archive, an unpacked archive, or a single file.

Nothing is unpacked to disk, so names in an archive cannot lead out of a directory. The sizes are checked before the
first file is read.
"""

import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from sql.errors import BadUserInput

MAX_ENTRIES = 100_000
MAX_DIRECTORY_BYTES = 32 * 2**20
END_RECORD = b"PK\x05\x06"
END_RECORD_BYTES = 22
MAX_COMMENT_BYTES = 2**16
CONVERSATIONS = re.compile(r"conversations(?:[-_ .]*\(?(\d+)\)?)?\.json", re.IGNORECASE)
SINGLE_CHAT_FOLDERS = frozenset({"design_chats"})
MIRROR_FOLDER = "conversations"
JUNK = re.compile(r"(?:^|/)(?:__MACOSX/|\._|\.DS_Store$)")
UNREADABLE = (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError)


@dataclass(frozen=True, slots=True)
class ChatFile:
    """A file with conversations; `size` in bytes when it is unpacked."""

    name: str
    size: int
    open: Callable[[], AbstractContextManager[BinaryIO]]


@dataclass(frozen=True, slots=True)
class Export:
    """The files with conversations in their order, and the names of all other files."""

    files: list[ChatFile]
    others: list[str]


@contextmanager
def open_export(path: Path, *, max_bytes: int, max_entries: int = MAX_ENTRIES) -> Iterator[Export]:
    """The export at this path. Raises BadUserInput when it cannot be read or is larger than the limits."""
    try:
        if path.is_dir():
            yield _checked(path, *_in_directory(path, max_entries), max_bytes, max_entries)
        elif zipfile.is_zipfile(path):
            _check_directory(path)
            with zipfile.ZipFile(path) as archive:
                yield _checked(path, *_in_archive(path, archive), max_bytes, max_entries)
        else:
            alone = ChatFile(path.name, path.stat().st_size, lambda: path.open("rb"))
            yield _checked(path, [alone], [], max_bytes, max_entries)
    except UNREADABLE as error:
        raise BadUserInput("import.file_unreadable", file=str(path), detail=str(error)) from error


def _checked(path: Path, files: list[ChatFile], others: list[str], max_bytes: int, max_entries: int) -> Export:
    if len(files) + len(others) > max_entries:
        raise BadUserInput("import.too_many_files", file=str(path), maximum=max_entries)
    size = sum(each.size for each in files)
    if size > max_bytes:
        raise BadUserInput("import.too_large_unpacked", file=str(path), size=size, maximum=max_bytes)
    files = _without_copies(files)
    if not files:
        raise BadUserInput("import.no_conversations", file=str(path))
    return Export(sorted(files, key=lambda each: _order(each.name)), others)


def _without_copies(files: list[ChatFile]) -> list[ChatFile]:
    """Without the files of single conversations that some archives have next to the complete list."""
    lists = [each for each in files if _folder(each.name) != MIRROR_FOLDER or _is_list(each.name)]
    return lists if any(_is_list(each.name) for each in lists) else files


def _folder(name: str) -> str:
    return PurePosixPath(name).parent.name


def _is_list(name: str) -> bool:
    return CONVERSATIONS.fullmatch(PurePosixPath(name).name) is not None


def _has_chats(name: str) -> bool:
    single = name.lower().endswith(".json") and _folder(name) in (*SINGLE_CHAT_FOLDERS, MIRROR_FOLDER)
    return _is_list(name) or single


def _order(name: str) -> tuple[str, int, str]:
    """By directory, then by number."""
    file = PurePosixPath(name)
    number = CONVERSATIONS.fullmatch(file.name)
    return str(file.parent), int(number[1]) if number and number[1] else -1, file.name


def _in_archive(path: Path, archive: zipfile.ZipFile) -> tuple[list[ChatFile], list[str]]:
    files: list[ChatFile] = []
    others: list[str] = []
    for entry in archive.infolist():
        if entry.is_dir() or JUNK.search(entry.filename):
            continue
        if not _has_chats(entry.filename) or stat.S_ISLNK(entry.external_attr >> 16):
            others.append(entry.filename)
            continue
        if entry.flag_bits & 1:
            raise BadUserInput("import.encrypted", file=str(path))
        files.append(ChatFile(entry.filename, entry.file_size, _opener(archive, entry)))
    return files, others


def _opener(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Callable[[], AbstractContextManager[BinaryIO]]:
    return lambda: cast(AbstractContextManager[BinaryIO], archive.open(entry))


def _in_directory(path: Path, max_entries: int) -> tuple[list[ChatFile], list[str]]:
    files: list[ChatFile] = []
    others: list[str] = []
    for folder, _, names in os.walk(path):
        for name in sorted(names):
            file = Path(folder, name)
            relative = file.relative_to(path).as_posix()
            if JUNK.search(relative):
                continue
            if _has_chats(relative) and not file.is_symlink() and file.is_file():
                files.append(ChatFile(relative, file.stat().st_size, lambda file=file: file.open("rb")))  # type: ignore[misc]
            else:
                others.append(relative)
            if len(files) + len(others) > max_entries:
                return files, others
    return files, others


def _check_directory(path: Path) -> None:
    """Refuse an archive with too many entries before Python creates an object for each of them."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - END_RECORD_BYTES - MAX_COMMENT_BYTES))
        tail = file.read()
    place = tail.rfind(END_RECORD)
    if place < 0 or len(tail) - place < END_RECORD_BYTES:
        return
    (directory_bytes,) = struct.unpack_from("<L", tail, place + 12)
    # 2**32 - 1 means that the size is in the record of the 64-bit format, which ends before this one.
    if directory_bytes == 0xFFFFFFFF and (wide := tail.rfind(b"PK\x06\x06", 0, place)) >= 0:
        (directory_bytes,) = struct.unpack_from("<Q", tail, wide + 40)
    if directory_bytes > MAX_DIRECTORY_BYTES:
        raise BadUserInput("import.too_many_files", file=str(path), maximum=MAX_ENTRIES)
