"""Container health check: `python -m app.operations.healthcheck`. It imports only fast modules."""

import os
import sys
from urllib.error import URLError
from urllib.request import urlopen


def main() -> int:
    """0 when /health of the backend, or of a bridge's METRICS_PORT, says so; else 1 and why."""
    port = os.environ.get("METRICS_PORT") or os.environ.get("PORT") or "8000"
    try:
        with urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as response:
            return 0 if response.status == 200 else 1
    except (URLError, OSError) as error:
        sys.stderr.write(f"nothing answers on port {port}: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
