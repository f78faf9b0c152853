"""compose.yaml on a real engine: first start, ports, the way out, hung and killed services, TLS, upgrade."""

import json
import re
import ssl
import subprocess
import time

import asyncpg
import httpx

from tests.containers.installation import Installation, wait_until
from tests.processes import free_port

IDLE_MEBIBYTES = 180
UNITS = {"B": 1 / 2**20, "KiB": 1 / 2**10, "MiB": 1.0, "GiB": 2.0**10}


def mebibytes(installation: Installation) -> float:
    """What all containers of the installation use."""
    lines = installation.compose("stats", "--no-stream", "--format", "json").splitlines()
    used = [json.loads(line)["MemUsage"].split(" / ")[0] for line in lines]
    return sum(float(number) * UNITS[unit] for number, unit in (re.findall(r"([\d.]+)(\w+)", text)[0] for text in used))


def test_first_start_answers_and_leaves_no_dangling_image(installation: Installation) -> None:
    assert installation.answers()
    assert "<!doctype html>" in installation.get("/").text.lower()  # type: ignore[union-attr]
    assert installation.engine.run("image", "ls", "--quiet", "--filter", "dangling=true").split() == []
    assert installation.get("/health", "BACKEND_PORT").json() == {"status": "ok"}  # type: ignore[union-attr]
    assert installation.get("/ready/bridges").json()["status"] == "ready"  # type: ignore[union-attr]


def test_second_start_changes_nothing(installation: Installation) -> None:
    before = installation.compose("ps", "--quiet")
    installation.compose("up", "--detach")
    assert installation.compose("ps", "--quiet") == before


def test_idle_installation_uses_little_memory(installation: Installation) -> None:
    used = mebibytes(installation)
    print(f"all containers: {used:.0f} MiB")  # noqa: T201 - a figure for the reader
    assert used <= IDLE_MEBIBYTES


def test_link_of_the_owner_is_printed_and_not_logged(installation: Installation) -> None:
    printed = installation.compose("run", "--rm", "migrate", "user", "setup-link")
    assert printed.startswith(f"http://127.0.0.1:{installation.ports['FRONTEND_PORT']}/sign-in#rec_")
    logs = installation.compose("logs")
    assert "user setup-link" in logs
    assert "#rec_" not in logs


def test_doctor_finds_nothing_wrong(installation: Installation) -> None:
    report = installation.compose("run", "--rm", "migrate", "doctor")
    assert "✗" not in report


async def test_psql_reaches_the_database_on_this_machine(installation: Installation) -> None:
    password = (installation.folder / "secrets/db_password").read_text()
    port = int(installation.ports["DB_PORT"])
    connection = await asyncpg.connect(f"postgresql://resonant:{password}@127.0.0.1:{port}/resonant")
    assert await connection.fetchval("SELECT count(*) FROM schema_migrations") > 0
    await connection.close()


def test_settings_in_env_reach_the_engine(installation: Installation) -> None:
    installation.set(GRAPHQL_MAX_BODY_BYTES="2048")
    installation.compose("up", "--detach", "--wait")
    variables = installation.inspect("backend", "{{json .Config.Env}}")
    assert "GRAPHQL_MAX_BODY_BYTES=2048" in json.loads(variables)
    address = f"http://127.0.0.1:{installation.ports['BACKEND_PORT']}/graphql"
    assert httpx.post(address, json={"query": "x" * 3000}).status_code == 413


def test_hung_backend_is_restarted(installation: Installation) -> None:
    wait_until(lambda: installation.inspect("backend", "{{.State.Health.Status}}") == "healthy")
    stop = (
        "import os, signal; from pathlib import Path; from app.operations.healthcheck import _services; "
        "[os.kill(process, signal.SIGSTOP) for process in _services(Path('/proc'))]"
    )
    installation.compose("exec", "backend", "python", "-c", stop)
    restarts = int(installation.inspect("backend", "{{.RestartCount}}"))
    began = time.monotonic()
    refused = installation.get("/health")
    assert refused is not None
    assert refused.status_code == 503
    assert refused.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert time.monotonic() - began < 45
    wait_until(installation.answers)
    assert int(installation.inspect("backend", "{{.RestartCount}}")) == restarts + 1


def test_services_wait_for_a_database_that_is_away(installation: Installation) -> None:
    installation.compose("stop", "db")
    installation.compose("restart", "--no-deps", "backend")
    time.sleep(20)
    assert installation.inspect("backend", "{{.State.Running}} {{.RestartCount}}").startswith("true")
    count = installation.inspect("backend", "{{.RestartCount}}")
    installation.compose("start", "db")
    wait_until(installation.answers)
    assert installation.inspect("backend", "{{.RestartCount}}") == count


def test_tls_reads_a_key_that_only_its_owner_may_read(installation: Installation) -> None:
    secrets = installation.folder / "secrets"
    subject = ["-subj", "/CN=localhost", "-days", "2", "-nodes", "-newkey", "rsa:2048"]
    files = ["-keyout", str(secrets / "tls_key"), "-out", str(secrets / "tls_certificate")]
    subprocess.run(["openssl", "req", "-x509", *subject, *files], check=True, capture_output=True)
    (secrets / "tls_key").chmod(0o600)
    plain, secure = free_port(), free_port()
    override = installation.folder / "compose.override.yaml"
    override.write_text(f'services: {{ frontend-tls: {{ ports: !override ["{plain}:80", "{secure}:443"] }} }}\n')
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    try:
        installation.compose("--profile", "tls", "up", "--detach", "--wait", "frontend-tls")
        assert httpx.get(f"https://127.0.0.1:{secure}/health", verify=trusting).json() == {"status": "ok"}
        workers = installation.compose("exec", "frontend-tls", "sh", "-c", "grep -h Uid /proc/[0-9]*/status")
        assert "101" in workers
    finally:
        installation.compose("--profile", "tls", "rm", "--stop", "--force", "frontend-tls")
        override.unlink()


def test_backup_and_restore_in_compose(installation: Installation) -> None:
    installation.compose("--profile", "backup", "run", "--rm", "backup", "backup")
    installation.compose("--profile", "backup", "run", "--rm", "backup", "backup", "verify", "/backups")
    installation.compose("stop", "backend", "frontend")
    installation.compose("run", "--rm", "migrate", "restore", "/backups", "--replace")
    installation.compose("up", "--detach")
    wait_until(installation.answers)


def test_next_version_and_the_one_before_start_by_tag(installation: Installation) -> None:
    image = "{{.Config.Image}}"
    installation.compose("build", VERSION="next")
    installation.compose("run", "--rm", "migrate", VERSION="next")
    installation.compose("up", "--detach", VERSION="next")
    wait_until(installation.answers)
    assert installation.inspect("backend", image) == "resonant-engine:next"
    installation.compose("up", "--detach", "--no-deps", "backend", "frontend")
    wait_until(installation.answers)
    assert installation.inspect("backend", image) == "resonant-engine:local"
