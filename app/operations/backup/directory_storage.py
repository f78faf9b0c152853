"""A directory with backups."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from app.errors import OperationFailed

READ_BYTES = 1024 * 1024


class FileUpload:
    """A file under a temporary name in the directory of a storage; only its owner can read it."""

    def __init__(self, directory: Path, name: str) -> None:
        self._directory, self._name = directory, name
        self._part = directory / f".{name}.part"
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.fdopen(os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        except OSError as error:
            raise self._failed(error) from None

    def write(self, piece: bytes) -> None:
        try:
            self._file.write(piece)
        except OSError as error:
            raise self._failed(error) from None

    def commit(self) -> None:
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._part.rename(self._directory / self._name)
        except OSError as error:
            raise self._failed(error) from None

    def abort(self) -> None:
        with suppress(OSError):
            self._file.close()  # writes what is left, which may fail again
        with suppress(OSError):
            self._part.unlink(missing_ok=True)

    def _failed(self, error: OSError) -> OperationFailed:
        return OperationFailed(
            f"{self._directory} cannot be written ({error.strerror}); free some space or use another directory."
        )


class DirectoryStorage:
    """Implements Storage with a directory; it is created when missing."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        return [name for name in self._all_names() if not name.startswith(".")]

    def _all_names(self) -> list[str]:
        try:
            return sorted(entry.name for entry in self._path.iterdir() if entry.is_file())
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise OperationFailed(f"{self._path} cannot be read ({error.strerror}).") from None

    def open(self, name: str) -> FileUpload:
        return FileUpload(self._path, name)

    def read(self, name: str) -> Iterator[bytes]:
        try:
            with (self._path / name).open("rb") as file:
                while piece := file.read(READ_BYTES):
                    yield piece
        except FileNotFoundError:
            raise OperationFailed(f"{self._path / name} does not exist.") from None
        except OSError as error:
            raise OperationFailed(f"{self._path / name} cannot be read ({error.strerror}).") from None

    def remove(self, name: str) -> None:
        (self._path / name).unlink(missing_ok=True)

    def unfinished(self) -> list[str]:
        return [name for name in self._all_names() if name.startswith(".resonant-") and name.endswith(".part")]

    def discard_unfinished(self) -> None:
        for name in self.unfinished():
            with suppress(OSError):
                (self._path / name).unlink(missing_ok=True)

    def address_of(self, name: str) -> str:
        return str(self._path / name)
