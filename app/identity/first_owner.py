"""The setup link: creates the first owner account, once; it is printed on the console when no owner can sign in."""

from app.identity.secrets import digest, new_secret
from sql.pool import Database
from sql.repositories.accounts import insert_setup_code, lock_owners
from sql.repositories.security_events import COMMAND_LINE, insert_security_event

CODE_SECONDS = 24 * 3600.0


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
