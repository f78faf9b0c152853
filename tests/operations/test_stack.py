"""The services of compose.yaml as local processes: start, main journey, kills, restart, backup."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from app.commands.first_run import settings_for, write_secrets
from app.database.embedded import EmbeddedDatabase, binaries
from app.database.tuning import MIB
from tests.bench.socket_client import socket_client
from tests.fakes.messages_api import messages_api
from tests.homes import new_directory
from tests.logins import as_login
from tests.operations.compose_file import NGINX, ServiceProcess, load_compose, nginx_configuration, without_shell
from tests.processes import CLEAN_ENVIRONMENT, Program, free_port, new_program, program, wait_until_ready
from tests.timeouts import TIMEOUT

SEND = """mutation($text: String!) {
  sendMessage(input: {content: $text}) { message { conversation { id } } reply { id } }
}"""
REPLY = "query($id: ID!) { message(id: $id) { status content } }"
KEPT = (
    "{ conversations(first: 50) { edges { node { id title } } } intents(first: 50) { edges { node { id status } } } }"
)
OWN = ("backend", "intent-bridge", "message-bridge")


async def exit_code(command: list[str], environment: dict[str, str]) -> int:
    process = await asyncio.create_subprocess_exec(*command, env=environment)
    async with asyncio.timeout(TIMEOUT):
        return await process.wait()


@dataclass
class Stack:
    """The running services. `start` and `stop` take the names in compose.yaml."""

    home: Path
    compose: Any
    database: EmbeddedDatabase
    overrides: dict[str, dict[str, str]]
    front: str = ""
    front_command: list[str] = field(default_factory=list)
    front_process: asyncio.subprocess.Process | None = None
    running: dict[str, Program] = field(default_factory=dict)
    _stacks: dict[str, Any] = field(default_factory=dict)

    def process(self, name: str) -> ServiceProcess:
        return ServiceProcess(name, self.compose, self.overrides.get(name, {}))

    async def start(self, name: str) -> None:
        service = self.process(name)
        start = program if name in self.running else new_program
        block = start(*service.command, **service.environment)
        self.running[name] = await block.__aenter__()
        self._stacks[name] = block
        await self.until_healthy(name)

    async def until_healthy(self, name: str) -> None:
        """Wait like compose, with the health check of the service."""
        service = self.process(name)
        async with asyncio.timeout(TIMEOUT):
            while await exit_code(service.healthcheck, service.environment) != 0:
                assert self.running[name].process.returncode is None, self.running[name].output
                await asyncio.sleep(0.2)

    async def stop(self, name: str, number: int = signal.SIGTERM) -> int:
        code = await self.running[name].stop(number)
        await self._stacks.pop(name).__aexit__(None, None, None)
        return code

    async def close(self) -> None:
        for block in list(self._stacks.values()):
            await block.__aexit__(None, None, None)

    async def start_front(self) -> None:
        self.front_process = await asyncio.create_subprocess_exec(*self.front_command)
        async with asyncio.timeout(TIMEOUT):
            while await self.front_health() != 0:  # noqa: ASYNC110 - it comes up in its own time
                await asyncio.sleep(0.2)

    async def front_health(self) -> int:
        health = without_shell(self.compose["services"]["frontend"]["healthcheck"]["test"])
        return await exit_code([part.replace("http://127.0.0.1", self.front) for part in health], CLEAN_ENVIRONMENT)

    async def stop_front(self, number: int = signal.SIGTERM) -> None:
        """Stop the master and its workers, like a container."""
        assert self.front_process is not None
        workers = psutil.Process(self.front_process.pid).children()
        self.front_process.send_signal(number)
        await self.front_process.wait()
        for worker in workers if number == signal.SIGKILL else ():
            with suppress(psutil.NoSuchProcess):
                worker.kill()
                worker.wait(10)

    async def say(self, text: str) -> str:
        """Send a message through nginx; returns the id of the reply."""
        async with httpx.AsyncClient(base_url=self.front, timeout=TIMEOUT) as client:
            response = await client.post("/graphql", json={"query": SEND, "variables": {"text": text}})
        reply: str = response.json()["data"]["sendMessage"]["reply"]["id"]
        return reply

    async def answer(self, reply: str) -> str:
        """The text of the reply when it is complete."""
        async with httpx.AsyncClient(base_url=self.front, timeout=TIMEOUT) as client, asyncio.timeout(TIMEOUT):
            while True:
                response = await client.post("/graphql", json={"query": REPLY, "variables": {"id": reply}})
                data = response.json().get("data") if response.status_code == 200 else None
                if data and data["message"] and data["message"]["status"] == "COMPLETE":
                    content: str = data["message"]["content"]
                    return content
                await asyncio.sleep(0.1)

    async def kept(self) -> Any:
        async with httpx.AsyncClient(base_url=self.front, timeout=TIMEOUT) as client:
            return (await client.post("/graphql", json={"query": KEPT})).json()["data"]


def database_options(compose: Any) -> dict[str, str]:
    command = compose["services"]["db"]["command"]
    assert command[0] == "postgres"
    assert set(command[1::2]) == {"-c"}
    return dict(option.split("=", 1) for option in command[2::2])


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    if NGINX is None:
        pytest.skip("nginx is not installed (Debian: apt install nginx)")
    home = new_directory("stack")
    write_secrets(home / "secrets")
    variables = dict(line.split("=") for line in settings_for(1024 * MIB, 2).splitlines() if not line.startswith("#"))
    compose = load_compose(variables)
    database = EmbeddedDatabase(home / "database", say=lambda line: None, options=database_options(compose))
    dsn = database.start()
    async with messages_api() as api:
        # Only addresses and the authentication mode differ from the file.
        here = {
            "HOST": "127.0.0.1", "AUTH_MODE": "local", "DATABASE_URL": dsn, "ANTHROPIC_API_KEY": "sk-local",
            "ANTHROPIC_BASE_URL": api.url, "WORKER_LEASE_SECONDS": "3", "DATABASE_POLL_SECONDS": "0.5",
        }  # fmt: skip
        port = free_port()
        api_login = {"DATABASE_URL": as_login(dsn, "resonant_backend")}
        bridge_login = {"DATABASE_URL": as_login(dsn, "resonant_bridges")}
        logins = {"DATABASE_API_URL": api_login["DATABASE_URL"], "DATABASE_BRIDGE_URL": bridge_login["DATABASE_URL"]}
        built = Stack(
            home,
            compose,
            database,
            {
                "migrate": {**here, **logins},
                "backend": {
                    **here,
                    **api_login,
                    "PORT": port,
                    "DATABASE_BRIDGE_URL": bridge_login["DATABASE_URL"],
                },
                "intent-bridge": {**here, **bridge_login, "METRICS_PORT": free_port()},
                "message-bridge": {**here, **bridge_login, "METRICS_PORT": free_port()},
                "backup": {**here, "BACKUP_DESTINATION": str(home / "backups")},
            },
        )
        async with fronting(built, int(port)):
            yield built
        await built.close()
    database.stop()
    shutil.rmtree(home)


@asynccontextmanager
async def fronting(stack: Stack, backend: int) -> AsyncIterator[None]:
    """nginx with the configuration of its image."""
    port = free_port()
    stack.front_command = nginx_configuration(stack.home / "nginx", port=int(port), backends=[backend])
    expected = [*stack.compose["services"]["frontend"]["command"]]
    assert expected[:2] == ["sh", "/etc/nginx/start.sh"]
    assert expected[2:] == stack.front_command[4:]
    stack.front = f"http://127.0.0.1:{port}"
    await stack.start_front()
    try:
        yield
    finally:
        await stack.stop_front()


async def test_compose_services_start_and_survive_failures(stack: Stack) -> None:
    # Wait for the health check of db and for the end of migrate.
    ready = without_shell(stack.compose["services"]["db"]["healthcheck"]["test"])
    socket = stack.database.dsn("x").rpartition("host=")[2].replace("%2F", "/")
    assert await exit_code([str(binaries() / ready[0]), *ready[1:]], {**CLEAN_ENVIRONMENT, "PGHOST": socket}) == 0
    migrate = stack.process("migrate")
    async with new_program(*migrate.command, **migrate.environment) as migrating:
        assert await migrating.process.wait() == 0, migrating.output
    await asyncio.gather(*map(stack.start, OWN))
    assert await stack.front_health() == 0

    # Main journey: a message, a streamed reply, an intent that is completed, all received live.
    async with socket_client(stack.front) as live:
        intents = await live.begin("subscription { intentChanged { intent { status } } }")
        await asyncio.sleep(0.5)
        reply = await stack.say("please write the tests")
        assert await stack.answer(reply) == "You said: please write the tests"
        statuses = []
        while "COMPLETED" not in statuses:
            statuses.append((await live.next(intents))[1]["intentChanged"]["intent"]["status"])

    # Each service is killed while it has work.
    for name in ("message-bridge", "intent-bridge", "backend"):
        reply = await stack.say(f"[[words 10]] [[delay 0.1]] before the end of {name}")
        await asyncio.sleep(0.4)
        await stack.stop(name, signal.SIGKILL)
        await stack.start(name)
        assert await stack.answer(reply) == "word " * 10

    # nginx too.
    reply = await stack.say("[[words 10]] [[delay 0.1]] before the end of the front")
    await stack.stop_front(signal.SIGKILL)
    assert await stack.front_health() != 0
    await stack.start_front()
    assert await stack.answer(reply) == "word " * 10

    # The database too; it recovers after a restart.
    reply = await stack.say("[[words 10]] [[delay 0.1]] before the end of the database")
    postmaster = next(
        each
        for each in psutil.process_iter(["cmdline"])
        if str(stack.home / "database/postgres") in (each.info["cmdline"] or [])
    )
    postmaster.kill()
    postmaster.wait(10)
    stack.database.stop()
    stack.database.start()
    assert await stack.answer(reply) == "word " * 10

    # All are stopped and started again; no data is lost.
    before = await stack.kept()
    for name in OWN:
        assert await stack.stop(name) == 0, stack.running[name].output
    await stack.stop_front()
    stack.database.stop()
    stack.database.start()
    await asyncio.gather(*map(stack.start, OWN))
    await stack.start_front()
    assert await stack.kept() == before

    # A backup is restored into a new database with the same content.
    async with program(*stack.process("backup").command, **stack.process("backup").environment):
        async with asyncio.timeout(TIMEOUT):
            while not list((stack.home / "backups").glob("*.json")):  # noqa: ASYNC110 - it is made in its own time
                await asyncio.sleep(0.1)
    fresh = stack.database.dsn("fresh")
    async with program("restore", str(stack.home / "backups"), DATABASE_URL=fresh) as restoring:
        assert await restoring.process.wait() == 0, restoring.output
    await stack.stop("backend")
    stack.overrides["backend"] = {
        **stack.overrides["backend"],
        "DATABASE_URL": as_login(fresh, "resonant_backend"),
        "DATABASE_BRIDGE_URL": as_login(fresh, "resonant_bridges"),
    }
    await stack.start("backend")
    assert await stack.kept() == before


@pytest.mark.parametrize(("name", "program_of_debian"), [("redis", "redis-server"), ("prometheus", "prometheus")])
async def test_auxiliary_service_starts_with_the_compose_command(
    name: str, program_of_debian: str, tmp_path: Path
) -> None:
    if shutil.which(program_of_debian) is None:
        pytest.skip(f"{program_of_debian} is not installed (Debian: apt install {program_of_debian})")
    service = load_compose()["services"][name]
    port = free_port()
    monitoring = Path(__file__).parents[2] / "app/deploy/monitoring"
    command = [
        part.replace("/etc/prometheus", str(monitoring)).replace("=/prometheus", f"={tmp_path}")
        for part in service["command"]
    ]
    if name == "redis":
        command = [*command, "--port", port, "--bind", "127.0.0.1", "--dir", str(tmp_path)]
    else:
        command = ["prometheus", *command, f"--web.listen-address=127.0.0.1:{port}"]
    health = without_shell(service["healthcheck"]["test"])
    health = [part.replace(":9090", f":{port}") for part in health]
    if name == "redis":
        health = [health[0], "-p", port, *health[1:]]
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL, env=dict(os.environ)
    )
    try:
        async with asyncio.timeout(TIMEOUT):
            while await exit_code(health, CLEAN_ENVIRONMENT) != 0:
                assert process.returncode is None
                await asyncio.sleep(0.2)
    finally:
        process.terminate()
        await process.wait()


async def test_two_backends_notify_each_other_over_redis(database_url: str, tmp_path: Path) -> None:
    """The profile `scale`."""
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed (Debian: apt install redis-server)")
    redis, ports = free_port(), [free_port(), free_port()]
    server = await asyncio.create_subprocess_exec(
        "redis-server", "--port", redis, "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path),
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    shared = {
        "DATABASE_URL": database_url,
        "LIVE_BROADCAST_URL": f"redis://127.0.0.1:{redis}",
        "DATABASE_POLL_SECONDS": "60",
    }
    try:
        async with program("serve", PORT=ports[0], **shared), program("serve", PORT=ports[1], **shared):
            for port in ports:
                async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
                    await wait_until_ready(client, "/health")
            async with socket_client(f"http://127.0.0.1:{ports[0]}") as live, httpx.AsyncClient() as client:
                following = await live.begin("subscription { messageChanged { cursor } }")
                await asyncio.sleep(1)
                said = {"query": SEND, "variables": {"text": "hello"}}
                await client.post(f"http://127.0.0.1:{ports[1]}/graphql", json=said)
                assert await live.next(following, seconds=20)
    finally:
        server.terminate()
        await server.wait()
