"""Logins of the services, created from their DSNs, and the owner of the tables."""

import hmac
import os
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import pbkdf2_hmac, sha256
from urllib.parse import unquote, urlsplit

import asyncpg

from app.database.connect import connect
from app.database.migrations import grant_roles
from app.errors import StartError
from sql.statements import Connection

ITERATIONS = 4096  # PostgreSQL's default
LOGIN = """
SELECT quote_ident($1) AS name, quote_literal($2) AS verifier, rolname IS NOT NULL AS exists,
       coalesce(rolsuper OR rolname = current_user OR pg_has_role(rolname, 'resonant_owner', 'MEMBER'), false) AS owner,
       coalesce(pg_has_role(rolname, $3, 'MEMBER'), false) AS member,
       quote_literal($4 || current_database()) AS mark,
       (SELECT datname FROM pg_database
        WHERE shobj_description(r.oid, 'pg_authid') = $4 || datname AND datname <> current_database()) AS used_by
FROM (SELECT) AS always LEFT JOIN pg_roles AS r ON rolname = $1
"""
MARK = "Resonant Engine, a service of the database "
"""The beginning of the comment on a login. Logins are those of the server, which may have several installations."""
CLOSE = """
SELECT format('REVOKE CONNECT ON DATABASE %I FROM PUBLIC', datname) AS others,
       format('GRANT CONNECT ON DATABASE %I TO ', datname) AS login
FROM pg_database WHERE datname = current_database() AND pg_has_role(datdba, 'USAGE')
"""
OWNER = "resonant_owner"
ROLES = (OWNER, "resonant_api", "resonant_bridge")
STATE = """
SELECT c.relowner::regrole::text AS owner, quote_ident(n.nspname) AS schema,
       ARRAY(SELECT rolname::text FROM pg_roles WHERE rolname = ANY($1)) AS made,
       coalesce(has_schema_privilege(to_regrole('resonant_owner'), n.oid, 'CREATE'), false) AS may_own
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = 'messages'::regclass
"""


@dataclass(frozen=True, slots=True)
class Login:
    """The name of a login, also as an SQL identifier."""

    name: str
    quoted: str


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

    They may connect to this database, and logins of other installations on the server may not. Raises StartError.
    """
    made = []
    connection = await connect(dsn)
    try:
        async with connection.transaction():
            for role, address in addresses.items():
                if address is not None:
                    made.append(await _create_login(connection, role, address))
            if made and (close := await connection.fetchrow(CLOSE)) is not None:
                await connection.execute(close["others"])
                for login in made:
                    await connection.execute(close["login"] + login.quoted)
    finally:
        await connection.close()
    return [login.name for login in made]


async def _create_login(connection: Connection, role: str, address: str) -> Login:
    parts = urlsplit(address)
    name, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not name or not password.isascii() or not password:
        raise StartError(f"The address for {role} needs a name and an ASCII password before the `@`.")
    [found] = await connection.fetch(LOGIN, name, scram_verifier(password), role, MARK)
    if found["owner"]:
        raise StartError(f"The login {name} owns the tables; use another login for {role}.")
    if found["used_by"]:
        raise StartError(
            f"The login {name} belongs to the installation in the database {found['used_by']} of the same server; "
            f"use another name for {role}."
        )
    verb = "ALTER" if found["exists"] else "CREATE"
    statements = [f"{verb} ROLE {found['name']} LOGIN PASSWORD {found['verifier']}"]
    statements.append(f"COMMENT ON ROLE {found['name']} IS {found['mark']}")
    statements += [] if found["member"] else [f"GRANT {role} TO {found['name']}"]
    for statement in statements:
        try:
            await connection.execute(statement)
        except asyncpg.InsufficientPrivilegeError as error:
            shown = statement.replace(found["verifier"], "'...'")
            raise StartError(
                f"The login of DATABASE_URL may not run `{shown}` ({error}); have an administrator run it, with the "
                "password of the address."
            ) from None
    return Login(name, found["name"])


async def settle_ownership(dsn: str) -> str:
    """Give the tables to resonant_owner when that has become possible; returns `describe_ownership`."""
    connection = await connect(dsn)
    try:
        async with connection.transaction():
            await grant_roles(connection)
        return await describe_ownership(connection)
    finally:
        await connection.close()


async def describe_ownership(connection: Connection) -> str:
    """The owner of the tables, and how an administrator can separate the logins of the services from it.

    One login for everything works too, but then row-level security does not apply.
    """
    [state] = await connection.fetch(STATE, ROLES)
    if state["owner"] == OWNER:
        return f"the tables belong to {OWNER}"
    advice = [f"CREATE ROLE {role} NOLOGIN;" for role in ROLES if role not in state["made"]]
    advice.append(f"GRANT {OWNER} TO {state['owner']} WITH INHERIT TRUE, SET TRUE;")
    if not state["may_own"]:
        advice.append(f"GRANT USAGE, CREATE ON SCHEMA {state['schema']} TO {OWNER};")
    return (
        f"the tables belong to {state['owner']}; to give each service a login that owns nothing, have an administrator "
        f"run `{' '.join(advice)}`, then run `python -m app migrate`"
    )
