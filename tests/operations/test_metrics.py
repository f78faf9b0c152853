"""Metrics, logs and traces of the running system, and the dashboards and alerts that use them."""

import asyncio
import json
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.instrumentation.workers import InstrumentedCalls, Prices, instrumented_models
from app.memory.extraction.claude import extract
from app.models.factory import build_models
from app.observability.metrics import MAX_OPERATIONS, Exposition, Instruments
from app.observability.tracing import Tracer
from app.workers.intents.contradictions.ports import Candidate, record_of_decision
from app.workers.intents.worker import build_judge
from sql.errors import TimedOut
from sql.pool import Database
from tests.asgi_server import serve
from tests.bench.socket_client import socket_client
from tests.fakes.messages_api import MessagesApi, Scripted, messages_api
from tests.gate.pairs import make_decision
from tests.models.conftest import settings_for
from tests.processes import ROOT, free_port, program, wait_until_ready
from tests.timeouts import TIMEOUT

MONITORING = ROOT / "app/deploy/monitoring"
SEND = 'mutation Say { sendMessage(input: {content: "please write the tests"}) { reply { id } } }'
FOLLOW = "subscription Follow { messageChanged { cursor } }"
TRACE = "0af7651916cd43dd8448eb211c80319c"


class Scraped:
    """The samples of one scrape."""

    def __init__(self, text: str) -> None:
        self.samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]

    def value(self, name: str, **labels: str) -> float:
        """The sum of the samples with these labels."""
        return sum(s.value for s in self.samples if s.name == name and labels.items() <= s.labels.items())


@pytest.fixture
async def api() -> AsyncIterator[MessagesApi]:
    async with messages_api() as running:
        yield running


def claude(api: MessagesApi) -> dict[str, str]:
    return {"ANTHROPIC_API_KEY": "sk-local", "ANTHROPIC_BASE_URL": api.url, "ANTHROPIC_MODEL": "local-model"}


@asynccontextmanager
async def services(database_url: str, **environment: str) -> AsyncIterator[tuple[str, str, dict[str, Any]]]:
    """Backend and message bridge as processes: address, address of the metrics of the bridge, both programs."""
    port, metrics = free_port(), free_port()
    shared = {"DATABASE_URL": database_url, **environment}
    async with (
        program("serve", PORT=port, **shared) as backend,
        program("message-bridge", METRICS_PORT=metrics, **shared) as bridge,
        program("intent-bridge", **shared),
    ):
        url = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(base_url=url) as client:
            await wait_until_ready(client)
        yield url, f"http://127.0.0.1:{metrics}", {"backend": backend, "bridge": bridge}


async def scrape(url: str) -> Scraped:
    async with httpx.AsyncClient() as client:
        response = await client.get(f"{url}/metrics")
    assert response.status_code == 200, response.text
    return Scraped(response.text)


async def until(url: str, name: str, value: float, **labels: str) -> Scraped:
    """The first scrape in which the series has reached the value."""
    async with asyncio.timeout(TIMEOUT):
        while (scraped := await scrape(url)).value(name, **labels) < value:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    return scraped


