"""The commands as processes: output, stop, and continuation after a kill."""

import asyncio
import shutil
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx
import psutil
import pytest

from app.database.connect import connect
from app.database.migrations import load_migrations
from app.errors import StartError
from app.workers.intents.code.processes import marked
from tests.fakes.messages_api import MessagesApi, Scripted, messages_api
from tests.homes import new_directory
from tests.logins import logins
from tests.processes import free_port, new_program, program, run_to_completion, wait_until_ready
from tests.timeouts import TIMEOUT

SEND = 'mutation { sendMessage(input: {content: "please write the tests"}) { reply { id } } }'


@pytest.fixture
def home() -> Iterator[str]:
    directory = str(new_directory("run"))
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def port() -> str:
    return free_port()


@pytest.fixture
async def client(port: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        yield http


async def send(client: httpx.AsyncClient) -> str:
    response = await client.post("/graphql", json={"query": SEND})
    reply: str = response.json()["data"]["sendMessage"]["reply"]["id"]
    return reply


async def until_status(client: httpx.AsyncClient, reply: str, status: str, seconds: float = TIMEOUT) -> str:
    """The text of the reply when it has this status."""
    query = "query($id: ID!) { message(id: $id) { status content } }"
    async with asyncio.timeout(seconds):
        while True:
            response = await client.post("/graphql", json={"query": query, "variables": {"id": reply}})
            message = response.json()["data"]["message"]
            if message["status"] == status:
                content: str = message["content"]
                return content
            await asyncio.sleep(0.05)


async def test_run_prints_steps_and_addresses_and_stops_everything(
    home: str, port: str, client: httpx.AsyncClient
) -> None:
    async with new_program("run", RESONANT_DATA_DIR=home, PORT=port) as running:
        await running.wait_for_output("Ctrl-C stops everything.")
        assert "✓ PostgreSQL 18" in running.output
        assert f"http://127.0.0.1:{port}/graphiql" in running.output
        assert (await wait_until_ready(client, "/health")).json() == {"status": "ok"}
        assert (await wait_until_ready(client)).json() == {"status": "ready", "problems": {}}
        reply = await send(client)
        first = await until_status(client, reply, "COMPLETE")
        assert await running.stop(signal.SIGINT) == 0
    assert "Traceback" not in running.output
    assert not any(
        str(Path(home) / "postgres") in (each.info["cmdline"] or []) for each in psutil.process_iter(["cmdline"])
    )
    async with program("run", RESONANT_DATA_DIR=home, PORT=port) as again:
        await again.wait_for_output("Ctrl-C stops everything.")
        assert await until_status(client, reply, "COMPLETE") == first
        assert await again.stop() == 0


async def test_port_in_use_is_reported_in_one_line(home: str, port: str) -> None:
    with socket.create_server(("127.0.0.1", int(port))):
        code, output = await run_to_completion("run", RESONANT_DATA_DIR=home, PORT=port)
    assert code == 1
    assert output.strip() == (
        f"Cannot start: Port {port} is in use; stop what uses it, or choose another with PORT={int(port) + 1}."
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "many"), ("PORT", "70000"), ("HOST", "0.0.0.0"), ("WORKER_LEASE_SECONDS", "-1"), ("AUTH_MODE", "open")],  # noqa: S104
)
async def test_wrong_setting_is_reported_in_one_line_with_its_name(home: str, name: str, value: str) -> None:
    code, output = await run_to_completion("run", **{"RESONANT_DATA_DIR": home, name: value})
    assert code == 2
    assert output.count("\n") == 1
    assert name in output


async def test_unwritable_data_directory_is_reported_in_one_line(home: str, port: str) -> None:
    (Path(home) / "file").write_text("")
    code, output = await run_to_completion("run", RESONANT_DATA_DIR=f"{home}/file/data", PORT=port)
    assert code == 1
    assert "cannot be written" in output
    assert output.count("\n") == 1


async def test_database_that_cannot_be_used_is_reported_in_one_line(port: str) -> None:
    code, output = await run_to_completion("serve", DATABASE_URL="mysql://x", PORT=port)
    assert code == 1
    assert output.count("\n") == 1
    assert "DATABASE_URL" in output


