"""Secrets of sessions, API tokens and setup links: 256 random bits, shown once, stored as SHA-256."""

import secrets
from hashlib import sha256
from typing import Literal

# A prefix per kind lets secret scanners recognise them in repositories and logs.
PREFIXES = {"session": "res_", "token": "ret_", "setup": "rec_"}
HINT_CHARACTERS = 8


def new_secret(kind: Literal["session", "token", "setup"]) -> str:
    return PREFIXES[kind] + secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """The stored form. A slow hash would add nothing, because 256 random bits cannot be guessed."""
    return sha256(secret.encode(errors="surrogatepass")).digest()


def is_own_secret(secret: str) -> bool:
    """Whether it looks like a session or API token of this server. Anything else may be a JWT."""
    return secret.startswith((PREFIXES["session"], PREFIXES["token"]))


def hint_of(secret: str) -> str:
    """The first characters: enough for the owner to recognise it, useless to an attacker."""
    return secret[:HINT_CHARACTERS] + "…"