async def test_each_process_counts_its_own_work(database_url: str, api: MessagesApi) -> None:
    prices = {"MODEL_PRICE_INPUT": "3", "MODEL_PRICE_OUTPUT": "15"}
    async with services(database_url, **claude(api), **prices) as (backend, bridge, _), httpx.AsyncClient() as client:
        async with socket_client(backend) as socket:
            following = await socket.begin(FOLLOW)
            await asyncio.sleep(0.3)
            await client.post(f"{backend}/graphql", json={"query": SEND})
            await socket.next(following)
            during = await scrape(backend)
            assert during.value("resonant_sockets") == 1
            assert during.value("resonant_subscriptions") == 1
        await client.post(f"{backend}/graphql", json={"query": "{ nothing }"})
        await client.post(f"{backend}/graphql", json={"query": '{ message(id: "none") { id } }'})
        worked = await until(bridge, "resonant_work_seconds_count", 1, bridge="message", outcome="done")
        after = await scrape(backend)
    assert after.value("resonant_requests_total", kind="mutation", operation="Say", code="OK") == 1
    assert after.value("resonant_requests_total", kind="refused") == 1
    assert after.value("resonant_requests_total", kind="query", operation="anonymous", code="NOT_FOUND") == 1
    assert after.value("resonant_requests_total", kind="subscription", operation="Follow", code="OK") == 1
    assert after.value("resonant_request_seconds_count", kind="mutation", operation="Say") == 1
    assert after.value("resonant_build_info", version="local") == 1
    assert after.value("resonant_installed_timestamp_seconds") > 1_700_000_000
    assert after.value("resonant_backup_interval_seconds") == 86400
    assert after.value("resonant_deliveries_total") >= 1
    assert after.value("resonant_event_lag_seconds_count") >= 1
    assert 0 < after.value("resonant_event_lag_seconds_sum") < 60
    assert after.value("resonant_subscriptions") == after.value("resonant_sockets") == 0
    assert after.value("resonant_pool_connections", state="limit") == 10
    assert after.value("resonant_last_activity_timestamp_seconds") > 1_700_000_000
    assert after.value("resonant_database_size_bytes") > 1_000_000
    assert after.value("resonant_bridge_silence_seconds", bridge="message") < 60
    assert worked.value("resonant_claims_total", bridge="message") == 1
    assert worked.value("resonant_claim_attempts_sum", bridge="message") == 1
    assert worked.value("resonant_model_calls_total", model="local-model", purpose="reply", outcome="done") == 2
    for purpose in ("reply",):
        read = worked.value("resonant_model_tokens_total", purpose=purpose, direction="input")
        written = worked.value("resonant_model_tokens_total", purpose=purpose, direction="output")
        assert read > 0
        assert written > 0
        cost = worked.value("resonant_model_cost_dollars_total", purpose=purpose)
        assert cost == pytest.approx((3 * read + 15 * written) / 1e6)


async def test_model_calls_are_counted_by_purpose(api: MessagesApi) -> None:
    instruments = Instruments()
    calls = InstrumentedCalls(instruments, Tracer(), Prices(3, 15))
    models = instrumented_models(build_models(settings_for(api.url), calls=calls), calls)
    now = datetime(2026, 11, 24, tzinfo=UTC)
    await models.classifier.classify_intent("write the tests", (), now)
    record = record_of_decision(
        make_decision(kind="choice", title="Which database?", topic="database", chosen="PostgreSQL")
    )
    await build_judge(models).judge(Candidate("Store the orders in MySQL", "task"), [record])
    await extract(models.assistant, "I prefer tabs", [])
    api.script_structured(Scripted(status=529))
    await models.classifier.classify_intent("write more tests", (), now)  # local rules
    with models.calls.call("local-model", "code") as used:
        used({"input_tokens": 10, "output_tokens": 20})
    await models.assistant.close()
    counted = Scraped(generate_latest(instruments.registry).decode())
    for purpose, outcome, times in (
        ("classification", "done", 1), ("classification", "failed", 1), ("contradictions", "done", 1),
        ("memory", "done", 1), ("code", "done", 1),
    ):  # fmt: skip
        made = counted.value("resonant_model_calls_total", model="local-model", purpose=purpose, outcome=outcome)
        assert (purpose, outcome, made) == (purpose, outcome, times)
        assert counted.value("resonant_model_tokens_total", purpose=purpose, direction="input") > 0
    assert counted.value("resonant_model_calls_total") == 5
    assert counted.value("resonant_model_cost_dollars_total", purpose="code") == pytest.approx(330e-6)


async def test_bridge_that_was_stopped_in_order_is_reported(database_url: str) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    async with program("serve", DATABASE_URL=database_url, PORT=port), httpx.AsyncClient(base_url=url) as client:
        await wait_until_ready(client, "/health")
        assert (await scrape(url)).value("resonant_bridge_up", bridge="message") == 0  # never started
        async with program("message-bridge", DATABASE_URL=database_url) as bridge:
            running = await until(url, "resonant_bridge_up", 1, bridge="message")
            assert running.value("resonant_bridge_up", bridge="intent") == 0
            assert await bridge.stop() == 0
        stopped = await scrape(url)
    assert stopped.value("resonant_bridge_up", bridge="message") == 0
    assert "bridge_silence" not in "".join(each.name for each in stopped.samples)


