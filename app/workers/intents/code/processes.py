"""Finds the processes of a session in /proc, and ends them. Only the standard library is imported."""

import os
import signal
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import sleep

MARK = "RESONANT_CODE_SESSION"
"""Environment variable of every process of a session: the server that started it, and the session."""
END_ATTEMPTS, END_PAUSE = 100, 0.02
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Usage:
    """What several processes use together; `processes` counts threads too, `memory` is what they do not share."""

    processes: int
    memory: int


def _process_ids() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []


def _stat(pid: int | str) -> list[str]:
    """The fields of /proc/PID/stat after the name; the first is the state. Raises OSError."""
    return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()


def identity_of_this_process() -> str:
    """Process id and start time, which no later process has both."""
    try:
        return f"{os.getpid()}-{_stat('self')[19]}"
    except OSError:
        return f"{os.getpid()}-0"


def is_running(identity: str) -> bool:
    """Whether the process with this identity runs."""
    pid, _, started = identity.partition("-")
    try:
        return _stat(pid)[19] == started
    except (OSError, IndexError):
        return False


def descendants() -> list[int]:
    """The processes below this one, without those that have ended."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    for pid in _process_ids():
        with suppress(OSError, IndexError, ValueError):
            fields = _stat(pid)
            if fields[0] != "Z":
                children[int(fields[1])].append(pid)
    found, open_ids = [], [os.getpid()]
    while open_ids:
        below = children.get(open_ids.pop(), [])
        found += below
        open_ids += below
    return found


def usage_of(pids: list[int]) -> Usage:
    processes = memory = 0
    for pid in pids:
        with suppress(OSError, IndexError, ValueError):
            processes += int(_stat(pid)[17])
            resident, shared = map(int, Path(f"/proc/{pid}/statm").read_text("utf-8").split()[1:3])
            memory += (resident - shared) * PAGE
    return Usage(processes, memory)


def threads_of_user(user: int) -> int:
    """How many threads the user has on this machine, which is what RLIMIT_NPROC counts."""
    pids = []
    for pid in _process_ids():
        with suppress(OSError):
            if os.stat(f"/proc/{pid}").st_uid == user:
                pids.append(pid)
    return usage_of(pids).processes


def marked() -> dict[int, str]:
    """The processes that have the mark of a session, each with its value."""
    found = {}
    for pid in _process_ids():
        with suppress(OSError):
            for variable in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
                name, _, value = variable.partition(b"=")
                if name == MARK.encode():
                    found[pid] = value.decode(errors="replace")
    return found


def kill_all(pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def end_descendants() -> None:
    """Kill the processes below this one until there are none; new ones may start meanwhile."""
    for _ in range(END_ATTEMPTS):
        below = descendants()
        kill_all(below)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if not below:
            return
        sleep(END_PAUSE)
