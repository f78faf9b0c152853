"""The system user that runs PostgreSQL when this process is root, because PostgreSQL refuses to run as root."""

import os
import pwd
import stat
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from app.errors import StartError

NAME = "resonant-db"
TRAVERSE = stat.S_IXOTH


@dataclass(frozen=True, slots=True)
class SystemUser:
    """Numeric ids of a system user."""

    uid: int
    gid: int


def server_user(say: Callable[[str], None]) -> SystemUser | None:
    """The system user for the server, created when missing; None unless this process is root.

    Raises StartError.
    """
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        _create_user()
        say(f"created the system user {NAME}: PostgreSQL does not run as root")
        entry = pwd.getpwnam(NAME)
    return SystemUser(entry.pw_uid, entry.pw_gid)


def _create_user() -> None:
    command = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/bin/false", NAME]
    try:
        subprocess.run(command, check=True, capture_output=True, encoding="utf-8", errors="replace")  # noqa: S603 - fixed arguments
    except (OSError, subprocess.CalledProcessError) as error:
        reason = error.stderr.strip() if isinstance(error, subprocess.CalledProcessError) else str(error)
        raise StartError(
            f"PostgreSQL does not run as root, and the system user {NAME} could not be created ({reason}); "
            "start as an ordinary user, or set DATABASE_URL."
        ) from None


def allow_traversal(paths: Iterable[Path], say: Callable[[str], None]) -> None:
    """Add o+x to every parent folder of these paths, and report the folders that were changed.

    The server's user can then traverse the folders; it still cannot list them or read other files in them.
    """
    opened = []
    for path in paths:
        for folder in (path, *path.parents):
            mode = folder.stat().st_mode
            if not mode & TRAVERSE:
                folder.chmod(stat.S_IMODE(mode) | TRAVERSE)
                opened.append(str(folder))
    if opened:
        say(f"made traversable (chmod o+x), so that the user {NAME} can reach its files: {', '.join(opened)}")