async def test_waits_for_connections_and_refusals_are_counted(database: Database) -> None:
    exposition = Exposition(Instruments(), database, Path.cwd())
    async with AsyncExitStack() as held:
        for _ in range(database.pool.get_max_size()):
            await held.enter_async_context(database.connection())
        with pytest.raises(TimedOut):
            await held.enter_async_context(database.connection())
    await exposition.render()
    counted = Scraped(generate_latest(exposition.instruments.registry).decode())
    assert counted.value("resonant_pool_refusals") == 1
    assert counted.value("resonant_pool_wait_seconds") > 0


async def test_attempts_to_sign_in_are_counted_by_result(database_url: str) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    wrong = 'mutation { signIn(input: {name: "nobody", password: "a wrong password"}) { userId } }'
    token_mode = {"AUTH_MODE": "token", "PORT": port}
    async with program("serve", DATABASE_URL=database_url, **token_mode), httpx.AsyncClient(base_url=url) as client:
        await wait_until_ready(client, "/health")
        refused = (await client.post("/graphql", json={"query": wrong})).json()
        code = refused["errors"][0]["extensions"]["code"]
        assert (await scrape(url)).value("resonant_sign_ins_total", code=code) == 1


async def test_queue_depth_and_age_are_reported(database_url: str) -> None:
    port = free_port()
    async with program("serve", DATABASE_URL=database_url, PORT=port), httpx.AsyncClient() as client:
        url = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(base_url=url) as probe:
            await wait_until_ready(probe, "/health")
        for _ in range(3):
            await client.post(f"{url}/graphql", json={"query": SEND})
        waiting = await scrape(url)
        assert waiting.value("resonant_queue_depth", queue="replies", status="pending") == 3
        assert waiting.value("resonant_queue_oldest_seconds", queue="replies", status="pending") > 0
        assert waiting.value("resonant_embedding_backlog") >= 3
        async with program("message-bridge", DATABASE_URL=database_url):
            async with asyncio.timeout(TIMEOUT):
                while (await scrape(url)).value("resonant_queue_depth", queue="replies") > 0:  # noqa: ASYNC110
                    await asyncio.sleep(0.1)


def test_number_of_operation_labels_is_bounded() -> None:
    instruments = Instruments()
    labels = {instruments.operation_label(f"Name{number}") for number in range(MAX_OPERATIONS + 50)}
    assert len(labels) == MAX_OPERATIONS + 1
    assert instruments.operation_label("Name1") == "Name1"
    assert instruments.operation_label("x" * 65) == instruments.operation_label("a b") == "anonymous"


def test_no_cost_without_prices() -> None:
    assert Prices(None, 15).cost(10, 10) is None
    assert Prices(3, 15).cost(1_000_000, 2_000_000) == 33


def expressions(node: Any) -> list[str]:
    """Every PromQL expression in a dashboard."""
    if isinstance(node, list):
        return [found for each in node for found in expressions(each)]
    if not isinstance(node, dict):
        return []
    if node.get("datasource", {}).get("type") == "loki":
        return []
    own = [node["expr"]] if "expr" in node else []
    return own + [found for value in node.values() for found in expressions(value)]


def test_every_metric_in_the_dashboards_and_alerts_exists() -> None:
    known = Instruments().names() | {"up", "process_resident_memory_bytes", "process_cpu_seconds_total"}
    used = [
        found
        for path in (MONITORING / "grafana/dashboards").glob("*.json")
        for found in expressions(json.loads(path.read_text()))
    ]
    rules = (MONITORING / "alerts.yml").read_text()
    names = set(re.findall(r"\b(?:resonant|process)_[a-z_]+", "\n".join([*used, rules])))
    assert len(names) > 20
    assert names <= known, names - known
    # Every exported metric is used.
    shown = {re.sub(r"_(bucket|sum|count)$", "", name) for name in names}
    measured = {
        re.sub(r"_(bucket|sum|count)$", "", name) for name in Instruments().names() if name.startswith("resonant")
    }
    assert measured <= shown, measured - shown


