"""A file of a backup while it is written: encrypted on its way to the storage, counted and hashed as it is stored."""

import hashlib

from app.operations.backup.encryption import Encryptor
from app.operations.backup.storage import Storage


class WrittenFile:
    """The methods block, and raise OperationFailed. Nothing is stored under the name before `commit`."""

    def __init__(self, storage: Storage, name: str, passphrase: str | None) -> None:
        self.name = name
        self.size = 0
        self._digest = hashlib.sha256()
        self._upload = storage.open(name)
        try:
            self._encryptor = None if passphrase is None else Encryptor(self._store, passphrase, name.encode())
        except BaseException:
            self._upload.abort()
            raise

    @property
    def sha256(self) -> str:
        """The checksum of the file as it is stored."""
        return self._digest.hexdigest()

    def write(self, piece: bytes) -> None:
        (self._store if self._encryptor is None else self._encryptor.write)(piece)

    def _store(self, piece: bytes) -> None:
        self._digest.update(piece)
        self.size += len(piece)
        self._upload.write(piece)

    def commit(self) -> None:
        """Store what is left, and give the file its name."""
        if self._encryptor is not None:
            self._encryptor.finish()
        self._upload.commit()

    def abort(self) -> None:
        """Delete what was stored, unless the file has its name."""
        self._upload.abort()
