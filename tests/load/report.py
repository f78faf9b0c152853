"""The report of a load test."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from statistics import quantiles


def percentiles(values: list[float]) -> tuple[float, float, float]:
    """p50, p95 and p99."""
    if len(values) < 2:
        return (values[0] if values else 0.0,) * 3
    cuts = quantiles(values, n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98]


@dataclass(slots=True)
class LoadReport:
    """Results; times in seconds. `retried` counts answers that asked for a retry, `failed` all other failures."""

    seconds: float = 0.0
    latencies: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: Counter[str] = field(default_factory=Counter)
    retried: Counter[str] = field(default_factory=Counter)
    written: dict[str, float] = field(default_factory=dict)
    lags: list[float] = field(default_factory=list)
    lost: int = 0
    repeated: int = 0
    resumed: int = 0

    @property
    def requests(self) -> int:
        return sum(map(len, self.latencies.values()))

    @property
    def good(self) -> bool:
        return not self.failed and self.lost == self.repeated == 0

    def lines(self) -> list[str]:
        """The report as text."""
        table = [f"{'request':<14}{'count':>8}{'per second':>11}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}"]
        for name, values in [
            *sorted(self.latencies.items()),
            ("all", [v for vs in self.latencies.values() for v in vs]),
        ]:
            p50, p95, p99 = (1000 * value for value in percentiles(values))
            table.append(
                f"{name:<14}{len(values):>8}{len(values) / self.seconds:>11.1f}{p50:>9.1f}{p95:>9.1f}{p99:>9.1f}"
            )
        p50, p95, p99 = (1000 * value for value in percentiles(self.lags))
        table.append(f"{'event lag':<14}{len(self.lags):>8}{'':>11}{p50:>9.1f}{p95:>9.1f}{p99:>9.1f}")
        table.append(f"retried {self.retried.total()}, sockets resumed {self.resumed}")
        table.append(f"failed {dict(self.failed) or 0}, events lost {self.lost}, repeated {self.repeated}")
        return table
