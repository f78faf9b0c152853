"""Every instrument by name. The rooms know nothing of them: they are measured from outside, at their ports."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from sql.errors import ResonantError
from sql.pool import Database
from sql.repositories import vital_signs

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
LATENCY = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0)
DURATION = (0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
ATTEMPTS = (1.0, 2.0, 3.0, 4.0, 5.0, 10.0)
MAX_OPERATIONS = 200
OPERATION_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]{0,63}")


class Instruments:
    """What one process counts; a registry of its own, so that tests and processes do not share it."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)

        def counter(name: str, says: str, *labels: str) -> Counter:
            return Counter(f"resonant_{name}", says, labels, registry=registry)

        def gauge(name: str, says: str, *labels: str) -> Gauge:
            return Gauge(f"resonant_{name}", says, labels, registry=registry)

        def histogram(name: str, says: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
            return Histogram(f"resonant_{name}", says, labels, buckets=buckets, registry=registry)

        self.requests = counter(
            "requests_total", "Operations by kind, name and first error code.", "kind", "operation", "code"
        )
        self.request_seconds = histogram("request_seconds", "How long queries and mutations took.", LATENCY, "kind")
        self.http_responses = counter("http_responses_total", "HTTP responses by status.", "status")
        self.sockets = gauge("sockets", "Open WebSockets.")
        self.subscriptions = gauge("subscriptions", "Subscriptions under way.")
        self.deliveries = counter("deliveries_total", "Responses sent to subscribers.")
        self.event_lag = histogram("event_lag_seconds", "From an event's commit until its subscribers got it.", LATENCY)
        self.claims = counter("claims_total", "Pieces of work taken up.", "bridge")
        self.attempts = histogram(
            "claim_attempts", "The how-manieth attempt a piece of work is at.", ATTEMPTS, "bridge"
        )
        self.leases_lost = counter("leases_lost_total", "Claims that somebody else took over.", "bridge")
        self.work_seconds = histogram("work_seconds", "How long a piece of work took.", DURATION, "bridge", "outcome")
        self.model_calls = counter("model_calls_total", "Calls of the model.", "model", "purpose", "outcome")
        self.model_seconds = histogram("model_seconds", "How long the model took.", DURATION, "model", "purpose")
        self.model_tokens = counter(
            "model_tokens_total", "Tokens as the provider counts them.", "model", "purpose", "direction"
        )
        self.model_cost = counter(
            "model_cost_dollars_total", "Cost by MODEL_PRICE_INPUT and MODEL_PRICE_OUTPUT.", "model", "purpose"
        )
        self.pool = gauge("pool_connections", "Connections to the database by state.", "state")
        self.queue_depth = gauge("queue_depth", "Pieces of work by status.", "queue", "status")
        self.queue_oldest = gauge("queue_oldest_seconds", "Age of the oldest of them.", "queue", "status")
        self.embedding_backlog = gauge("embedding_backlog", "Texts that have no vector yet.")
        self.reembedding_left = gauge(
            "reembedding_left", "Texts that only an older model has a vector of, while a newer one is brought in."
        )
        self.bridge_silence = gauge(
            "bridge_silence_seconds", "Since a bridge of this kind was last heard of.", "bridge"
        )
        self.last_activity = gauge("last_activity_timestamp_seconds", "When the last event happened.")
        self.database_size = gauge("database_size_bytes", "Size of the database.")
        self.database_up = gauge("database_up", "Whether the database answered this scrape.")
        self.backup_success = gauge(
            "backup_last_success_timestamp_seconds", "When the last backup ended well; 0 for never."
        )
        self.backup_failed = gauge("backup_last_failed", "1 when the backup that ended last has failed.")
        self.disk_free = gauge("disk_free_bytes", "Free where the data directory lies.")
        self.disk_size = gauge("disk_size_bytes", "Size of the disk where the data directory lies.")
        self.delivered = 0
        """Deliveries since the last scrape: a plain number, because they are the hottest thing that is counted."""
        self._operations: set[str] = set()

    def label_of(self, operation: Any) -> str:
        """The label of an operation of app/graphql."""
        return self.operation_label(operation.name or (operation.node.name.value if operation.node.name else None))

    def operation_label(self, name: str | None) -> str:
        """The name of an operation as a label; clients choose them, so only the first 200 are told apart."""
        if name is None or not OPERATION_NAME.fullmatch(name):
            return "anonymous"
        if name not in self._operations:
            if len(self._operations) >= MAX_OPERATIONS:
                return "other"
            self._operations.add(name)
        return name

    def names(self) -> set[str]:
        """Every series that a scrape may show, with the suffixes of histograms and counters."""
        suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}
        return {
            metric.name + suffix for metric in self.registry.collect() for suffix in suffixes.get(metric.type, ("",))
        }


@dataclass(slots=True)
class Exposition:
    """What one process shows at /metrics."""

    instruments: Instruments
    database: Database
    data_directory: Path

    async def render(self) -> bytes:
        """The text that Prometheus scrapes. A database that is away is shown as such; all else is still there."""
        self._measure_process()
        try:
            async with self.database.connection() as connection:
                signs = await vital_signs.read_vital_signs(connection)
        except ResonantError:
            self.instruments.database_up.set(0)
        else:
            self.instruments.database_up.set(1)
            self._show(signs)
        return generate_latest(self.instruments.registry)

    def _measure_process(self) -> None:
        counted, self.instruments.delivered = self.instruments.delivered, 0
        self.instruments.deliveries.inc(counted)
        pool: Any = self.database.pool
        self.instruments.pool.labels("idle").set(pool.get_idle_size())
        self.instruments.pool.labels("used").set(pool.get_size() - pool.get_idle_size())
        self.instruments.pool.labels("limit").set(pool.get_max_size())
        nearest = next(
            path for path in (self.data_directory.absolute(), *self.data_directory.absolute().parents) if path.exists()
        )
        disk = shutil.disk_usage(nearest)
        self.instruments.disk_free.set(disk.free)
        self.instruments.disk_size.set(disk.total)

    def _show(self, signs: vital_signs.VitalSigns) -> None:
        shown = self.instruments
        # A queue that has emptied must not be shown as it was when it was last seen.
        shown.queue_depth.clear()
        shown.queue_oldest.clear()
        for each in signs.queues:
            shown.queue_depth.labels(each.queue, each.status).set(each.depth)
            shown.queue_oldest.labels(each.queue, each.status).set(each.oldest_seconds)
        for kind, silence in signs.silences.items():
            shown.bridge_silence.labels(kind).set(silence)
        shown.last_activity.set(signs.last_activity)
        shown.database_size.set(signs.database_bytes)
        shown.embedding_backlog.set(signs.embedding_backlog)
        shown.reembedding_left.set(signs.reembedding_left)
        shown.backup_success.set(signs.backup_succeeded_at)
        shown.backup_failed.set(signs.backup_failed)
