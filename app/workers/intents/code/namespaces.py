"""A PID namespace with a /proc of its own: a session sees only its own processes, and all end with the first one.

Only the standard library is imported, because the supervisor of a session imports this.
"""

import ctypes
import os
import sys
from contextlib import suppress
from pathlib import Path

NEW_MOUNTS, NEW_USER, NEW_PIDS = 0x20000, 0x10000000, 0x20000000
PRIVATE, RECURSIVE, NO_SUID, NO_DEVICES, NO_EXECUTION = 1 << 18, 1 << 14, 2, 4, 8
PARENT_DEATH_SIGNAL, CHILD_SUBREAPER = 1, 36
FULL, WITHOUT_PROC, NONE = "full", "without_proc", "none"
EXIT_OF = {FULL: 0, WITHOUT_PROC: 3}


def _libc(function: str, *arguments: object) -> None:
    if getattr(ctypes.CDLL(None, use_errno=True), function)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def set_parent_death_signal(number: int) -> None:
    """The kernel sends this signal to this process when its parent process ends. Only on Linux."""
    if sys.platform == "linux":
        _libc("prctl", PARENT_DEATH_SIGNAL, number, 0, 0, 0)


def become_subreaper() -> None:
    """Become the parent of descendants whose parent ended, so that none escapes. Only on Linux."""
    if sys.platform == "linux":
        _libc("prctl", CHILD_SUBREAPER, 1, 0, 0, 0)


def enter_namespace() -> None:
    """The next child of this process is the first process of a new PID namespace. Raises OSError.

    An ordinary user needs a user namespace for it, in which it keeps its own id.
    """
    user, group = os.geteuid(), os.getegid()
    if user != 0:
        _libc("unshare", NEW_USER)
        Path("/proc/self/setgroups").write_text("deny", "utf-8")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", "utf-8")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", "utf-8")
    _libc("unshare", NEW_PIDS)


def mount_own_proc() -> None:
    """Mount the /proc of the namespace, for this process and its descendants only. Raises OSError."""
    _libc("unshare", NEW_MOUNTS)
    _libc("mount", b"none", b"/", None, PRIVATE | RECURSIVE, None)
    _libc("mount", b"proc", b"/proc", b"proc", NO_SUID | NO_DEVICES | NO_EXECUTION, None)


def find_support() -> str:
    """FULL, WITHOUT_PROC (the processes of the machine stay visible) or NONE, tried in a child process."""
    if sys.platform != "linux":
        return NONE
    child = os.fork()
    if child == 0:
        _try()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return next((support for support, status in EXIT_OF.items() if status == code), NONE)


def _try() -> None:
    """End this process with the status of what works."""
    status = 1
    try:
        enter_namespace()
        first = os.fork()
        if first == 0:
            status = EXIT_OF[WITHOUT_PROC]
            with suppress(OSError):
                mount_own_proc()
                status = EXIT_OF[FULL]
        else:
            status = os.waitstatus_to_exitcode(os.waitpid(first, 0)[1])
    finally:
        os._exit(status)
