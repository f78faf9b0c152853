"""Container health check: `python -m app.operations.healthcheck`. Imports only the standard library, to be fast.

With HEALTHCHECK_FAILURES=n, the n-th failure in a row ends the process of the container, so that the restart policy of
the engine starts it again: an engine by itself only marks it as unhealthy. A process that has never answered is left
alone, because it may wait for the database.
"""

import os
import signal
import sys
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

FAILURES = Path("/tmp/healthcheck-failures")  # noqa: S108 - in the container's own tmpfs
PROGRAM = b"app"


def main(failures: Path = FAILURES, processes: Path = Path("/proc")) -> int:
    """0 when /health on METRICS_PORT (a bridge) or PORT (the backend) returns 200; otherwise 1."""
    port = os.environ.get("METRICS_PORT") or os.environ.get("PORT") or "8000"
    try:
        with urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as response:
            healthy = response.status == 200
    except (URLError, OSError) as error:
        sys.stderr.write(f"no answer on port {port}: {error}\n")
        healthy = False
    most = int(os.environ.get("HEALTHCHECK_FAILURES") or 0)
    if most:
        _count(healthy, most, failures, processes)
    return 0 if healthy else 1


def _count(healthy: bool, most: int, failures: Path, processes: Path) -> None:
    """Count failures since the last success, and end the hung process at the last one that is accepted."""
    if healthy:
        failures.write_text("0", "ascii")
        return
    if not failures.exists():
        return
    count = int(failures.read_text("ascii") or 0) + 1
    failures.write_text(str(count), "ascii")
    if count >= most:
        failures.unlink()
        for process in _services(processes):
            sys.stderr.write(f"process {process} did not answer {count} times and is ended\n")
            os.kill(process, signal.SIGKILL)


def _services(processes: Path) -> list[int]:
    """The processes that init, which cannot be killed, has started as the command of the container."""
    found = []
    for entry in processes.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = entry.joinpath("stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1]
            words = entry.joinpath("cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if parent == "1" and PROGRAM in words:
            found.append(int(entry.name))
    return found


if __name__ == "__main__":
    sys.exit(main())
