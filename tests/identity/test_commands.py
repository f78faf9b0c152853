"""`python -m app user ...` and `token ...` as processes, beside a server that runs."""

import asyncio
import sys

from tests.identity.conftest import PASSWORD, SIGN_IN, VIEWER, House, ask, code_of
from tests.processes import CLEAN_ENVIRONMENT, ROOT

NO_ID = "00000000-0000-0000-0000-000000000000"


async def command(database_url: str, line: str, typed: str = "") -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command that reads `typed`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app", *line.split(), cwd=ROOT, env={**CLEAN_ENVIRONMENT, "DATABASE_URL": database_url},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    printed, complained = await process.communicate(typed.encode())
    return process.returncode or 0, printed.decode(), complained.decode()


async def works(database_url: str, line: str, typed: str = "") -> str:
    code, printed, complained = await command(database_url, line, typed)
    assert code == 0, complained
    return printed


async def test_somebody_is_added_given_a_token_made_a_viewer_and_disabled(house: House, database_url: str) -> None:
    await works(database_url, "user add Bob --display-name Robert", f"{PASSWORD}\n")
    bob = await house.signed_in("bob")
    token = (await works(database_url, "token add bob ci --days 7")).strip()
    program = house.program(token)
    assert (await ask(program, VIEWER))["data"]["viewer"]["role"] == "MEMBER"
    await works(database_url, "user set-role bob viewer")
    assert (await ask(program, VIEWER))["data"]["viewer"]["role"] == "VIEWER"
    listed = await works(database_url, "token list bob")
    assert "\tci\tret_" in listed
    assert token not in listed
    await works(database_url, f"token revoke {listed.split()[0]}")
    assert await code_of(program, VIEWER) == "UNAUTHENTICATED"

    await works(database_url, "user disable bob")
    assert await code_of(bob, VIEWER) == "UNAUTHENTICATED"
    assert await code_of(house.browser(), SIGN_IN, name="bob", password=PASSWORD) == "UNAUTHENTICATED"
    assert "bob\tviewer\tdisabled\tpassword\tRobert" in await works(database_url, "user list")
    await works(database_url, "user enable bob")
    assert await code_of(bob, VIEWER) == "UNAUTHENTICATED"  # what ended stays ended
    await works(database_url, "user set-password bob", "another phrase here\n")
    assert "data" in await ask(house.browser(), SIGN_IN, name="bob", password="another phrase here")
    rows = await house.services.database.pool.fetch("SELECT kind FROM security_events WHERE actor = 'command line'")
    assert [row["kind"] for row in rows] == [
        "user_added", "token_created", "role_changed", "token_revoked", "user_disabled", "user_enabled",
        "password_changed",
    ]  # fmt: skip


async def test_what_cannot_be_done_is_one_clear_line_and_changes_nothing(house: House, database_url: str) -> None:
    await house.person("ann", "owner")
    last_owner = "✗ This is the last owner; make somebody else an owner first.\n"
    wanted = {
        "user add ann": "✗ It exists already.\n",
        "user add eve": "✗ A password has 12 to 256 characters; this one has 5. A few words in a row are good.\n",
        "user add eve --subject 7": "✗ --subject needs an identity provider; set AUTH_JWT_ISSUER.\n",
        "user disable ann": last_owner,
        "user set-role ann member": last_owner,
        "user disable nobody": "✗ There is no user nobody; `python -m app user list` shows all.\n",
        f"token revoke {NO_ID}": "✗ There is no such token.\n",
    }
    typed = [PASSWORD if line == "user add ann" else "short" for line in wanted]
    results = await asyncio.gather(*map(command, [database_url] * len(wanted), wanted, typed))
    assert {line: (code, complained) for line, (code, _, complained) in zip(wanted, results, strict=True)} == {
        line: (1, complaint) for line, complaint in wanted.items()
    }
    assert await house.value("SELECT string_agg(id || role, ' ') FROM users WHERE disabled_at IS NULL") == "annowner"
