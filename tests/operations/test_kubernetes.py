"""The Kubernetes files are valid, with and without the overlay, and consistent with compose."""

import copy
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from jsonschema import Draft7Validator

from app.database.embedded import EmbeddedDatabase
from app.database.tuning import GIB, tune
from app.observability.metrics import Instruments
from tests.logins import PASSWORD, as_login
from tests.operations.compose_file import load_compose
from tests.operations.test_ownership import connected, create_database_of
from tests.processes import ROOT, run_to_completion

FOLDER = ROOT / "app/deploy/kubernetes"
KUBERNETES = "1.33"
ELSEWHERE = {
    "postgresql.cnpg.io/v1", "barmancloud.cnpg.io/v1", "monitoring.coreos.com/v1", "kustomize.config.k8s.io/v1beta1",
}  # fmt: skip
KUBECTL = shutil.which("kubectl")


def only(required: str, **properties: Any) -> Any:
    """A schema of an object with exactly these fields; the named ones are required."""
    return {
        "type": "object", "properties": properties, "required": required.split(), "additionalProperties": False,
    }  # fmt: skip


TEXT = {"type": "string", "minLength": 1}
KEY = only("name key", name=TEXT, key=TEXT)
# The fields used here, as CloudNativePG (postgresql.cnpg.io/v1) defines them.
OPERATOR = {
    "Cluster": only(
        "instances",
        instances={"type": "integer", "minimum": 1},
        imageName=TEXT,
        bootstrap=only(
            "initdb",
            initdb=only("", database=TEXT, owner=TEXT, postInitApplicationSQL={"type": "array", "items": TEXT}),
        ),
        postgresql=only("", parameters={"type": "object", "additionalProperties": {"type": "string"}}),
        resources={"type": "object"},
        storage=only("", size=TEXT),
        plugins={
            "type": "array",
            "items": only(
                "name",
                name={"const": "barman-cloud.cloudnative-pg.io"},
                isWALArchiver={"type": "boolean"},
                parameters=only("barmanObjectName", barmanObjectName=TEXT, serverName=TEXT),
            ),
        },
    ),
    "ObjectStore": only(
        "configuration",
        retentionPolicy={"type": "string", "pattern": "^[1-9][0-9]*[dwm]$"},
        configuration=only(
            "destinationPath",
            destinationPath=TEXT,
            s3Credentials=only("", accessKeyId=KEY, secretAccessKey=KEY),
            wal=only("", compression={"enum": ["bzip2", "gzip", "lz4", "snappy", "xz", "zstd"]}),
        ),
    ),
    "PodMonitor": only(
        "selector podMetricsEndpoints",
        selector={"type": "object"},
        podMetricsEndpoints={
            "type": "array",
            "items": only("port", port=TEXT, path=TEXT, interval=TEXT, authorization=only("", credentials=KEY)),
        },
    ),
    "ScheduledBackup": only(
        "cluster schedule",
        schedule={"type": "string", "pattern": "^(\\S+ ){5}\\S+$"},  # with seconds
        backupOwnerReference={"enum": ["none", "self", "cluster"]},
        cluster=only("name", name=TEXT),
        method={"enum": ["barmanObjectStore", "volumeSnapshot", "plugin"]},
        pluginConfiguration=only("name", name=TEXT),
    ),
}
Resource = dict[str, Any]


def resources_in(path: Path) -> list[Resource]:
    return [document for document in yaml.safe_load_all(path.read_text("utf-8")) if document]


def listed(folder: str) -> list[Resource]:
    """The files listed in a kustomization."""
    [kustomization] = resources_in(FOLDER / folder / "kustomization.yaml")
    files = [name for name in kustomization["resources"] if name.endswith(".yaml")]
    return [resource for name in files for resource in resources_in(FOLDER / folder / name)]


def merged(base: Any, patch: Any) -> Any:
    """A strategic merge: objects by key, lists of named objects by name, other lists as a whole."""
    if isinstance(base, dict) and isinstance(patch, dict):
        return {key: merged(base.get(key), patch[key]) if key in patch else base[key] for key in {**base, **patch}}
    if isinstance(base, list) and isinstance(patch, list) and all("name" in each for each in [*base, *patch]):
        changes = {each["name"]: each for each in patch}
        kept = [merged(each, changes.pop(each["name"], {})) for each in base]
        return [*kept, *changes.values()]
    return copy.deepcopy(base if patch is None else patch)


def key_of(resource: Resource) -> tuple[str, str]:
    return resource["kind"], resource["metadata"].get("name") or resource["metadata"]["generateName"].rstrip("-")


