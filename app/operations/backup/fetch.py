"""Finds and fetches a backup: it is checked against its manifest and decrypted, and only trusted ones are accepted."""

import asyncio
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app.errors import OperationFailed
from app.operations.backup.create import sha256_of
from app.operations.backup.encryption import decrypt
from app.operations.backup.manifest import (
    Manifest,
    archive_name,
    decode_manifest,
    is_encrypted,
    manifest_name,
    time_of,
)
from app.operations.backup.storage import Storage, split_address, storage_at
from app.operations.progress import Report


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


async def fetch_backup(
    storage: Storage, name: str, scratch: Path, *, trust: Trust, report: Report
) -> tuple[Manifest, Path, Path | None]:
    """Fetch, check and decrypt a backup into `scratch`; its manifest, the plain dump and the archive of its files.

    Raises OperationFailed.
    """
    trust.check(storage, name)
    manifest_file = scratch / "manifest.json"
    try:
        await asyncio.to_thread(storage.fetch, manifest_name(name), manifest_file, lambda count: None)
    except OperationFailed as failure:
        raise OperationFailed(
            f"{failure} A backup is not only a dump: {manifest_name(name)} belongs next to it."
        ) from None
    manifest = decode_manifest(manifest_file.read_bytes(), name)
    passphrase = trust.passphrase if manifest.encrypted else None
    fetch = partial(_fetch_file, storage, scratch, passphrase=passphrase, report=report)
    dump = await fetch(name, manifest.size, manifest.sha256, manifest.bound())
    if not manifest.files:
        return manifest, dump, None
    archive = archive_name(name)
    return manifest, dump, await fetch(archive, manifest.files_size, manifest.files_sha256, manifest.bound_archive())


async def _fetch_file(
    storage: Storage, scratch: Path, name: str, size: int, sha256: str, bound: bytes, *, passphrase: str | None,
    report: Report,
) -> Path:  # fmt: skip
    """Fetch one file of a backup, check it and decrypt it with the passphrase, if there is one."""
    stored = scratch / name
    with report.step("fetching", size) as fetched:
        await asyncio.to_thread(storage.fetch, name, stored, fetched)
    if await asyncio.to_thread(sha256_of, stored) != sha256:
        raise OperationFailed(f"{storage.address_of(name)} is damaged: its SHA-256 differs from the manifest.")
    if passphrase is None:
        return stored
    plain = scratch / f"{name}.plain"
    with report.step("decrypting", 1):
        await asyncio.to_thread(decrypt, stored, plain, passphrase, bound)
    return plain
