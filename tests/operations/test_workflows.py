"""The GitHub workflows run the local commands with minimal rights."""

import re
import runpy
import subprocess
import sys
from typing import Any

import pytest
import yaml

from tests.processes import ROOT

RELEASE_NOTES = ROOT / ".github/release_notes.py"
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def load(path: Any) -> Any:
    return yaml.safe_load(path.read_text())


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_workflow_has_time_limits_pinned_actions_and_no_credentials(path: Any) -> None:
    workflow = load(path)
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        for step in job["steps"]:
            assert "uses" not in step or re.search(r"@v\d+$", step["uses"])
            if step.get("uses", "").startswith("actions/checkout"):
                assert step["with"]["persist-credentials"] is False
            # Text from a pull request must not become a command.
            assert "${{ github.event" not in step.get("run", "")


def test_workflow_runs_the_local_commands() -> None:
    runs = [
        step["run"]
        for path in WORKFLOWS
        for job in load(path)["jobs"].values()
        for step in job["steps"]
        if "run" in step
    ]
    assert runs.count("bash .ci/run") == 2
    for line in runs:
        if match := re.match(r"python3 -m ([\w.]+)", line):
            assert (ROOT / f"{match[1].replace('.', '/')}.py").exists()
        if match := re.match(r"python3 (\S+\.py)", line):
            assert (ROOT / match[1]).exists()


def test_release_notes_are_one_section_of_the_changelog() -> None:
    notes_of = runpy.run_path(str(RELEASE_NOTES))["notes_of"]
    changelog = (
        "# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2026-01-01\n\n### Added\n\n- This.\n\n## [1.1.0]\n\n- Old.\n"
    )
    assert notes_of("1.2.0", changelog) == "### Added\n\n- This.\n"
    with pytest.raises(LookupError, match="has no notes for 9"):
        notes_of("9", changelog)
    done = subprocess.run([sys.executable, "-S", str(RELEASE_NOTES), "99.0.0"], cwd=ROOT, capture_output=True)
    assert done.returncode == 1
