"""Ids for what is imported: the same every time, so that nothing comes in twice, and in the order of time."""

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

VERSION_7 = 0x7 << 76
VARIANT = 0b10 << 62
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _version_7(milliseconds: int, seed: str) -> UUID:
    """48 bits of time, the rest from the seed."""
    digest = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:10], "big")
    random_a, random_b = digest >> 68, digest & (2**62 - 1)
    return UUID(int=(milliseconds & (2**48 - 1)) << 80 | VERSION_7 | random_a << 64 | VARIANT | random_b)


def id_at(moment: datetime, *names: str) -> UUID:
    """The id of what these names mean, as if it had been made at that moment."""
    return _version_7((moment - EPOCH) // timedelta(milliseconds=1), "\x1f".join(names))


def id_for(user_id: str, original: UUID) -> UUID:
    """The id that another user's copy of a row has; its place in time stays."""
    return _version_7(original.int >> 80, f"{user_id}\x1f{original}")
