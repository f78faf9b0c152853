"""The first start with AUTH_MODE=token as a process: the setup link works once and creates the owner."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from tests.homes import add_migrated_database, new_directory
from tests.identity.conftest import PASSWORD, VIEWER, ask, code_of
from tests.processes import Program, free_port, program, run_to_completion

CLAIM = (
    "mutation($code: String!, $password: String!) "
    '{ claimOwnership(input: {code: $code, name: "ann", password: $password}) { userId role } }'
)


@pytest.fixture
def home() -> Iterator[str]:
    directory = new_directory("identity")
    add_migrated_database(directory)
    yield str(directory)
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def environment(home: str) -> dict[str, str]:
    port = free_port()
    return {"RESONANT_DATA_DIR": home, "PORT": port, "DATABASE_POLL_SECONDS": "0.5", "AUTH_MODE": "token"}


@pytest.fixture
async def client(environment: dict[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    address = f"http://127.0.0.1:{environment['PORT']}"
    async with httpx.AsyncClient(base_url=address, headers={"origin": address}) as http:
        yield http


def code_in(running: Program) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+/sign-in#(rec_\S+)", running.output)
    assert found, running.output
    return found[1]


async def test_setup_link_creates_the_owner_once_and_keeps_existing_rows(
    environment: dict[str, str], client: httpx.AsyncClient
) -> None:
    local = {**environment, "AUTH_MODE": "local"}
    async with program("run", **local) as running:
        await running.wait_for_output("Ctrl-C stops everything.")
        await ask(client, 'mutation { createIntent(input: {description: "from before"}) { id } }')
        await running.stop()
    async with program("run", **environment) as running:
        await running.wait_for_output("/sign-in#")
        code = code_in(running)
        assert await code_of(client, VIEWER) == "UNAUTHENTICATED"
        assert await code_of(client, CLAIM, code=f"{code}x", password=PASSWORD) == "UNAUTHENTICATED"
        assert await code_of(client, CLAIM, code=code, password="short") == "BAD_USER_INPUT"
        claimed = (await ask(client, CLAIM, code=code, password=PASSWORD))["data"]["claimOwnership"]
        assert claimed == {"userId": "owner", "role": "OWNER"}
        intents = await ask(client, "{ intents { edges { node { description } } } }")
        assert intents["data"]["intents"]["edges"][0]["node"]["description"] == "from before"
        second = httpx.AsyncClient(base_url=str(client.base_url))
        assert await code_of(second, CLAIM, code=code, password=PASSWORD) == "UNAUTHENTICATED"
        await second.aclose()
        await running.stop()
        assert "Traceback" not in running.output
    async with program("run", **environment) as again:
        await again.wait_for_output("Ctrl-C stops everything.")
        await asyncio.sleep(0.2)
        assert "/sign-in#" not in again.output
        assert (await ask(client, VIEWER))["data"]["viewer"]["id"] == "owner"  # sessions survive a restart


async def test_link_appears_in_no_json_log_and_a_command_prints_it(
    environment: dict[str, str], client: httpx.AsyncClient
) -> None:
    shipped = {**environment, "LOG_FORMAT": "json"}
    async with program("run", **shipped) as running:
        await running.wait_for_output("user setup-link")
        await asyncio.sleep(0.2)
        assert "/sign-in#" not in running.output
        code, printed = await run_to_completion("user", "setup-link", "--port", environment["PORT"], **shipped)
        link = re.search(r"^http://127\.0\.0\.1:(\d+)/sign-in#(rec_\S+)$", printed, re.MULTILINE)
        assert link, printed
        assert (code, link[1]) == (0, environment["PORT"])
        claimed = (await ask(client, CLAIM, code=link[2], password=PASSWORD))["data"]["claimOwnership"]
        assert claimed["role"] == "OWNER"
        code, printed = await run_to_completion("user", "setup-link", **shipped)
    assert (code, "There is an owner who can sign in already" in printed) == (1, True)


@pytest.mark.parametrize(
    ("settings", "origin"),
    [
        ({"FRONTEND_PORT": "127.0.0.1:3000"}, "http://127.0.0.1:3000"),
        ({"FRONTEND_PORT": "3001"}, "http://127.0.0.1:3001"),
        ({"SERVER_PUBLIC_ORIGINS": "https://resonant.example"}, "https://resonant.example"),
    ],
)
async def test_link_has_the_address_at_which_people_open_the_page(
    environment: dict[str, str], settings: dict[str, str], origin: str
) -> None:
    _, printed = await run_to_completion("user", "setup-link", **environment, **settings)
    assert f"\n{origin}/sign-in#rec_" in f"\n{printed}"
