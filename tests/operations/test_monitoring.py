"""The configuration of Grafana, Loki and the log shipper, without these programs.

The health checks of compose.yaml run against a fake server; the files are validated against their formats.
"""

import asyncio
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.asgi_server import serve
from tests.node_scripts import run_node
from tests.operations.compose_file import load_compose, without_shell
from tests.operations.test_metrics import MONITORING, PROMTOOL, expressions
from tests.processes import CLEAN_ENVIRONMENT, free_port
from tests.timeouts import TIMEOUT

SERVICES = load_compose()["services"]
DASHBOARDS = [json.loads(path.read_text()) for path in (MONITORING / "grafana/dashboards").glob("*.json")]
PANELS = [panel for dashboard in DASHBOARDS for panel in dashboard["panels"]]
LOGQL = [
    target["expr"] for panel in PANELS if panel["datasource"]["type"] == "loki" for target in panel["targets"]
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "port", "path"),
    [
        ("grafana", 3000, "/api/health"),
        ("loki", 3100, "/ready"),
        ("log-shipper", 12345, "/-/ready"),
        ("alertmanager", 9093, "/-/healthy"),
    ],
)
async def test_container_is_healthy_when_its_program_is(name: str, port: int, path: str) -> None:
    status = 200

    async def answer(request: Request) -> Response:
        return Response("", status)

    stated = without_shell(SERVICES[name]["healthcheck"]["test"])

    async def checked(actual: str) -> int:
        command = [re.sub(rf"([:/]){port}\b", rf"\g<1>{actual}", part) for part in stated]
        assert command != stated
        process = await asyncio.create_subprocess_exec(
            *command, env=CLEAN_ENVIRONMENT, stderr=asyncio.subprocess.DEVNULL
        )
        async with asyncio.timeout(TIMEOUT):
            return await process.wait()

    async with serve(Starlette(routes=[Route(path, answer)])) as url:
        actual = url.rpartition(":")[2]
        assert await checked(actual) == 0
        status = 503
        assert await checked(actual) != 0
    assert await checked(free_port()) != 0


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed (Debian: apt install prometheus)")
def test_dashboard_queries_are_valid_promql(tmp_path: Path) -> None:
    rules = [
        {"record": f"dashboard:{number}", "expr": found}
        for number, found in enumerate(expressions(DASHBOARDS))
    ]  # fmt: skip
    assert len(rules) > 25
    (tmp_path / "rules.yml").write_text(yaml.safe_dump({"groups": [{"name": "dashboards", "rules": rules}]}))
    done = subprocess.run([str(PROMTOOL), "check", "rules", "rules.yml"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


async def test_log_queries_are_valid_logql_with_existing_labels() -> None:
    assert LOGQL
    await run_node("logql.mjs", *LOGQL)
    with pytest.raises(AssertionError, match="is no LogQL"):
        await run_node("logql.mjs", '{project="resonant" | json')
    labels = labels_of_the_shipper()
    for query in LOGQL:
        assert set(re.findall(r"[{,]\s*(\w+)\s*[=!]", query)) <= labels
        assert '| json | level=~"warning|error|critical"' in query


def test_dashboards_use_provisioned_data_sources() -> None:
    [sources] = [yaml.safe_load(path.read_text()) for path in (MONITORING / "grafana/provisioning").glob("data*/*.yml")]
    provisioned = {(source["type"], source["uid"]): source["url"] for source in sources["datasources"]}
    assert {(panel["datasource"]["type"], panel["datasource"]["uid"]) for panel in PANELS} == provisioned.keys()
    assert provisioned["loki", "loki"] == f"http://loki:{loki()['server']['http_listen_port']}"
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)
    [provider] = [
        yaml.safe_load(path.read_text()) for path in (MONITORING / "grafana/provisioning").glob("dash*/*.yml")
    ]
    folders = {volume.split(":")[1] for volume in SERVICES["grafana"]["volumes"]}
    assert {each["options"]["path"] for each in provider["providers"]} <= folders


def loki() -> Any:
    return yaml.safe_load((MONITORING / "loki.yml").read_text())


def test_loki_stores_and_deletes_on_its_writable_volume() -> None:
    configuration = loki()
    assert configuration.keys() <= {
        "auth_enabled", "server", "common", "schema_config", "limits_config", "compactor", "analytics",
    }  # fmt: skip
    written = {
        configuration["common"]["path_prefix"],
        *configuration["common"]["storage"]["filesystem"].values(),
        configuration["compactor"]["working_directory"],
    }
    assert all(f"{path}/".startswith("/loki/") for path in written)
    assert "loki:/loki" in SERVICES["loki"]["volumes"]
    [schema] = configuration["schema_config"]["configs"]
    # Loki 3 does not start with structured metadata, its default, and an older schema.
    assert (schema["store"], schema["schema"]) == ("tsdb", "v13")
    # Without these three settings Loki deletes nothing or does not start.
    assert configuration["limits_config"]["retention_period"].endswith("h")
    assert configuration["compactor"]["retention_enabled"] is True
    assert configuration["compactor"]["delete_request_store"] == schema["object_store"]


# From Alloy's reference: attributes, blocks and exports of the components that are used.
COMPONENTS: dict[str, tuple[set[str], dict[str, set[str]], set[str]]] = {
    "local.file_match": ({"path_targets"}, {}, {"targets"}),
    "loki.source.file": ({"targets", "forward_to"}, {}, set()),
    "loki.process": (
        {"forward_to"},
        {
            "stage.json": {"expressions"},
            "stage.labels": {"values"},
            "stage.match": {"selector", "action"},
            "stage.timestamp": {"source", "format"},
            "stage.output": {"source"},
            "stage.label_drop": {"values"},
        },
        {"receiver"},
    ),
    "loki.write": (set(), {"endpoint": {"url"}}, {"receiver"}),
}
TOKEN = re.compile(r'//[^\n]*|\s+|("(?:[^"\\\n]|\\.)*"|[\w.]+|[{}\[\]=,])')


def parsed(text: str) -> list[Any]:
    """Alloy's syntax: a body is attributes `name = value` and blocks `name "label" { body }`."""
    tokens = [found for found in TOKEN.findall(text) if found]
    assert TOKEN.sub("", text) == ""

    def value() -> Any:
        token = tokens.pop(0)
        if token not in "[{":
            return token
        found: list[Any] = []
        while tokens[0] not in "]}":
            found.append(entry() if token == "{" else value())
            if tokens[0] == ",":
                tokens.pop(0)
        tokens.pop(0)
        return dict(found) if token == "{" else found

    def entry() -> tuple[str, Any]:
        name = tokens.pop(0).strip('"')
        assert tokens.pop(0) == "="
        return name, value()

    def body(end: str) -> list[Any]:
        found: list[Any] = []
        while tokens and tokens[0] != end:
            name = tokens.pop(0)
            assert re.fullmatch(r"[a-z_.]+", name), name
            label = tokens.pop(0) if tokens[0].startswith('"') else None
            opening = tokens.pop(0)
            assert opening in ("=", "{"), name
            found.append((name, label, value() if opening == "=" else body("}")))
        if end:
            assert tokens.pop(0) == end
        return found

    return body("")


def shipper() -> list[Any]:
    return parsed((MONITORING / "alloy.alloy").read_text())


def labels_of_the_shipper() -> set[str]:
    [process] = [inside for name, _, inside in shipper() if name == "loki.process"]
    [labels] = [inside for name, _, inside in process if name == "stage.labels"]
    [(_, _, values)] = labels
    return set(values)


def test_log_shipper_uses_existing_components_and_exports() -> None:
    components = shipper()
    exported = {f"{name}.{label[1:-1]}.{field}" for name, label, _ in components for field in COMPONENTS[name][2]}
    for name, _, inside in components:
        attributes, blocks, _ = COMPONENTS[name]
        for key, label, given in inside:
            assert label is None
            if key in blocks:
                assert {inner for inner, _, _ in given} <= blocks[key]
                continue
            assert key in attributes, f"{name} has no {key}"
            for reference in given if isinstance(given, list) else [given]:
                assert isinstance(reference, dict) or reference.startswith('"') or reference in exported, reference
    pushed = f'"http://loki:{loki()["server"]["http_listen_port"]}/loki/api/v1/push"'
    assert ("loki.write", '"local"', [("endpoint", None, [("url", None, pushed)])]) in components
    # It reads the files of Docker; the driver writes the labels by which the lines of other programs are left out.
    [kept] = [inside for name, _, inside in components if name == "loki.process"]
    [selector] = [given for name, _, inside in kept if name == "stage.match" for key, _, given in inside[:1]]
    assert selector == f'"{{project!=\\"{load_compose()["name"]}\\"}}"'
    for service in SERVICES.values():
        assert service["logging"]["options"]["labels"] == "com.docker.compose.project,com.docker.compose.service"
    command = SERVICES["log-shipper"]["command"]
    assert any(volume.split(":")[1] == command[-1] for volume in SERVICES["log-shipper"]["volumes"])
