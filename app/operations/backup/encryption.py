"""AES-256-GCM encryption in chunks, with a key derived from a passphrase by scrypt, and seals of other data.

The nonce of a chunk contains its number and whether it is the last, so changed, reordered or missing chunks are
detected (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015). `bound` is data that is stored
unencrypted in another place, such as the name: a file decrypts only together with the data it was encrypted with.
"""

import hmac
import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from app.errors import OperationFailed

MAGIC = b"RESONANT-BACKUP-2\n"
CHUNK = 1024 * 1024
TAG = 16
SALT = 16
PREFIX = 7
HEAD = len(MAGIC) + SALT + PREFIX


def _key(passphrase: str, salt: bytes) -> bytes:
    try:
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
    except ImportError:
        raise OperationFailed("Encryption needs the package cryptography: `pip install cryptography`.") from None
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode())


def _cipher(passphrase: str, salt: bytes) -> Any:
    key = _key(passphrase, salt)
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


class Encryptor:
    """Encrypts what is written to it, and gives it to `store` in chunks."""

    def __init__(self, store: Callable[[bytes], None], passphrase: str, bound: bytes) -> None:
        salt, self._prefix = os.urandom(SALT), os.urandom(PREFIX)
        self._store, self._bound = store, bound
        self._cipher = _cipher(passphrase, salt)
        self._waiting = bytearray()
        self._number = 0
        store(MAGIC + salt + self._prefix)

    def write(self, plain: bytes) -> None:
        self._waiting += plain
        while len(self._waiting) > CHUNK:  # a whole chunk may be the last one
            self._seal(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]

    def finish(self) -> None:
        """Store the last chunk."""
        self._seal(bytes(self._waiting), last=True)

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        self._store(self._cipher.encrypt(_nonce(self._prefix, self._number, last=last), chunk, self._bound))
        self._number += 1


def decrypt(pieces: Iterable[bytes], name: str, passphrase: str, bound: bytes) -> Iterator[bytes]:
    """The plain chunks of the file `name`. Raises OperationFailed for a wrong passphrase or changed files."""
    chunks = _chunks(pieces)
    head = next(chunks)
    if len(head) < HEAD or not head.startswith(MAGIC):
        raise OperationFailed(f"{name} is not an encrypted backup of this program.")
    salt, prefix = head[len(MAGIC) : len(MAGIC) + SALT], head[-PREFIX:]
    cipher = _cipher(passphrase, salt)
    number, chunk = 0, next(chunks, b"")
    while chunk or number == 0:  # a file without any chunk was truncated
        following = next(chunks, b"")
        yield _opened(cipher, _nonce(prefix, number, last=not following), chunk, bound, name)
        number, chunk = number + 1, following


def _chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The head of an encrypted file, then its chunks."""
    waiting, size = bytearray(), HEAD
    for piece in pieces:
        waiting += piece
        while len(waiting) >= size:
            yield bytes(waiting[:size])
            del waiting[:size]
            size = CHUNK + TAG
    if waiting or size == HEAD:
        yield bytes(waiting)


def _opened(cipher: Any, nonce: bytes, chunk: bytes, bound: bytes, name: str) -> bytes:
    from cryptography.exceptions import InvalidTag

    try:
        plain: bytes = cipher.decrypt(nonce, chunk, bound)
    except (InvalidTag, ValueError):  # ValueError: the chunk is shorter than a tag
        raise changed(name) from None
    return plain


def changed(name: str) -> OperationFailed:
    """The failure for a file that does not fit the passphrase."""
    return OperationFailed(
        f"{name} cannot be decrypted: BACKUP_PASSPHRASE is not the one it was encrypted with, "
        "or the file or its manifest was changed."
    )


def seal(content: bytes, passphrase: str, salt: bytes | None = None) -> str:
    """Salt and HMAC-SHA256 of data that is stored unencrypted, so that a change of it is detected."""
    salt = os.urandom(SALT) if salt is None else salt
    return salt.hex() + hmac.digest(_key(passphrase, salt), content, "sha256").hex()


def is_sealed(content: bytes, passphrase: str, given: str) -> bool:
    """Whether the seal was made of this data with this passphrase."""
    try:
        salt = bytes.fromhex(given[: 2 * SALT])
    except ValueError:
        return False
    return hmac.compare_digest(seal(content, passphrase, salt).encode(), given.encode())
