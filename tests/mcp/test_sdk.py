"""The SDK and the rules of the assistant cost memory, so they are loaded by the first use and not before."""

import subprocess
import sys

from tests.processes import ROOT

DEFERRED = ("mcp", "mcp_types", "app.assistant", "app.models.classification.local", "app.language.times")
CHECK = f"import sys, app.run; print(sorted(set(sys.modules) & {set(DEFERRED)}))"


def test_an_idle_server_has_loaded_neither_the_sdk_nor_the_rules_of_the_assistant() -> None:
    done = subprocess.run([sys.executable, "-c", CHECK], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
