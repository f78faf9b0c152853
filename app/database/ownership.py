"""To whom the tables belong: to resonant_owner, or to the login that migrates, which then has to be helped."""

from app.database.connect import connect
from app.database.finding import Finding
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


async def settle_ownership(dsn: str) -> Finding:
    """Hand the tables over if that has become possible since they were made."""
    connection = await connect(dsn)
    try:
        async with connection.transaction():
            await grant_roles(connection)
        return await examine_ownership(connection)
    finally:
        await connection.close()


async def examine_ownership(connection: Connection) -> Finding:
    """Whose the tables are. No fault either way: one login for everything works, without a second wall."""
    [state] = await connection.fetch(STATE, ROLES)
    if state["owner"] == OWNER:
        return Finding("owner", True, f"the tables belong to {OWNER}")
    advice = [f"CREATE ROLE {role} NOLOGIN;" for role in ROLES if role not in state["made"]]
    advice.append(f"GRANT {OWNER} TO {state['owner']} WITH INHERIT TRUE, SET TRUE;")
    if not state["may_own"]:
        advice.append(f"GRANT USAGE, CREATE ON SCHEMA {state['schema']} TO {OWNER};")
    says = (
        f"the tables belong to {state['owner']}; to give each service a login that owns nothing, have an administrator "
        f"run `{' '.join(advice)}`, then run `python -m app migrate`"
    )
    return Finding("owner", True, says)
