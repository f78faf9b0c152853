"""compose.yaml, the Dockerfiles and first_run: valid, hardened, without default passwords."""

import json
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from app.database.tuning import GIB, MIB, hnsw_build_bytes, tune, tune_embedded
from app.settings import load_settings
from tests.operations.compose_file import load_compose
from tests.processes import CLEAN_ENVIRONMENT, ROOT

COMPOSE = load_compose()
SERVICES = COMPOSE["services"]
OWN = ("migrate", "backend", "backend-2", "intent-bridge", "message-bridge", "backup")


def test_compose_file_follows_the_specification() -> None:
    specification = json.loads((ROOT / "tests/data/compose-spec.json").read_text())
    problems = [
        f"{'/'.join(map(str, error.path))}: {error.message}"
        for error in Draft7Validator(specification).iter_errors(COMPOSE)
    ]
    assert problems == []


def test_compose_file_has_the_documented_services_and_profiles() -> None:
    always = {name for name, service in SERVICES.items() if "profiles" not in service}
    assert always == {"db", "migrate", "backend", "frontend"}
    # The engine is one process by default; more bridges, each its own process, belong to the profile.
    assert SERVICES["backend"]["command"] == ["run"]
    assert {SERVICES[name]["profiles"][0] for name in ("intent-bridge", "message-bridge", "backend-2")} == {"scale"}
    assert {profile for s in SERVICES.values() for profile in s.get("profiles", [])} == {
        "scale", "monitoring", "backup", "tls",
    }  # fmt: skip
    assert SERVICES["db"]["image"] == "pgvector/pgvector:pg18"
    assert SERVICES["db"]["healthcheck"]["interval"] == "10s"
    assert SERVICES["frontend"]["ports"] == ["127.0.0.1:3000:80"]


def test_every_image_is_built_by_one_service() -> None:
    """Several services that build one tag fail in the image store of containerd."""
    built = [service["image"] for service in SERVICES.values() if "build" in service]
    assert sorted(built) == ["resonant-engine:local", "resonant-frontend:local"]
    for service in SERVICES.values():
        if service["image"].startswith("resonant-engine") and "build" not in service:
            assert service["pull_policy"] == "never"


def test_every_setting_reaches_the_services() -> None:
    for name in OWN:
        assert SERVICES[name]["env_file"] == [{"path": ".env", "required": False}]
        fixed = SERVICES[name]["environment"].keys()
        assert fixed <= {
            "HOST", "PORT", "AUTH_MODE", "LOG_FORMAT", "SERVER_TRUSTED_PROXIES", "DATABASE_START_TIMEOUT",
            "HEALTHCHECK_FAILURES", "BUILD_VERSION", "SERVER_DRAIN_SECONDS", "METRICS_PORT",
            "FRONTEND_PORT", "BACKUP_DESTINATION",
        }  # fmt: skip
    chosen = load_compose({"SERVER_TRUSTED_PROXIES": "10.1.2.3", "LOG_FORMAT": "console"})["services"]
    assert chosen["backend"]["environment"]["SERVER_TRUSTED_PROXIES"] == "172.28.77.0/24,10.1.2.3"
    assert chosen["backend"]["environment"]["LOG_FORMAT"] == "console"
    assert chosen["frontend"]["environment"]["SERVER_TRUSTED_PROXIES"] == "10.1.2.3"


def test_published_ports_are_those_of_this_machine_unless_they_are_set() -> None:
    for name, service in SERVICES.items():
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:") or name == "frontend-tls", (name, port)
    chosen = load_compose({"DB_PORT": "15432", "BACKEND_PORT": "18000", "FRONTEND_PORT": "3001"})["services"]
    ports = [chosen[name]["ports"] for name in ("db", "backend", "frontend")]
    assert ports == [["127.0.0.1:15432:5432"], ["127.0.0.1:18000:8000"], ["3001:80"]]


