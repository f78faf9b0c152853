"""The process that starts the program of a code session, limits what the session uses, and ends all of it.

Everything ends when the program ends, when this process gets a signal, when a limit is exceeded, or when the other end
of the lifeline is closed: by the server at the end of a session, by the kernel when the server is killed. Only the
standard library is imported, because this is started with `python -I -S`.
"""

import argparse
import json
import os
import resource
import select
import signal
import sys
from contextlib import suppress
from pathlib import Path

from app.workers.intents.code import cgroups, namespaces, processes

POLL_SECONDS = 0.25
LIFELINE, ISOLATION, LIMIT = "lifeline", "isolation.json", "limit"
"""Files in the folder of a session: the pipe, how it is isolated, and the limit that ended it."""
NO_PROGRAM = 127


class Supervisor:
    """One session. `run` returns the exit status of the program."""

    def __init__(self, options: argparse.Namespace, namespace: str, group: cgroups.Group | None) -> None:
        self._options = options
        self._namespace = namespace
        self._group = group
        self._folder = Path(options.folder)
        # Opened without waiting: when the server is gone already, reading returns the end of the file at once.
        self._lifeline = os.open(self._folder / LIFELINE, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        self._wake, self._woken = os.pipe()
        self._first = 0

    def run(self) -> int:
        os.set_blocking(self._woken, False)
        signal.set_wakeup_fd(self._woken)
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda received, frame: None)
        namespaces.become_subreaper()
        self._report()
        self._start()
        kills = 0
        try:
            status = self._wait()
            kills = self._group.memory_kills() if self._group else 0
        finally:
            self._end()
        if kills and status != 0:
            self._exceeded("memory")
        return status

    def _report(self) -> None:
        limited = sorted(self._group.limited) if self._group else []
        (self._folder / ISOLATION).write_text(json.dumps({"namespace": self._namespace, "cgroup": limited}), "utf-8")

    def _start(self) -> None:
        alive, held = os.pipe()  # the child reads the end of the file when this process has ended
        allowed = self._options.processes
        if self._namespace != namespaces.NONE:
            namespaces.enter_namespace()
        if os.geteuid() == 0 or self._namespace != namespaces.NONE:
            limit = allowed  # root is not limited by it, and a user namespace counts from zero
        else:
            limit = allowed + processes.threads_of_user(os.geteuid())
        self._first = os.fork()
        if self._first == 0:
            os.close(held)
            self._become_program(alive, limit)
        os.close(alive)

    def _become_program(self, alive: int, processes_of_user: int) -> None:
        """In the child: isolate and limit this process, then execute the program or be the first process above it."""
        try:
            namespaces.set_parent_death_signal(signal.SIGKILL)
            if select.select([alive], [], [], 0)[0]:
                os._exit(1)  # the supervisor ended before the line above
            os.setsid()
            if self._group is not None:
                self._group.join()
            self._set_limits(processes_of_user)
            for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, signal.SIG_DFL)
            if self._namespace == namespaces.FULL:
                namespaces.mount_own_proc()
            if self._namespace != namespaces.NONE:
                _wait_for_program()
            os.execvp(self._options.program[0], self._options.program)  # noqa: S606 - no shell is wanted
        except BaseException as error:
            sys.stderr.write(f"the program of the session cannot be started: {error!r}\n")
            sys.stderr.flush()
        finally:
            os._exit(NO_PROGRAM)

    def _set_limits(self, processes_of_user: int) -> None:
        options = self._options
        for kind, value in (
            (resource.RLIMIT_NPROC, processes_of_user),
            (resource.RLIMIT_NOFILE, options.open_files),
            (resource.RLIMIT_FSIZE, options.file_bytes),
            (resource.RLIMIT_CORE, 0),
        ):
            hard = resource.getrlimit(kind)[1]
            allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (allowed, allowed))

    def _wait(self) -> int:
        """Wait until the program has ended or has to end; its exit status."""
        while True:
            ready, _, _ = select.select([self._lifeline, self._wake], [], [], POLL_SECONDS)
            if self._lifeline in ready and not os.read(self._lifeline, 1):
                return 128 + signal.SIGTERM
            if self._wake in ready:
                received = os.read(self._wake, 4096)
                if any(number != signal.SIGCHLD for number in received):
                    return 128 + signal.SIGTERM
            if (status := self._reap()) is not None:
                return status
            if not ready and self._is_over_limit():
                return 1

    def _reap(self) -> int | None:
        """Take the status of ended children; that of the program, when it has ended."""
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                if ended[0] == self._first:
                    self._first = 0
                    code = os.waitstatus_to_exitcode(ended[1])
                    return code if code >= 0 else 128 - code
        return None

    def _is_over_limit(self) -> bool:
        """Where the kernel does not limit a session as a whole, its processes are counted."""
        limited = self._group.limited if self._group else set()
        if limited >= set(cgroups.CONTROLLERS):
            return False
        usage = processes.usage_of(processes.descendants())
        if "pids" not in limited and usage.processes > self._options.processes:
            return self._exceeded("processes")
        if "memory" not in limited and usage.memory > self._options.memory:
            return self._exceeded("memory")
        return False

    def _exceeded(self, limit: str) -> bool:
        (self._folder / LIMIT).write_text(limit, "utf-8")
        return True

    def _end(self) -> None:
        if self._first:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._first, signal.SIGKILL)
            os.kill(self._first, signal.SIGKILL)  # the first process of a namespace takes all others with it
        processes.end_descendants()
        if self._group is not None:
            self._group.end()


def _wait_for_program() -> None:
    """As the first process of a namespace: reap all processes until the program, a child process, has ended.

    Returns in the child, which executes the program.
    """
    program = os.fork()
    if program == 0:
        return
    while True:
        ended, status = os.wait()
        if ended == program:
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else 128 - code)


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    for option in ("folder", "name"):
        parser.add_argument(f"--{option}", required=True)
    for option in ("processes", "memory", "open-files", "file-bytes"):
        parser.add_argument(f"--{option}", type=int, required=True)
    parser.add_argument("program", nargs=argparse.REMAINDER)
    options = parser.parse_args(arguments)
    options.program = options.program[1:]  # after --
    return options


def main() -> None:
    options = parse(sys.argv[1:])
    group = cgroups.create_group(options.name, processes=options.processes, memory=options.memory)
    sys.exit(Supervisor(options, namespaces.find_support(), group).run())
