"""All Prometheus metrics, and the /metrics page. The wrappers in app/instrumentation update them."""

import asyncio
import math
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prometheus_client.metrics import Counter, Gauge, Histogram
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import CollectorRegistry

from sql.errors import ResonantError
from sql.pool import Database
from sql.repositories import operations

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
LATENCY = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0)
DURATION = (0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
ATTEMPTS = (1.0, 2.0, 3.0, 4.0, 5.0, 10.0)
MAX_OPERATIONS = 200
BRIDGES = ("intent", "message")
SILENCE_SECONDS = 15.0
OPERATION_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]{0,63}")


class Instruments:
    """The metrics of one process, in their own registry, so that tests do not share them."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)

        def counter(name: str, description: str, *labels: str) -> Counter:
            return Counter(f"resonant_{name}", description, labels, registry=registry)

        def gauge(name: str, description: str, *labels: str) -> Gauge:
            return Gauge(f"resonant_{name}", description, labels, registry=registry)

        def histogram(name: str, description: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
            return Histogram(f"resonant_{name}", description, labels, buckets=buckets, registry=registry)

        self.requests = counter(
            "requests_total", "GraphQL operations by kind, name and first error code.", "kind", "operation", "code"
        )
        self.request_seconds = histogram(
            "request_seconds", "Duration of queries and mutations by name.", LATENCY, "kind", "operation"
        )
        self.sign_ins = counter("sign_ins_total", "Attempts to sign in by first error code, OK for none.", "code")
        self.http_responses = counter("http_responses_total", "HTTP responses by status code.", "status")
        self.sockets = gauge("sockets", "Open WebSockets.")
        self.subscriptions = gauge("subscriptions", "Active subscriptions.")
        self.deliveries = counter("deliveries_total", "Responses sent to subscribers.")
        self.event_lag = histogram("event_lag_seconds", "Time from an event to its delivery to subscribers.", LATENCY)
        self.claims = counter("claims_total", "Jobs claimed.", "bridge")
        self.attempts = histogram("claim_attempts", "Attempt number of claimed jobs.", ATTEMPTS, "bridge")
        self.leases_lost = counter(
            "leases_lost_total", "Expired leases, whose jobs another worker can claim.", "bridge"
        )
        self.work_seconds = histogram("work_seconds", "Duration of jobs.", DURATION, "bridge", "outcome")
        self.webhook_requests = counter(
            "webhook_requests_total",
            "Requests to webhooks by status code, or by the reason without a response.",
            "result",
        )
        self.webhook_seconds = histogram("webhook_seconds", "Duration of requests to webhooks.", DURATION)
        self.model_calls = counter("model_calls_total", "Model calls.", "model", "purpose", "outcome")
        self.model_seconds = histogram("model_seconds", "Duration of model calls.", DURATION, "model", "purpose")
        self.model_tokens = counter(
            "model_tokens_total", "Tokens as counted by the provider.", "model", "purpose", "direction"
        )
        self.model_cost = counter(
            "model_cost_dollars_total", "Cost by MODEL_PRICE_INPUT and MODEL_PRICE_OUTPUT.", "model", "purpose"
        )
        self.pool = gauge("pool_connections", "Database pool connections by state.", "state")
        self.pool_wait_seconds = gauge("pool_wait_seconds", "Time spent on waiting for connections, since the start.")
        self.pool_refusals = gauge("pool_refusals", "Waits for a connection that ended without one, since the start.")
        self.loop_lag = histogram("event_loop_lag_seconds", "How late the event loop runs what is due.", LATENCY)
        self.build = gauge("build_info", "The version of this process; always 1.", "version")
        self.queue_depth = gauge("queue_depth", "Jobs by queue and status.", "queue", "status")
        self.queue_oldest = gauge(
            "queue_oldest_seconds", "Age of the oldest job by queue and status.", "queue", "status"
        )
        self.embedding_backlog = gauge("embedding_backlog", "Texts without an embedding.")
        self.reembedding_left = gauge("reembedding_left", "Texts that the new embedding model has not embedded yet.")
        self.bridge_silence = gauge(
            "bridge_silence_seconds", "Time since the last heartbeat of a bridge of this kind.", "bridge"
        )
        self.bridge_up = gauge("bridge_up", "1 when a bridge of this kind has sent a heartbeat lately.", "bridge")
        self.last_activity = gauge("last_activity_timestamp_seconds", "Time of the last event.")
        self.database_size = gauge("database_size_bytes", "Size of the database.")
        self.database_up = gauge("database_up", "1 when the database answered this scrape, else 0.")
        self.backup_success = gauge(
            "backup_last_success_timestamp_seconds", "Time of the last successful backup; 0 for none."
        )
        self.backup_failed = gauge("backup_last_failed", "1 when the last backup failed.")
        self.backup_interval = gauge("backup_interval_seconds", "BACKUP_INTERVAL.")
        self.backup_size = gauge("backup_last_size_bytes", "Size of the last successful backup.")
        self.backup_duration = gauge("backup_last_duration_seconds", "Duration of the last successful backup.")
        self.installed = gauge("installed_timestamp_seconds", "Time of the first migration of this database.")
        self.failed_deletions = gauge(
            "object_deletions_failed", "Deleted files whose objects could not be deleted from the object store yet."
        )
        self.disk_free = gauge("disk_free_bytes", "Free bytes on the disk of the data directory.")
        self.disk_size = gauge("disk_size_bytes", "Size of the disk of the data directory.")
        self.delivered = 0
        """Deliveries since the last scrape; a plain integer, because it is updated most often."""
        self._operations: set[str] = set()

    def label_of(self, operation: Any) -> str:
        """The label of an app.graphql.operation.Operation."""
        return self.operation_label(operation.name or (operation.node.name.value if operation.node.name else None))

    def operation_label(self, name: str | None) -> str:
        """The name of an operation as a label. Clients choose names, so only the first 200 get their own label."""
        if name is None or not OPERATION_NAME.fullmatch(name):
            return "anonymous"
        if name not in self._operations:
            if len(self._operations) >= MAX_OPERATIONS:
                return "other"
            self._operations.add(name)
        return name

    def names(self) -> set[str]:
        """The names of all series of a scrape, with the suffixes of histograms and counters."""
        suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}
        return {
            metric.name + suffix for metric in self.registry.collect() for suffix in suffixes.get(metric.type, ("",))
        }


async def watch_event_loop(instruments: Instruments) -> None:
    """Measure once a second how late the event loop runs a task that is due."""
    now = asyncio.get_running_loop().time
    while True:
        due = now() + 1.0
        await asyncio.sleep(1.0)
        instruments.loop_lag.observe(max(now() - due, 0.0))


@dataclass(slots=True)
class Exposition:
    """The /metrics page of one process."""

    instruments: Instruments
    database: Database
    data_directory: Path

    async def render(self) -> bytes:
        """The Prometheus text. When the database is unavailable, only `database_up` shows it."""
        self._update_process()
        try:
            async with self.database.connection() as connection:
                signs = await operations.get_system_metrics(connection)
        except ResonantError:
            self.instruments.database_up.set(0)
        else:
            self.instruments.database_up.set(1)
            self._update(signs)
        from prometheus_client.exposition import generate_latest  # a megabyte, which a service without scrapes saves

        return generate_latest(self.instruments.registry)

    def _update_process(self) -> None:
        delivered, self.instruments.delivered = self.instruments.delivered, 0
        self.instruments.deliveries.inc(delivered)
        pool: Any = self.database.pool
        self.instruments.pool.labels("idle").set(pool.get_idle_size())
        self.instruments.pool.labels("used").set(pool.get_size() - pool.get_idle_size())
        self.instruments.pool.labels("limit").set(pool.get_max_size())
        waits = self.database.waits
        self.instruments.pool_wait_seconds.set(waits.seconds)
        self.instruments.pool_refusals.set(waits.refused)
        existing = next(
            path for path in (self.data_directory.absolute(), *self.data_directory.absolute().parents) if path.exists()
        )
        disk = shutil.disk_usage(existing)
        self.instruments.disk_free.set(disk.free)
        self.instruments.disk_size.set(disk.total)

    def _update(self, signs: operations.SystemMetrics) -> None:
        metrics = self.instruments
        # An empty queue has no row, so its last value must not stay.
        metrics.queue_depth.clear()
        metrics.queue_oldest.clear()
        for each in signs.queues:
            metrics.queue_depth.labels(each.queue, each.status).set(each.depth)
            metrics.queue_oldest.labels(each.queue, each.status).set(each.oldest_seconds)
        metrics.bridge_silence.clear()
        for kind, silence in signs.heartbeat_ages.items():
            metrics.bridge_silence.labels(kind).set(silence)
        # A bridge that was stopped has no heartbeat any more, so its absence is a value of its own.
        for kind in BRIDGES:
            latest = signs.heartbeat_ages.get(kind, math.inf)
            metrics.bridge_up.labels(kind).set(latest <= SILENCE_SECONDS)
        metrics.last_activity.set(signs.last_activity)
        metrics.database_size.set(signs.database_bytes)
        metrics.embedding_backlog.set(signs.embedding_backlog)
        metrics.reembedding_left.set(signs.reembedding_left)
        metrics.backup_success.set(signs.backup_succeeded_at)
        metrics.backup_failed.set(signs.backup_failed)
        metrics.backup_size.set(signs.backup_bytes)
        metrics.backup_duration.set(signs.backup_seconds)
        metrics.installed.set(signs.installed_at)
        metrics.failed_deletions.set(signs.failed_object_deletions)