def production() -> list[Resource]:
    [kustomization] = resources_in(FOLDER / "production/kustomization.yaml")
    built = {key_of(resource): resource for resource in [*listed("base"), *listed("production")]}
    for entry in kustomization["patches"]:
        for patch in resources_in(FOLDER / "production" / entry["path"]):
            assert key_of(patch) in built, f"{entry['path']} changes nothing that there is"
            built[key_of(patch)] = merged(built[key_of(patch)], patch)
    return list(built.values())


@pytest.mark.parametrize(
    "resource",
    [*listed("base"), *listed("migrate"), *listed("monitoring"), *production()],
    ids=lambda r: "-".join(key_of(r)),
)
def test_resource_is_valid(resource: Resource) -> None:
    if resource["apiVersion"] in ELSEWHERE:
        if resource["kind"] in OPERATOR:
            Draft7Validator(OPERATOR[resource["kind"]]).validate(resource["spec"])
        return
    kubernetes_validate.validate(resource, KUBERNETES, strict=True)


def test_every_file_is_listed() -> None:
    for folder in ("base", "production", "migrate"):
        [kustomization] = resources_in(FOLDER / folder / "kustomization.yaml")
        named = {*kustomization["resources"], *(entry["path"] for entry in kustomization.get("patches", []))}
        assert {path.name for path in (FOLDER / folder).glob("*.yaml")} - {"kustomization.yaml"} == named - {"../base"}


