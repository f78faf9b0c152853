"""Finds and reads a backup: it is checked against its manifest and decrypted, and only trusted ones are accepted."""

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from app.errors import OperationFailed
from app.operations.backup.encryption import changed, decrypt, is_sealed
from app.operations.backup.manifest import (
    SEALED_FORMAT,
    Manifest,
    archive_name,
    decode_manifest,
    is_encrypted,
    manifest_name,
    time_of,
)
from app.operations.backup.storage import Storage, split_address, storage_at


def find_backup(address: str) -> tuple[Storage, str]:
    """The storage and name of a backup; for a directory or prefix, its newest backup. Raises OperationFailed."""
    storage = storage_at(address)
    names = set() if time_of(split_address(address)[1]) else set(storage.names())
    backups = [name for name in names if time_of(name) and manifest_name(name) in names]
    if backups:
        return storage, max(backups)
    parent, name = split_address(address)
    if time_of(name) is None:
        raise OperationFailed(
            f"{address} is neither a backup (resonant-TIME.dump) nor a directory or prefix that contains one."
        )
    return storage_at(parent), name


@dataclass(frozen=True, slots=True)
class Trust:
    """Which backups are accepted. With a passphrase, only those that were encrypted with it.

    A dump is SQL that the server executes, and anyone who can write to the storage can add one that is not encrypted.
    """

    passphrase: str | None
    accept_unencrypted: bool = False

    def check(self, storage: Storage, name: str) -> None:
        """Raise OperationFailed for a backup that is not accepted."""
        if self.passphrase is None and is_encrypted(name):
            raise OperationFailed(
                f"{name} is encrypted; set BACKUP_PASSPHRASE to the passphrase it was encrypted with."
            )
        if self.passphrase is not None and not is_encrypted(name) and not self.accept_unencrypted:
            raise OperationFailed(
                f"{storage.address_of(name)} is not encrypted although BACKUP_PASSPHRASE is set, so anyone who can "
                "write there may have made it. Name an encrypted backup (.dump.enc), or add --accept-unencrypted when "
                "you know that it is yours."
            )


@dataclass(frozen=True, slots=True)
class StoredBackup:
    """A backup in its storage. Its files are read, checked and decrypted piece by piece, and nothing is kept on disk.

    Each encrypted chunk is verified before it is given out. The size and the checksum of a file are known at its end.
    """

    storage: Storage
    manifest: Manifest
    passphrase: str | None

    def dump(self) -> Iterator[bytes]:
        """The pieces of the dump. Raises OperationFailed."""
        manifest = self.manifest
        return self._plain(manifest.name, manifest.size, manifest.sha256, manifest.bound())

    def archive(self) -> Iterator[bytes] | None:
        """The pieces of the archive of its files, if it has any. Raises OperationFailed."""
        manifest = self.manifest
        if not manifest.files:
            return None
        name = archive_name(manifest.name)
        return self._plain(name, manifest.files_size, manifest.files_sha256, manifest.bound_archive())

    def _plain(self, name: str, size: int, sha256: str, bound: bytes) -> Iterator[bytes]:
        stored = self._verified(name, size, sha256)
        return stored if self.passphrase is None else decrypt(stored, name, self.passphrase, bound)

    def _verified(self, name: str, size: int, sha256: str) -> Iterator[bytes]:
        digest, found = hashlib.sha256(), 0
        for piece in self.storage.read(name):
            digest.update(piece)
            found += len(piece)
            yield piece
        if (found, digest.hexdigest()) != (size, sha256):
            raise OperationFailed(f"{self.storage.address_of(name)} is damaged: its SHA-256 differs from the manifest.")


async def open_backup(storage: Storage, name: str, *, trust: Trust) -> StoredBackup:
    """The backup with its checked manifest. Raises OperationFailed."""
    trust.check(storage, name)
    try:
        text = await asyncio.to_thread(lambda: b"".join(storage.read(manifest_name(name))))
    except OperationFailed as failure:
        raise OperationFailed(
            f"{failure} A backup is not only a dump: {manifest_name(name)} belongs next to it."
        ) from None
    manifest = decode_manifest(text, name)
    passphrase = trust.passphrase if manifest.encrypted else None
    if passphrase is not None:
        await asyncio.to_thread(_check_encryption, storage, manifest, passphrase)
    return StoredBackup(storage, manifest, passphrase)


def _check_encryption(storage: Storage, manifest: Manifest, passphrase: str) -> None:
    """Whether the dump is encrypted, and the manifest is the one that was sealed with the passphrase."""
    pieces = storage.read(manifest.name)
    next(decrypt(pieces, manifest.name, passphrase, manifest.bound()), None)
    if manifest.format >= SEALED_FORMAT and not is_sealed(manifest.sealed_part(), passphrase, manifest.seal):
        raise changed(manifest.name)