PROMTOOL = shutil.which("promtool")


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed (Debian: apt install prometheus)")
@pytest.mark.parametrize(
    "arguments",
    [("check", "config", "prometheus.yml"), ("check", "rules", "alerts.yml"), ("test", "rules", "alerts_test.yml")],
)
def test_promtool_accepts_the_files_and_alerts_fire_in_time(arguments: tuple[str, ...], tmp_path: Path) -> None:
    shutil.copytree(MONITORING, tmp_path, dirs_exist_ok=True)
    configuration = tmp_path / "prometheus.yml"
    (tmp_path / "metrics_token").write_text("secret")  # promtool checks that the file exists
    configuration.write_text(configuration.read_text().replace("/run/secrets/", f"{tmp_path}/"))
    done = subprocess.run([str(PROMTOOL), *arguments], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_has_a_test() -> None:
    alerts = set(re.findall(r"- alert: (\w+)", (MONITORING / "alerts.yml").read_text()))
    tested = re.findall(
        r"alertname: (\w+)\n +eval_time: \w+\n +exp_alerts:\n", (MONITORING / "alerts_test.yml").read_text()
    )
    assert alerts == set(tested)


@asynccontextmanager
async def collector() -> AsyncIterator[tuple[str, list[Any]]]:
    """An OTLP/HTTP server: its address and the received spans."""
    spans: list[Any] = []

    async def take(request: Request) -> Response:
        message = ExportTraceServiceRequest.FromString(await request.body())
        spans.extend(span for r in message.resource_spans for scope in r.scope_spans for span in scope.spans)
        return Response(b"", media_type="application/x-protobuf")

    async with serve(Starlette(routes=[Route("/v1/traces", take, methods=["POST"])])) as url:
        yield url, spans


async def test_trace_covers_caller_sql_bridge_and_model_and_is_logged(database_url: str, api: MessagesApi) -> None:
    async with collector() as (traces_to, spans):
        environment = {**claude(api), "TRACES_URL": traces_to, "LOG_FORMAT": "json", "LOG_LEVEL": "debug"}
        async with services(database_url, **environment) as (backend, _, programs):
            async with httpx.AsyncClient(headers={"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}) as client:
                said = await client.post(f"{backend}/graphql", json={"query": SEND}, headers={"x-request-id": "mine-1"})
            assert said.headers["x-request-id"] == "mine-1"
            wanted = {"request", "mutation Say", "message bridge", "model local-model"}
            async with asyncio.timeout(TIMEOUT):
                while not wanted <= {span.name for span in spans if span.trace_id.hex() == TRACE}:  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
        logged = [json.loads(line) for line in programs["backend"].output.splitlines() if line.startswith("{")]
    ours = {span.span_id: span for span in spans if span.trace_id.hex() == TRACE}
    inserts = [span for span in ours.values() if "INSERT INTO conversation" in span.name]
    assert ours[inserts[0].parent_span_id].name == "mutation Say"
    # The intent that the message created may have called the model too.
    called = [span for span in ours.values() if span.name == "model local-model"]
    callers = {ours[span.parent_span_id].name for span in called if span.parent_span_id in ours}
    assert "message bridge" in callers
    assert callers <= {"message bridge", "intent bridge"}
    assert not any("please write" in str(span) for span in ours.values())
    [line] = [each for each in logged if each.get("operation") == "Say" and each["event"] == "operation"]
    assert line["request"] == "mine-1"
    assert line["trace"] == TRACE
    assert line["user"] == "owner"


async def test_request_id_with_unsafe_characters_is_replaced(database_url: str) -> None:
    port = free_port()
    address = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}")
    async with program("serve", DATABASE_URL=database_url, PORT=port), address as client:
        await wait_until_ready(client, "/health")
        response = await client.get("/health", headers={"x-request-id": 'a" level=error'})
    assert re.fullmatch(r"[0-9a-f]{32}", response.headers["x-request-id"])


def test_monitoring_files_contain_no_external_host() -> None:
    for path in MONITORING.rglob("*.*"):
        for url in re.findall(r"https?://([\w.-]+)", path.read_text()):
            assert url in {"prometheus", "loki"}, f"{path.name}: {url}"
    assert Path(MONITORING / "grafana/provisioning/datasources/sources.yml").exists()