async def test_unreachable_database_is_reported_without_the_password() -> None:
    with pytest.raises(StartError) as refused:
        await connect("postgresql://nobody:secret@127.0.0.1:9/none", timeout=0.5)
    assert "DATABASE_URL" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "secret" not in str(refused.value)


async def test_start_waits_for_a_late_database_and_reports_a_lost_one(
    database_url: str, port: str, client: httpx.AsyncClient
) -> None:
    async with program("serve", DATABASE_URL=database_url, PORT=port):
        health = await wait_until_ready(client, "/health")
        assert health.status_code == 200
        control = await asyncpg.connect(database_url)
        name = await control.fetchval("SELECT current_database()")
        await control.close()
        admin = await asyncpg.connect(database_url.replace(f"/{name}?", "/postgres?"))
        await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        await admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
        away = await client.post("/graphql", json={"query": SEND})
        assert away.status_code in (200, 503)
        assert away.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
        assert (await client.get("/ready")).status_code == 503
        await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await admin.close()
        assert await send(client)


async def test_backend_is_ready_without_bridges_and_reports_them_apart(
    database_url: str, port: str, client: httpx.AsyncClient
) -> None:
    async with program("serve", DATABASE_URL=database_url, PORT=port):
        assert (await wait_until_ready(client, "/ready")).json() == {"status": "ready", "problems": {}}
        missing = await client.get("/ready/bridges")
    assert missing.status_code == 503
    assert missing.json()["problems"].keys() == {"intent bridge", "message bridge"}


async def test_start_waits_for_a_database_as_long_as_the_setting_says_and_can_be_stopped(port: str) -> None:
    nobody = f"postgresql://x@127.0.0.1:{free_port()}/x"
    async with program("serve", DATABASE_URL=nobody, PORT=port, DATABASE_START_TIMEOUT="600") as waiting:
        await waiting.wait_for_output("database unavailable")
        assert await waiting.stop() == 0
    code, said = await run_to_completion("serve", DATABASE_URL=nobody, PORT=port, DATABASE_START_TIMEOUT="0.5")
    assert (code, "cannot be reached" in said) == (1, True)


async def test_engine_uses_the_logins_of_backend_and_bridges_in_one_process(
    database_url: str, port: str, client: httpx.AsyncClient
) -> None:
    used = "SELECT DISTINCT usename::text FROM pg_stat_activity WHERE application_name = $1"
    async with logins(database_url) as create:
        api, bridges = await create("resonant_api"), await create("resonant_bridge")
        async with program("run", DATABASE_URL=api, DATABASE_BRIDGE_URL=bridges, PORT=port):
            await wait_until_ready(client)
            assert await send(client)
            control = await asyncpg.connect(database_url)
            names = [await control.fetchval(used, f"resonant {part}") for part in ("engine", "bridges")]
            await control.close()
    assert names == [urlsplit(api).username, urlsplit(bridges).username]


async def test_doctor_reports_problems_and_fixes(home: str, port: str) -> None:
    code, output = await run_to_completion("doctor", RESONANT_DATA_DIR=home, PORT=port)
    assert code == 1
    assert "✓ database: PostgreSQL 18" in output
    assert f"✗ migrations: {len(load_migrations())} pending; run `python -m app migrate`" in output
    assert "✗ message bridge: not running; run" in output
    code, output = await run_to_completion("migrate", RESONANT_DATA_DIR=home)
    assert code == 0
    assert "✓ 0001_users_and_identity" in output
    async with program("run", RESONANT_DATA_DIR=home, PORT=port) as running:
        await running.wait_for_output("Ctrl-C stops everything.")
        _, output = await run_to_completion(
            "doctor", RESONANT_DATA_DIR=home, PORT=port, ANTHROPIC_API_KEY="sk-very-secret"
        )
    assert "✓ message bridge: seen" in output
    assert "expected while the server is running" in output
    assert "secret" not in output


@pytest.fixture
async def api() -> AsyncIterator[MessagesApi]:
    async with messages_api() as running:
        yield running


