"""`python -m app user ...` and `token ...` as processes, while a server runs."""

import asyncio
from tempfile import TemporaryFile

from tests.forked import forked_process
from tests.identity.conftest import PASSWORD, SIGN_IN, VIEWER, Backend, ask, code_of
from tests.processes import CLEAN_ENVIRONMENT

NO_ID = "00000000-0000-0000-0000-000000000000"


async def command(database_url: str, line: str, typed: str = "", **environment: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command that reads `typed`."""
    with TemporaryFile() as given, TemporaryFile() as errors:
        given.write(typed.encode())
        given.seek(0)
        process = await forked_process(
            line.split(),
            {**CLEAN_ENVIRONMENT, "DATABASE_URL": database_url, **environment},
            given=given.fileno(),
            errors=errors.fileno(),
        )
        printed = await process.stdout.read()
        code = await process.wait()
        errors.seek(0)
        return code, printed.decode(), errors.read().decode()


async def succeed(database_url: str, line: str, typed: str = "") -> str:
    code, printed, errors = await command(database_url, line, typed)
    assert code == 0, errors
    return printed


async def test_user_and_token_commands(backend: Backend, database_url: str) -> None:
    await succeed(database_url, "user add Bob --display-name Robert", f"{PASSWORD}\n")
    bob = await backend.sign_in("bob")
    token = (await succeed(database_url, "token add bob ci --days 7")).strip()
    program = backend.program(token)
    assert (await ask(program, VIEWER))["data"]["viewer"]["role"] == "MEMBER"
    await succeed(database_url, "user set-role bob viewer")
    assert (await ask(program, VIEWER))["data"]["viewer"]["role"] == "VIEWER"
    listed = await succeed(database_url, "token list bob")
    assert "\tci\tret_" in listed
    assert token not in listed
    await succeed(database_url, f"token revoke {listed.split()[0]}")
    assert await code_of(program, VIEWER) == "UNAUTHENTICATED"

    await succeed(database_url, "user disable bob")
    assert await code_of(bob, VIEWER) == "UNAUTHENTICATED"
    assert await code_of(backend.browser(), SIGN_IN, name="bob", password=PASSWORD) == "UNAUTHENTICATED"
    assert "bob\tviewer\tdisabled\tpassword\tRobert" in await succeed(database_url, "user list")
    await succeed(database_url, "user enable bob")
    assert await code_of(bob, VIEWER) == "UNAUTHENTICATED"  # what ended stays ended
    keep, revoke = [(await succeed(database_url, f"token add bob {name}")).strip() for name in ("keep", "revoke")]
    assert "tokens" not in await succeed(database_url, "user set-password bob --keep-tokens", "a phrase of words\n")
    assert "data" in await ask(backend.program(keep), VIEWER)
    assert "2 tokens revoked" in await succeed(database_url, "user set-password bob", "another phrase here\n")
    for token in (keep, revoke):
        assert await code_of(backend.program(token), VIEWER) == "UNAUTHENTICATED"
    assert "data" in await ask(backend.browser(), SIGN_IN, name="bob", password="another phrase here")
    rows = await backend.services.database.pool.fetch("SELECT kind FROM security_events WHERE actor = 'command line'")
    assert [row["kind"] for row in rows] == [
        "user_added", "token_created", "role_changed", "token_revoked", "user_disabled", "user_enabled",
        "token_created", "token_created", "password_changed", "token_revoked", "token_revoked", "password_changed",
    ]  # fmt: skip


async def test_refused_command_prints_one_line_and_changes_nothing(backend: Backend, database_url: str) -> None:
    await backend.add_user("ann", "owner")
    last_owner = "✗ This is the last owner; make somebody else an owner first.\n"
    expected = {
        "user add ann": "✗ It already exists.\n",
        "user add eve": "✗ A password has 12 to 256 characters; this one has 5. Several words in a row work well.\n",
        "user add eve --subject 7": "✗ --subject needs an identity provider; set AUTH_JWT_ISSUER.\n",
        "user disable ann": last_owner,
        "user set-role ann member": last_owner,
        "user disable nobody": "✗ There is no user nobody; `python -m app user list` shows all.\n",
        f"token revoke {NO_ID}": "✗ There is no such token.\n",
    }
    typed = [PASSWORD if line == "user add ann" else "short" for line in expected]
    results = await asyncio.gather(*map(command, [database_url] * len(expected), expected, typed))
    assert {line: (code, errors) for line, (code, _, errors) in zip(expected, results, strict=True)} == {
        line: (1, error) for line, error in expected.items()
    }
    assert await backend.value("SELECT string_agg(id || role, ' ') FROM users WHERE disabled_at IS NULL") == "annowner"


async def test_command_speaks_the_language_of_the_reader(backend: Backend, database_url: str) -> None:
    await backend.add_user("bob")
    japanese = {"LANG": "ja_JP.UTF-8"}
    code, printed, _ = await command(database_url, "user disable bob", **japanese)
    assert (code, printed) == (0, "✓ bob を無効にしました\n")
    code, _, errors = await command(database_url, "user disable nobody", **japanese)
    assert (code, errors) == (1, "✗ ユーザー nobody はいません。`python -m app user list` で一覧を確認できます。\n")