def test_kubectl_builds_the_same_resources() -> None:
    if KUBECTL is None:
        return  # the merge above is tested instead
    done = subprocess.run([KUBECTL, "kustomize", FOLDER / "production"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    built = {key_of(each) for each in yaml.safe_load_all(done.stdout)}
    assert built == {key_of(each) for each in production()}
    for resource in yaml.safe_load_all(done.stdout):
        if resource["apiVersion"] not in ELSEWHERE:
            kubernetes_validate.validate(resource, KUBERNETES, strict=True)


def pods() -> dict[str, Resource]:
    resources = [*production(), *listed("migrate")]
    found = {key_of(r)[1]: r["spec"]["template"] for r in resources if r["kind"] in ("Deployment", "Job")}
    assert found.keys() == {"backend", "frontend", "intent-bridge", "message-bridge", "migrate", "redis"}
    return found


@pytest.mark.parametrize("name", sorted(pods()))
def test_pod_runs_without_root_and_with_a_read_only_file_system(name: str) -> None:
    pod = pods()[name]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["automountServiceAccountToken"] is False
    for container in pod["containers"]:
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"].keys() == {"requests", "limits"}
        if name != "migrate":
            assert "readinessProbe" in container


def test_commands_ports_and_users_match_compose_and_images() -> None:
    services = load_compose()["services"]
    for name in ("migrate", "backend", "intent-bridge", "message-bridge"):
        [container] = pods()[name]["spec"]["containers"]
        assert container["args"] == (["serve"] if name == "backend" else services[name]["command"])
        user = re.findall(r"^USER (\d+)$", (ROOT / "app/Dockerfile").read_text("utf-8"), re.MULTILINE)[-1]
        assert str(pods()[name]["spec"]["securityContext"]["runAsUser"]) == user


def scalers() -> dict[str, Resource]:
    found = [each["spec"] for each in production() if each["kind"] == "HorizontalPodAutoscaler"]
    return {each["scaleTargetRef"]["name"]: each for each in found}


def test_autoscaled_deployments_state_no_replicas() -> None:
    for resource in production():
        if resource["kind"] == "Deployment":
            assert ("replicas" in resource["spec"]) == (resource["metadata"]["name"] not in scalers())


def test_connections_of_all_replicas_fit_into_the_database() -> None:
    [settings] = [r["data"] for r in production() if key_of(r) == ("ConfigMap", "resonant-settings")]
    [cluster] = [r for r in production() if r["kind"] == "Cluster"]
    processes = sum(each["maxReplicas"] for each in scalers().values())
    # Two connections of the bus per process; some are for the migration, the operator and replicas.
    needed = processes * (int(settings["DATABASE_POOL_MAX_SIZE"]) + 2)
    assert needed + 30 <= int(cluster["spec"]["postgresql"]["parameters"]["max_connections"])


def test_nginx_asks_for_the_complete_name_of_the_backend() -> None:
    [container] = pods()["frontend"]["spec"]["containers"]
    names = [each["name"] for each in container["env"]]
    given = {each["name"]: each for each in container["env"]}
    assert given["BACKEND_HOST"]["value"] == "backend.$(NAMESPACE).svc.cluster.local"
    assert names.index("NAMESPACE") < names.index("BACKEND_HOST")  # a variable uses only those before it
    assert given["NAMESPACE"]["valueFrom"] == {"fieldRef": {"fieldPath": "metadata.namespace"}}
    assert "${BACKEND_HOST:-backend}" in (ROOT / "web/nginx/start.sh").read_text("utf-8")


def test_engine_reaches_the_services_that_its_settings_name() -> None:
    policies = {r["metadata"]["name"]: r["spec"] for r in production() if r["kind"] == "NetworkPolicy"}
    [reached] = policies["way-out"]["podSelector"]["matchExpressions"]
    assert {"backend", "intent-bridge", "message-bridge"} <= set(reached["values"])
    ports = {port["port"] for rule in policies["way-out"]["egress"] for port in rule["ports"]}
    assert ports == {443, 4318}


def test_alerts_of_the_operator_are_those_of_compose() -> None:
    [rule] = [each for each in listed("monitoring") if each["kind"] == "PrometheusRule"]
    own = {"DatabaseVolumeFills"}
    [group] = rule["spec"]["groups"]
    [compose] = yaml.safe_load((ROOT / "app/deploy/monitoring/alerts.yml").read_text("utf-8"))["groups"]
    assert [each for each in group["rules"] if each["alert"] not in own] == [
        each for each in compose["rules"] if each["alert"] != "DiskFull"
    ]
    assert {each["alert"] for each in group["rules"]} > own


def test_selectors_match_pods_and_budgets_keep_one() -> None:
    labels = [pod["metadata"]["labels"] for pod in pods().values()]
    for resource in production():
        selector = resource.get("spec", {}).get("selector")
        if resource["kind"] in ("Service", "PodDisruptionBudget"):
            wanted = selector.get("matchLabels", selector)
            assert any(wanted.items() <= each.items() for each in labels), key_of(resource)
    for resource in production():
        if resource["kind"] == "PodDisruptionBudget":
            assert resource["spec"]["maxUnavailable"] == 1  # also right for one replica


def test_autoscaling_uses_metrics_that_exist() -> None:
    known = Instruments().names()
    for resource in production():
        if resource["kind"] != "HorizontalPodAutoscaler":
            continue
        for metric in resource["spec"]["metrics"]:
            source = metric.get("pods") or metric.get("external")
            assert source is None or source["metric"]["name"] in known


def test_database_settings_follow_its_memory() -> None:
    [cluster] = [each for each in production() if each["kind"] == "Cluster"]
    assert cluster["spec"]["resources"]["limits"]["memory"] == "8Gi"
    tuned = tune(8 * GIB, processors=2).options()
    assert {name: tuned[name] for name in tuned.keys() & cluster["spec"]["postgresql"]["parameters"].keys()} == {
        name: value for name, value in cluster["spec"]["postgresql"]["parameters"].items() if name != "jit"
    }
    assert cluster["spec"]["instances"] >= 3


def secrets_of(name: str) -> dict[str, tuple[str, str]]:
    """The variables of a pod that come from secrets, with name and key."""
    [container] = pods()[name]["spec"]["containers"]
    given = {each["name"]: each["valueFrom"]["secretKeyRef"] for each in container["env"] if "valueFrom" in each}
    return {variable: (secret["name"], secret["key"]) for variable, secret in given.items()}


async def test_migration_creates_service_logins_in_a_cloudnativepg_database(
    untouched: EmbeddedDatabase,
) -> None:
    [cluster] = [each for each in production() if each["kind"] == "Cluster"]
    begun = cluster["spec"]["bootstrap"]["initdb"]
    owner = await create_database_of(untouched, f"{begun['owner']} LOGIN PASSWORD '{PASSWORD}'")
    async with connected(untouched.dsn("application")) as admin:
        for statement in begun["postInitApplicationSQL"]:
            await admin.execute(statement)
    kept = {
        ("resonant-postgres-app", "uri"): owner,
        ("resonant-logins", "database_api_url"): as_login(owner, "resonant_backend"),
        ("resonant-logins", "database_bridge_url"): as_login(owner, "resonant_bridges"),
    }
    code, said = await run_to_completion(
        "migrate", **{name: kept[secret] for name, secret in secrets_of("migrate").items()}
    )
    assert code == 0, said
    assert "the tables belong to resonant_owner" in said
    for name, role in {
        "backend": "resonant_api", "intent-bridge": "resonant_bridge", "message-bridge": "resonant_bridge",
    }.items():  # fmt: skip
        async with connected(kept[secrets_of(name)["DATABASE_URL"]]) as service:
            assert await service.fetchval("SELECT pg_has_role($1, 'MEMBER')", role)
            assert await service.fetchval("SELECT row_security_active('messages')")
            assert not await service.fetchval("SELECT pg_has_role('resonant_owner', 'MEMBER')")
