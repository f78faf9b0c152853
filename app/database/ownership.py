"""Owner of the tables: the role resonant_owner, or the login that migrates when it may not create roles."""

from app.database.connect import connect
from app.database.migrations import grant_roles
from sql.statements import Connection

OWNER = "resonant_owner"
ROLES = (OWNER, "resonant_api", "resonant_bridge")
STATE = """
SELECT c.relowner::regrole::text AS owner, quote_ident(n.nspname) AS schema,
       ARRAY(SELECT rolname::text FROM pg_roles WHERE rolname = ANY($1)) AS made,
       coalesce(has_schema_privilege(to_regrole('resonant_owner'), n.oid, 'CREATE'), false) AS may_own
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = 'messages'::regclass
"""


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
