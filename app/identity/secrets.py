"""Secrets of sessions, API tokens and setup links: 256 random bits, shown once, stored as SHA-256."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal
from uuid import UUID

from sql.pool import Database
from sql.repositories.accounts import insert_setup_code, lock_owners
from sql.repositories.credentials import insert_token
from sql.repositories.security_events import COMMAND_LINE, insert_security_event
from sql.service_rows import TokenRow
from sql.statements import Connection

# A prefix per kind lets secret scanners recognise them in repositories and logs.
PREFIXES = {"session": "res_", "token": "ret_", "setup": "rec_"}
HINT_CHARACTERS = 8
CODE_SECONDS = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class TokenScope:
    """What a token permits: only reading, or only one project, which the MCP server alone can ensure."""

    read_only: bool = False
    project_id: UUID | None = None


FULL = TokenScope()


def new_secret(kind: Literal["session", "token", "setup"], scope: TokenScope = FULL) -> str:
    """The scope of a token is a part of it: `ret_read.<project>.<random>`. Another scope has another hash."""
    random = secrets.token_urlsafe(32)
    if scope == FULL:
        return PREFIXES[kind] + random
    project = [] if scope.project_id is None else [scope.project_id.hex]
    return PREFIXES[kind] + ".".join(["read" if scope.read_only else "write", *project, random])


def scope_of(secret: str) -> TokenScope:
    """The scope of a secret that has been found by its hash; only `new_secret` makes those."""
    *words, _ = secret.split("_", 1)[-1].split(".")
    return TokenScope("read" in words[:1], UUID(words[1]) if len(words) > 1 else None)


def digest(secret: str) -> bytes:
    """The stored form. A slow hash would add nothing, because 256 random bits cannot be guessed."""
    return sha256(secret.encode(errors="surrogatepass")).digest()


def is_own_secret(secret: str) -> bool:
    """Whether it looks like a session or API token of this server. Anything else may be a JWT."""
    return secret.startswith((PREFIXES["session"], PREFIXES["token"]))


def hint_of(secret: str) -> str:
    """The scope and the first characters: enough for the owner to recognise it, useless to an attacker."""
    start, dot, random = secret.rpartition(".")
    return f"{start}{dot}{random[: HINT_CHARACTERS // 2]}…" if dot else secret[:HINT_CHARACTERS] + "…"


async def issue_token(
    connection: Connection, user_id: str, name: str, expires_at: datetime | None, scope: TokenScope = FULL
) -> tuple[TokenRow, str]:
    """A new token with this scope, and its secret."""
    secret = new_secret("token", scope)
    token = await insert_token(
        connection,
        user_id,
        digest(secret),
        name=name,
        hint=hint_of(secret),
        expires_at=expires_at,
        read_only=scope.read_only,
        project_id=scope.project_id,
    )
    return token, secret


async def needs_owner(database: Database) -> bool:
    """Whether no owner can sign in yet."""
    async with database.transaction() as connection:
        return not await lock_owners(connection)


async def create_setup_code(database: Database) -> str | None:
    """A new code for the link; None when an owner can sign in already."""
    async with database.transaction() as connection:
        if await lock_owners(connection):
            return None
        code = new_secret("setup")
        await insert_setup_code(connection, digest(code), seconds=CODE_SECONDS)
        await insert_security_event(connection, "setup_link_made", user_id=None, actor=COMMAND_LINE)
    return code


def setup_link(address: str, code: str) -> str:
    """The code is in the fragment of the URL, so that it appears in no server log."""
    return f"{address}/sign-in#{code}"
