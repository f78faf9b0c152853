"""The remote of the Git repository that a directory is in."""

import subprocess
from pathlib import Path

from resolvers.repositories import canonical_repository

SECONDS = 5


def find_remote(directory: Path) -> str | None:
    """The remote `origin` as resolvers/repositories.py stores it; None without one, or without Git."""
    command = ["git", "-C", str(directory), "remote", "get-url", "origin"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True)  # noqa: S603 - no shell
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    return canonical_repository(done.stdout)


def parameters_of(directory: Path) -> dict[str, str]:
    """The parameters of the address of the MCP server that lead to the project of the directory."""
    remote = find_remote(directory)
    return {"directory": str(directory.resolve())} | ({} if remote is None else {"repository": remote})
