"""Logins for the services, made by whoever migrates from the addresses with which the services will come."""

import hmac
import os
from base64 import b64encode
from collections.abc import Mapping
from hashlib import pbkdf2_hmac, sha256
from urllib.parse import unquote, urlsplit

from app.database.connect import connect
from app.errors import StartError
from sql.statements import Connection

ITERATIONS = 4096  # PostgreSQL's own default
DESCRIBED = """
SELECT quote_ident($1) AS name, quote_literal($2) AS verifier, rolname IS NOT NULL AS exists,
       coalesce(rolsuper OR rolname = current_user OR pg_has_role(rolname, 'resonant_owner', 'MEMBER'), false) AS owner
FROM (SELECT) AS always LEFT JOIN pg_roles ON rolname = $1
"""


def scram_verifier(password: str, salt: bytes | None = None) -> str:
    """What PostgreSQL keeps of a password (RFC 5803), so that the password itself is in no statement and no log."""
    salt = os.urandom(16) if salt is None else salt
    salted = pbkdf2_hmac("sha256", password.encode(), salt, ITERATIONS)
    stored = sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    shown = [b64encode(part).decode() for part in (salt, stored, server)]
    return f"SCRAM-SHA-256${ITERATIONS}:{shown[0]}${shown[1]}:{shown[2]}"


async def make_logins(dsn: str, addresses: Mapping[str, str | None]) -> list[str]:
    """A login in each role with the name and password of its address; the names. Raises StartError."""
    made = []
    connection = await connect(dsn)
    try:
        async with connection.transaction():
            for role, address in addresses.items():
                if address is not None:
                    made.append(await _make_login(connection, role, address))
    finally:
        await connection.close()
    return made


async def _make_login(connection: Connection, role: str, address: str) -> str:
    parts = urlsplit(address)
    name, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not name or not password.isascii() or not password:
        raise StartError(f"The address for {role} needs a name and a password of ASCII signs before the `@`.")
    [found] = await connection.fetch(DESCRIBED, name, scram_verifier(password))
    if found["owner"]:
        raise StartError(f"The login {name} owns the tables; give {role} another name.")
    verb = "ALTER" if found["exists"] else "CREATE"
    await connection.execute(f"{verb} ROLE {found['name']} LOGIN PASSWORD {found['verifier']}")
    await connection.execute(f"GRANT {role} TO {found['name']}")
    return name