async def test_services_run_alone_and_another_bridge_finishes_the_work_of_a_killed_one(
    database_url: str, port: str, client: httpx.AsyncClient, api: MessagesApi
) -> None:
    environment = {
        "DATABASE_URL": database_url,
        "ANTHROPIC_API_KEY": "sk-local",
        "ANTHROPIC_BASE_URL": api.url,
        "WORKER_LEASE_SECONDS": "4",
        "DATABASE_POLL_SECONDS": "0.5",
    }
    api.script(Scripted(pieces=["half ", "an "], fault="stalled"))
    async with program("serve", PORT=port, **environment), program("message-bridge", **environment) as doomed:
        await wait_until_ready(client, "/health")
        reply = await send(client)
        assert await until_status(client, reply, "STREAMING") is not None
        async with asyncio.timeout(TIMEOUT):
            while api.left:  # noqa: ASYNC110 - the first request is answered with a call, and the next one stalls
                await asyncio.sleep(0.02)
        await doomed.stop(signal.SIGKILL)
        async with program("message-bridge", **environment), program("intent-bridge", **environment):
            assert await until_status(client, reply, "COMPLETE") == "You said: please write the tests"
            query = "{ notifications { edges { node { title } } } intents { edges { node { status } } } }"
            async with asyncio.timeout(TIMEOUT):
                while True:
                    data = (await client.post("/graphql", json={"query": query})).json()["data"]
                    # The fields of one operation are not read at the same moment.
                    done = [edge["node"]["status"] for edge in data["intents"]["edges"]] == ["COMPLETED"]
                    if done and data["notifications"]["edges"]:
                        break
                    await asyncio.sleep(0.05)
    assert len(data["notifications"]["edges"]) == 1


async def test_secret_key_is_never_printed(home: str, port: str) -> None:
    async with program("run", RESONANT_DATA_DIR=home, PORT=port, ANTHROPIC_API_KEY="sk-very-secret") as running:
        await running.wait_for_output("Ctrl-C stops everything.")
        await running.stop()
    assert "very-secret" not in running.output


CREATE = 'mutation { createIntent(input: {description: "run the tests", intentType: CODE_EXECUTION}) { id } }'
CONFIRM = "mutation($id: ID!) { confirmIntent(id: $id) { status } }"
STATUS = "query($id: ID!) { intent(id: $id) { status } }"


async def run_code(client: httpx.AsyncClient, api: MessagesApi) -> None:
    """Create and confirm a code session, and wait until its program waits for the model."""

    async def ask(query: str, **variables: str) -> dict[str, Any]:
        response = await client.post("/graphql", json={"query": query, "variables": variables})
        data: dict[str, Any] = response.json()["data"]
        return data

    intent = (await ask(CREATE))["createIntent"]["id"]
    async with asyncio.timeout(TIMEOUT):
        while (await ask(STATUS, id=intent))["intent"]["status"] != "AWAITING_CONFIRMATION":  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        await ask(CONFIRM, id=intent)
        while not any("run the tests" in str(each["messages"]) and each.get("tools") for each in api.requests):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
async def test_server_and_its_code_session_end_while_the_model_is_silent(
    home: str, port: str, client: httpx.AsyncClient, number: signal.Signals
) -> None:
    workspace = Path(home) / "workspace"
    workspace.mkdir()
    async with messages_api() as api:
        api.script(*[Scripted(fault="silent")] * 50)
        settings = {"ANTHROPIC_API_KEY": "sk-local", "ANTHROPIC_BASE_URL": api.url, "CODE_WORKSPACE": str(workspace)}
        async with program("run", RESONANT_DATA_DIR=f"{home}/data", PORT=port, **settings) as running:
            await wait_until_ready(client)
            await run_code(client, api)
            server = f"{running.process.pid}-"
            session = [pid for pid, mark in marked().items() if mark.startswith(server)]
            assert session
            code = await running.stop(number)
        async with asyncio.timeout(TIMEOUT):
            while any(psutil.pid_exists(pid) for pid in session):  # noqa: ASYNC110 - processes report no events
                await asyncio.sleep(0.05)
    assert code == (0 if number == signal.SIGTERM else -signal.SIGKILL), running.output
    assert "did not end" not in running.output
    assert "Traceback" not in running.output
