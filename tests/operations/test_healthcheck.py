"""The health check of the containers ends a process that no longer answers."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.operations import healthcheck
from tests.processes import free_port


def process_table(folder: Path, *, service: int, other: int) -> Path:
    """A directory like /proc in a container: init, the service, and a program that somebody runs in the container."""
    entries = {1: (0, "docker-init"), service: (1, "python\0-m\0app\0serve"), other: (0, "python\0-m\0app\0doctor")}
    for number, (parent, command) in entries.items():
        entry = folder / str(number)
        entry.mkdir(parents=True)
        (entry / "stat").write_text(f"{number} (a name) S {parent} 1 1")
        (entry / "cmdline").write_text(command)
    (folder / "meminfo").write_text("")
    return folder


def sleeping() -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    os.kill(process.pid, signal.SIGSTOP)  # hung: it does not even react to SIGTERM
    return process


@pytest.fixture
def unanswered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", free_port())
    monkeypatch.setenv("HEALTHCHECK_FAILURES", "3")


def test_third_failure_in_a_row_ends_the_service_only(unanswered: None, tmp_path: Path) -> None:
    hung, other = sleeping(), sleeping()
    failures = tmp_path / "failures"
    failures.write_text("0")  # it has answered before
    processes = process_table(tmp_path / "proc", service=hung.pid, other=other.pid)
    try:
        for _ in range(2):
            assert healthcheck.main(failures, processes) == 1
            assert hung.poll() is None
        assert healthcheck.main(failures, processes) == 1
        assert hung.wait(10) == -signal.SIGKILL
        assert other.poll() is None
    finally:
        for process in (hung, other):
            process.kill()
            process.wait()


def test_service_that_never_answered_is_left_to_wait_for_its_database(unanswered: None, tmp_path: Path) -> None:
    starting = sleeping()
    processes = process_table(tmp_path / "proc", service=starting.pid, other=os.getpid())
    try:
        for _ in range(5):
            assert healthcheck.main(tmp_path / "failures", processes) == 1
        assert starting.poll() is None
    finally:
        starting.kill()
        starting.wait()
