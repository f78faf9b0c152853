"""A control group per session: limits its processes and its memory as a whole, and ends all of them.

It uses the controllers that this process may use, of version 1 or 2. Only the standard library is imported, because
the supervisor of a session imports this.
"""

import os
import signal
from contextlib import suppress
from pathlib import Path
from time import sleep

PREFIX = "resonant-code-"
CONTROLLERS = ("pids", "memory")
END_ATTEMPTS, END_PAUSE = 100, 0.02
# For each file the controller whose limit it sets, and whether the limit is the number of processes or of bytes.
LIMITS = {"pids.max": "pids", "memory.max": "memory", "memory.limit_in_bytes": "memory"}


def _own_folders() -> dict[str, Path]:
    """The folder of this process's own group for each controller; `""` is the hierarchy of version 2."""
    try:
        groups = Path("/proc/self/cgroup").read_text("utf-8").splitlines()
        mounts = [line.split() for line in Path("/proc/self/mountinfo").read_text("utf-8").splitlines()]
    except OSError:
        return {}
    folders = {}
    for group in groups:
        _, controllers, path = group.split(":", 2)
        for controller in controllers.split(","):
            for mount in mounts:
                kind, options = mount[mount.index("-") + 1], mount[-1].split(",")
                if kind == ("cgroup" if controller else "cgroup2") and (not controller or controller in options):
                    folders[controller] = Path(mount[4], path.removeprefix(mount[3]).lstrip("/"))
    return {controller: folder for controller, folder in folders.items() if controller in ("", *CONTROLLERS)}


class Group:
    """The folders of one group, in each hierarchy where it could be created. `limited`: controllers with a limit."""

    def __init__(self, folders: list[Path]) -> None:
        self.folders = folders
        self.limited: set[str] = set()

    def limit(self, processes: int, memory: int) -> None:
        values = {"pids": processes, "memory": memory}
        for folder in self.folders:
            for name, controller in LIMITS.items():
                with suppress(OSError):
                    (folder / name).write_text(str(values[controller]), "utf-8")
                    self.limited.add(controller)
            with suppress(OSError):  # memory that is swapped out does not count for memory.max
                (folder / "memory.swap.max").write_text("0", "utf-8")

    def join(self) -> None:
        """Move this process into the group; its child processes start there."""
        for folder in self.folders:
            (folder / "cgroup.procs").write_text("0", "utf-8")

    def can_be_joined(self) -> bool:
        """Whether this process may move processes into the group, tried with a child process."""
        child = os.fork()
        if child == 0:
            status = 1
            with suppress(OSError):
                self.join()
                status = 0
            os._exit(status)
        return os.waitpid(child, 0)[1] == 0

    def memory_kills(self) -> int:
        """How many processes the kernel has ended because the group reached its limit of memory."""
        for folder in self.folders:
            for name in ("memory.events", "memory.oom_control"):
                with suppress(OSError):
                    for line in (folder / name).read_text("utf-8").splitlines():
                        if line.startswith("oom_kill "):
                            return int(line.split()[1])
        return 0

    def end(self) -> None:
        """Kill every process of the group and remove it."""
        for _ in range(END_ATTEMPTS):
            for folder in self.folders:
                with suppress(OSError):
                    (folder / "cgroup.kill").write_text("1", "utf-8")
            members = {pid for folder in self.folders for pid in _members(folder)} - {os.getpid()}
            for pid in members:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            if not members:
                break
            sleep(END_PAUSE)
        for folder in self.folders:
            with suppress(OSError):
                folder.rmdir()


def _members(folder: Path) -> list[int]:
    try:
        return [int(line) for line in (folder / "cgroup.procs").read_text("utf-8").split()]
    except OSError:
        return []


def create_group(name: str, *, processes: int, memory: int) -> Group | None:
    """A new group below our own, with these limits (`memory` in bytes); None where this process may use none."""
    folders = []
    for controller, own in _own_folders().items():
        folder = own / f"{PREFIX}{name}"
        with suppress(OSError):
            folder.mkdir()
            folders.append(folder)
        if not controller and not (folder / "pids.max").exists():
            with suppress(OSError):
                (own / "cgroup.subtree_control").write_text("+pids +memory", "utf-8")
    group = Group(folders)
    group.limit(processes, memory)
    if folders and group.can_be_joined():
        return group
    group.end()
    return None


def find_groups() -> dict[str, Group]:
    """The groups of sessions below our own, by name: those of running sessions, and those of killed supervisors."""
    found: dict[str, Group] = {}
    for own in _own_folders().values():
        for folder in own.glob(f"{PREFIX}*"):
            found.setdefault(folder.name.removeprefix(PREFIX), Group([])).folders.append(folder)
    return found
