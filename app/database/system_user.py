"""As root: the ordinary user under whom PostgreSQL runs, because it refuses to run as root."""

import os
import pwd
import stat
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from app.errors import StartError

NAME = "resonant-db"
PASS_THROUGH = stat.S_IXOTH


@dataclass(frozen=True, slots=True)
class SystemUser:
    uid: int
    gid: int


def server_user(say: Callable[[str], None]) -> SystemUser | None:
    """None unless this process is root; the user is made when it is not there yet."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        _make_user()
        say(f"made the system user {NAME}: PostgreSQL does not run as root")
        entry = pwd.getpwnam(NAME)
    return SystemUser(entry.pw_uid, entry.pw_gid)


def _make_user() -> None:
    command = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/bin/false", NAME]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - fixed arguments
    except (OSError, subprocess.CalledProcessError) as error:
        said = error.stderr.strip() if isinstance(error, subprocess.CalledProcessError) else str(error)
        raise StartError(
            f"PostgreSQL does not run as root, and the system user {NAME} could not be made ({said}); "
            "start as an ordinary user, or set DATABASE_URL."
        ) from None


def open_for_passing_through(paths: Iterable[Path], say: Callable[[str], None]) -> None:
    """Let the server's user pass through every parent folder of these paths, and say which had been closed to it.

    Passing through is all: what such a folder contains stays unlisted and, by its own modes, unreadable.
    """
    opened = []
    for path in paths:
        for folder in (path, *path.parents):
            mode = folder.stat().st_mode
            if not mode & PASS_THROUGH:
                folder.chmod(stat.S_IMODE(mode) | PASS_THROUGH)
                opened.append(str(folder))
    if opened:
        say(f"opened for passing through (chmod o+x), so that the user {NAME} reaches its files: {', '.join(opened)}")
