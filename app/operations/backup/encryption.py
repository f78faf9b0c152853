"""AES-256-GCM over a stream of pieces, under a key made from a passphrase.

Each piece is sealed with its number and whether it is the last, so that pieces which are changed, swapped or cut off
are noticed (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015).
"""

import os
from pathlib import Path
from typing import Any

from app.operations.backup.failure import BackupFailed

MAGIC = b"RESONANT-BACKUP-1\n"
PIECE = 1024 * 1024
TAG = 16
SALT = 16
PREFIX = 7


def _sealer(passphrase: str, salt: bytes) -> Any:
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
    except ImportError:
        raise BackupFailed("Encrypting needs the package cryptography: `pip install cryptography`.") from None
    return AESGCM(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode()))


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


def encrypt(source: Path, target: Path, passphrase: str) -> None:
    """Write the encrypted file; `source` stays."""
    salt, prefix = os.urandom(SALT), os.urandom(PREFIX)
    sealer = _sealer(passphrase, salt)
    with source.open("rb") as plain, target.open("wb") as sealed:
        sealed.write(MAGIC + salt + prefix)
        number, piece = 0, plain.read(PIECE)
        while True:
            following = plain.read(PIECE)
            sealed.write(sealer.encrypt(_nonce(prefix, number, last=not following), piece, None))
            if not following:
                return
            number, piece = number + 1, following


def decrypt(source: Path, target: Path, passphrase: str) -> None:
    """Write the plain file. Raises BackupFailed for another passphrase, and for a file that was changed or cut off."""
    from cryptography.exceptions import InvalidTag

    with source.open("rb") as sealed, target.open("wb") as plain:
        if sealed.read(len(MAGIC)) != MAGIC:
            raise BackupFailed(f"{source.name} is not an encrypted backup.")
        salt, prefix = sealed.read(SALT), sealed.read(PREFIX)
        sealer = _sealer(passphrase, salt)
        number, piece = 0, sealed.read(PIECE + TAG)
        while piece:
            following = sealed.read(PIECE + TAG)
            try:
                plain.write(sealer.decrypt(_nonce(prefix, number, last=not following), piece, None))
            except InvalidTag:
                raise BackupFailed(
                    f"{source.name} cannot be decrypted: BACKUP_PASSPHRASE is not the one it was made with, "
                    "or the file is damaged."
                ) from None
            number, piece = number + 1, following