def test_only_the_engine_and_what_it_needs_have_a_way_out() -> None:
    networks = COMPOSE["networks"]
    masquerade = "com.docker.network.bridge.enable_ip_masquerade"
    assert networks["inside"]["internal"] is True
    assert networks["published"]["driver_opts"] == {masquerade: "false"}
    assert networks["outside"]["driver_opts"] == {masquerade: "true"}
    assert load_compose({"EGRESS": "false"})["networks"]["outside"]["driver_opts"] == {masquerade: "false"}
    out = {name for name, service in SERVICES.items() if "outside" in service["networks"]}
    assert out == {
        "migrate", "backend", "backend-2", "intent-bridge", "message-bridge", "backup", "grafana", "alertmanager",
    }  # fmt: skip


def test_no_service_has_the_socket_of_the_engine() -> None:
    assert "docker.sock" not in (ROOT / "compose.yaml").read_text("utf-8")


@pytest.mark.parametrize("name", SERVICES)
def test_service_has_limits_restart_health_check_and_log_rotation(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"] in ("unless-stopped", "no")
    assert (service["restart"] == "no") == (name == "migrate")
    assert {"max-size", "max-file"} <= service["logging"]["options"].keys()
    assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory", "pids"}
    assert "no-new-privileges:true" in service["security_opt"]
    assert not service.get("privileged")
    if name != "db":  # its image starts as root and drops the rights itself
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
    image = service["image"]
    assert re.search(r":[\w.-]+$", image), f"{image} is not pinned"
    assert not image.endswith(":latest")


def test_services_wait_for_healthy_dependencies() -> None:
    for name in OWN[1:]:
        assert SERVICES[name]["depends_on"]["db"]["condition"] == "service_healthy"
        assert SERVICES[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert SERVICES["frontend"]["depends_on"]["backend"]["condition"] == "service_healthy"


def test_compose_file_contains_no_secret_and_declares_all_secrets() -> None:
    text = (ROOT / "compose.yaml").read_text()
    assert not re.search(r"(?i)(password|secret|key|token)\w*:\s*[\"']?[A-Za-z0-9]{6,}[\"']?\s*$", text, re.MULTILINE)
    for service in SERVICES.values():
        for name, value in (service.get("environment") or {}).items():
            if re.search(r"PASSWORD|SECRET|API_KEY|DATABASE_URL", name):
                assert value == "" or value.startswith("/run/secrets/"), name
        named = {secret if isinstance(secret, str) else secret["source"] for secret in service.get("secrets", [])}
        assert named <= COMPOSE["secrets"].keys()


def test_only_migrate_and_backup_get_the_owner_login() -> None:
    given = {
        name: secret if isinstance(secret, str) else secret["source"]
        for name, service in SERVICES.items()
        for secret in service.get("secrets", [])
        if "database_url" in (secret, *(secret.values() if isinstance(secret, dict) else ()))
    }
    assert given == {
        "migrate": "database_url", "backup": "database_url", "backend": "database_api_url",
        "backend-2": "database_api_url", "intent-bridge": "database_bridge_url",
        "message-bridge": "database_bridge_url",
    }  # fmt: skip


@pytest.mark.parametrize("path", ["app/Dockerfile", "web/Dockerfile"])
def test_image_has_stages_pinned_base_user_and_health_check(path: str) -> None:
    text = (ROOT / path).read_text()
    stages = re.findall(r"^FROM (\S+)( AS \w+)?$", text, re.MULTILINE)
    assert len(stages) >= 2
    for image, _ in stages:
        assert re.search(r":\d+\.\d+\.\d+", image), f"{image} is not pinned"
    users = re.findall(r"^USER (\S+)$", text, re.MULTILINE)
    assert users[-1].isdigit()
    assert users[-1] != "0"
    assert "HEALTHCHECK" in text


def copied(path: str) -> list[str]:
    """The files that a Dockerfile copies from the repository."""
    lines = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / path).read_text(), re.MULTILINE)
    return [source for line in lines for source in line.split()]


