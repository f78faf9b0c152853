"""Creates the logins of the services from the DSNs that the services use."""

import hmac
import os
from base64 import b64encode
from collections.abc import Mapping
from hashlib import pbkdf2_hmac, sha256
from urllib.parse import unquote, urlsplit

from app.database.connect import connect
from app.errors import StartError
from sql.statements import Connection

ITERATIONS = 4096  # PostgreSQL's default
LOGIN = """
SELECT quote_ident($1) AS name, quote_literal($2) AS verifier, rolname IS NOT NULL AS exists,
       coalesce(rolsuper OR rolname = current_user OR pg_has_role(rolname, 'resonant_owner', 'MEMBER'), false) AS owner
FROM (SELECT) AS always LEFT JOIN pg_roles ON rolname = $1
"""


def scram_verifier(password: str, salt: bytes | None = None) -> str:
    """The SCRAM verifier that PostgreSQL stores (RFC 5803), so that no statement or log contains the password."""
    salt = os.urandom(16) if salt is None else salt
    salted = pbkdf2_hmac("sha256", password.encode(), salt, ITERATIONS)
    stored = sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    encoded = [b64encode(part).decode() for part in (salt, stored, server)]
    return f"SCRAM-SHA-256${ITERATIONS}:{encoded[0]}${encoded[1]}:{encoded[2]}"


async def create_logins(dsn: str, addresses: Mapping[str, str | None]) -> list[str]:
    """Create or update a login in each role, with the name and password of its DSN; returns the names.

    Raises StartError.
    """
    made = []
    connection = await connect(dsn)
    try:
        async with connection.transaction():
            for role, address in addresses.items():
                if address is not None:
                    made.append(await _create_login(connection, role, address))
    finally:
        await connection.close()
    return made


async def _create_login(connection: Connection, role: str, address: str) -> str:
    parts = urlsplit(address)
    name, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not name or not password.isascii() or not password:
        raise StartError(f"The address for {role} needs a name and an ASCII password before the `@`.")
    [found] = await connection.fetch(LOGIN, name, scram_verifier(password))
    if found["owner"]:
        raise StartError(f"The login {name} owns the tables; use another login for {role}.")
    verb = "ALTER" if found["exists"] else "CREATE"
    await connection.execute(f"{verb} ROLE {found['name']} LOGIN PASSWORD {found['verifier']}")
    await connection.execute(f"GRANT {role} TO {found['name']}")
    return name
