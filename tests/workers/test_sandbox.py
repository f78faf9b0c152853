"""Commands of a code session under the limits of the kernel."""

import os
import subprocess
from pathlib import Path
from socket import socketpair

import pytest

from app.settings import Settings
from app.workers.intents.code.sandbox import confines, session_program


@pytest.mark.skipif(not confines(), reason="the kernel has no Landlock")
@pytest.mark.parametrize("command", ["echo done", "bash -lc 'echo done'"])
def test_shell_of_a_command_starts_without_complaints(settings: Settings, tmp_path: Path, command: str) -> None:
    """The program gives a socket to its commands; then bash reads the start files of an interactive shell."""
    home, workspace = tmp_path / "home", tmp_path / "workspace"
    home.mkdir()
    workspace.mkdir()
    session_program(workspace, tmp_path, home, "test", settings)
    given, other = socketpair()
    with given, other:
        done = subprocess.run(
            [str(tmp_path / "command"), command],
            stdin=given.fileno(),
            capture_output=True,
            text=True,
            cwd=workspace,
            env={"PATH": os.defpath, "HOME": str(home)},
        )
    assert (done.stdout, done.stderr) == ("done\n", "")
