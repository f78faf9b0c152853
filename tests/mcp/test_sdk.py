"""The SDK costs memory, so it is loaded by the first request and not before."""

import subprocess
import sys

from tests.processes import ROOT

CHECK = (
    "import sys, app.run; print(sorted(name for name in sys.modules if name.partition('.')[0] in ('mcp', 'mcp_types')))"
)


def test_a_server_that_no_agent_uses_loads_no_sdk() -> None:
    done = subprocess.run([sys.executable, "-c", CHECK], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
