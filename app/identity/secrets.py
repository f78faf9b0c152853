"""Secrets that let their holder in: 256 random bits, shown once, kept as their SHA-256."""

import secrets
from hashlib import sha256
from typing import Literal

# What it is shows in how it begins, so that a scanner of repositories or logs can tell.
PREFIXES = {"session": "res_", "token": "ret_", "setup": "rec_"}
HINT_CHARACTERS = 8


def new_secret(kind: Literal["session", "token", "setup"]) -> str:
    return PREFIXES[kind] + secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """What is kept of a secret. A slow hash would gain nothing: nobody guesses 256 bits."""
    return sha256(secret.encode(errors="surrogatepass")).digest()


def is_ours(secret: str) -> bool:
    """Whether it looks like a session or a token made here; anything else may be an identity provider's JWT."""
    return secret.startswith((PREFIXES["session"], PREFIXES["token"]))


def hint_of(secret: str) -> str:
    """How it begins: enough to know it again, of no use to anybody else."""
    return secret[:HINT_CHARACTERS] + "…"
