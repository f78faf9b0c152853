"""Container health check: `python -m app.operations.healthcheck`. Imports only the standard library, to be fast."""

import os
import sys
from urllib.error import URLError
from urllib.request import urlopen


def main() -> int:
    """0 when /health on METRICS_PORT (a bridge) or PORT (the backend) returns 200; otherwise 1."""
    port = os.environ.get("METRICS_PORT") or os.environ.get("PORT") or "8000"
    try:
        with urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as response:
            return 0 if response.status == 200 else 1
    except (URLError, OSError) as error:
        sys.stderr.write(f"no answer on port {port}: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
