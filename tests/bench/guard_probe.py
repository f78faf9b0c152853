"""Asks /health all the time, in a process of its own, and reports the longest wait since it was last asked for it.

python -m tests.bench.guard_probe PORT. Each line on standard input is answered with the longest wait in milliseconds.
"""

import socket
import sys
import threading
from time import perf_counter, sleep

PAUSE_SECONDS = 0.005
REQUEST = b"GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n"
UNREACHABLE_SECONDS = 120


class Probe:
    """The longest wait so far. A request that is still waiting counts as well."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._longest = 0.0
        self._began = perf_counter()

    def run(self) -> None:
        while True:
            self._began = perf_counter()
            # A new connection each time, as a load balancer makes it: accepting is part of the service.
            try:
                with socket.create_connection(("127.0.0.1", self._port), timeout=UNREACHABLE_SECONDS) as connection:
                    connection.sendall(REQUEST)
                    healthy = b" 200 OK" in connection.recv(4096)
            except OSError:
                healthy = False
            waited = perf_counter() - self._began if healthy else UNREACHABLE_SECONDS
            self._longest = max(self._longest, waited)
            sleep(PAUSE_SECONDS)

    def take(self) -> float:
        """The longest wait since the last call, in milliseconds."""
        longest, self._longest = max(self._longest, perf_counter() - self._began - PAUSE_SECONDS), 0.0
        return longest * 1000


def main(port: int) -> None:
    probe = Probe(port)
    threading.Thread(target=probe.run, daemon=True).start()
    for _ in sys.stdin:
        print(f"{probe.take():.3f}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