@pytest.mark.parametrize("path", ["app/Dockerfile", "web/Dockerfile"])
def test_image_copies_only_existing_files_of_the_build_context(path: str) -> None:
    sent = [line[1:].rstrip("/") for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for source in copied(path):
        assert (ROOT / source).exists(), source
        assert source.split("/")[0] in sent, source


def run_first(folder: Path) -> subprocess.CompletedProcess[str]:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from pathlib import Path; "
        "from app.commands.first_run import main; sys.exit(main(Path.cwd()))"
    )
    # -S -E: without installed packages.
    command = [sys.executable, "-S", "-E", "-c", code]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=CLEAN_ENVIRONMENT)
    assert done.returncode == 0, done.stderr
    return done


def test_first_run_creates_secrets_once_and_settings_for_the_machine(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        run_first(folder)
    password = (first / "secrets/db_password").read_text()
    assert len(password) >= 24
    assert password != (second / "secrets/db_password").read_text()
    assert password in (first / "secrets/database_url").read_text()
    assert stat.S_IMODE((first / "secrets").stat().st_mode) == 0o700
    needed = {Path(secret["file"]).name for secret in COMPOSE["secrets"].values()}
    assert needed - {path.name for path in (first / "secrets").iterdir()} == {"tls_certificate", "tls_key"}
    assert "exists" in run_first(first).stdout
    assert (first / "secrets/db_password").read_text() == password
    variables = dict(
        line.split("=", 1) for line in (first / ".env").read_text().splitlines() if "=" in line and line[0] != "#"
    )
    command = load_compose(variables)["services"]["db"]["command"]
    assert f"shared_buffers={variables['PG_SHARED_BUFFERS']}" in command


def test_environment_takes_precedence_over_secret_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "database_url").write_text("postgresql://from-a-secret/x")
    (tmp_path / "anthropic_api_key").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert load_settings(tmp_path).database_url == "postgresql://from-a-secret/x"
    assert load_settings(tmp_path).anthropic_api_key is None
    monkeypatch.setenv("DATABASE_URL", "postgresql://from-the-environment/x")
    assert load_settings(tmp_path).database_url == "postgresql://from-the-environment/x"


@pytest.mark.parametrize("memory", [512 * MIB, 2 * GIB, 16 * GIB, 256 * GIB])
def test_tuning_follows_the_memory_and_never_exceeds_it(memory: int) -> None:
    tuned = tune(memory, processors=8)
    assert tuned.shared_buffers == memory // 4 if memory <= 64 * GIB else 16 * GIB
    assert tuned.effective_cache_size == memory * 3 // 4
    assert 4 * MIB <= tuned.work_mem <= 128 * MIB
    assert tuned.shared_buffers + tuned.maintenance_work_mem <= memory * 3 // 4
    embedded = tune_embedded(memory, processors=8)
    assert embedded.shared_buffers <= min(256 * MIB, max(memory // 8, 64 * MIB))


def test_small_server_builds_an_hnsw_index_of_100000_vectors_in_memory() -> None:
    assert hnsw_build_bytes(100_000, 512) < tune(2 * GIB, processors=2).maintenance_work_mem


def test_health_check_imports_only_the_standard_library() -> None:
    code = (
        "import sys, app.operations.healthcheck; "
        "print([m for m in sys.modules if m.startswith(('starlette', 'asyncpg', 'pydantic'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def prometheus_targets() -> set[tuple[str, int]]:
    import yaml

    configuration: Any = yaml.safe_load((ROOT / "app/deploy/monitoring/prometheus.yml").read_text())
    found = [entry for job in configuration["scrape_configs"] for entry in job.get("dns_sd_configs", [])]
    return {(name, entry["port"]) for entry in found for name in entry["names"]}


def test_prometheus_scrapes_the_ports_of_the_services() -> None:
    for name, port in prometheus_targets():
        service = SERVICES[name]
        environment = service["environment"]
        assert str(port) in (environment.get("METRICS_PORT"), environment.get("PORT"))
        assert str(port) in service["expose"]
