"""AES-256-GCM encryption in chunks, with a key derived from a passphrase by scrypt.

The nonce of a chunk contains its number and whether it is the last, so changed, reordered or missing chunks are
detected (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015). `bound` is data that is stored
unencrypted in another place, the manifest: a file decrypts only together with the data that it was encrypted with.
"""

import os
from pathlib import Path
from typing import Any

from app.errors import OperationFailed

MAGIC = b"RESONANT-BACKUP-2\n"
CHUNK = 1024 * 1024
TAG = 16
SALT = 16
PREFIX = 7


def _cipher(passphrase: str, salt: bytes) -> Any:
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
    except ImportError:
        raise OperationFailed("Encryption needs the package cryptography: `pip install cryptography`.") from None
    return AESGCM(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode()))


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


def encrypt(source: Path, target: Path, passphrase: str, bound: bytes) -> None:
    """Encrypt `source` into `target`. Raises OperationFailed."""
    salt, prefix = os.urandom(SALT), os.urandom(PREFIX)
    cipher = _cipher(passphrase, salt)
    with source.open("rb") as plain, target.open("wb") as sealed:
        sealed.write(MAGIC + salt + prefix)
        number, chunk = 0, plain.read(CHUNK)
        while True:
            following = plain.read(CHUNK)
            sealed.write(cipher.encrypt(_nonce(prefix, number, last=not following), chunk, bound))
            if not following:
                return
            number, chunk = number + 1, following


def decrypt(source: Path, target: Path, passphrase: str, bound: bytes) -> None:
    """Decrypt `source` into `target`. Raises OperationFailed for a wrong passphrase or changed files."""
    from cryptography.exceptions import InvalidTag

    with source.open("rb") as sealed, target.open("wb") as plain:
        magic, salt, prefix = sealed.read(len(MAGIC)), sealed.read(SALT), sealed.read(PREFIX)
        if magic != MAGIC or len(prefix) < PREFIX:
            raise OperationFailed(f"{source.name} is not an encrypted backup of this program.")
        cipher = _cipher(passphrase, salt)
        number, chunk = 0, sealed.read(CHUNK + TAG)
        while chunk or number == 0:  # a file without any chunk was truncated
            following = sealed.read(CHUNK + TAG)
            try:
                plain.write(cipher.decrypt(_nonce(prefix, number, last=not following), chunk, bound))
            except (InvalidTag, ValueError):  # ValueError: the chunk is shorter than a tag
                raise OperationFailed(
                    f"{source.name} cannot be decrypted: BACKUP_PASSPHRASE is not the one it was encrypted with, "
                    "or the file or its manifest was changed."
                ) from None
            number, chunk = number + 1, following
