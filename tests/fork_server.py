"""Starts `python -m app ...` by forking a process that has imported everything: `python -m tests.fork_server`.

A new interpreter needs seconds of processor time for its imports, a forked one a hundredth of it. A request arrives as
JSON on the socket that is the standard input, with four descriptors: the child's standard streams, and a pipe on
which the server writes the process id of the child and later its exit status, one per line.
"""

import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedReader, BufferedWriter, FileIO, TextIOWrapper
from runpy import run_module

REQUEST_BYTES = 2**17
# Commands import these when they run.
IMPORTED_LATER = (
    "anthropic",
    "app.commands.reembed",
    "app.models.classification.claude",
    "app.models.claude",
    "app.models.client",
    "app.operations.backup.create",
    "app.operations.doctor",
    "app.run",
)


@dataclass(frozen=True)
class Request:
    """What one child runs."""

    arguments: list[str]
    environment: Mapping[str, str]

    def encode(self) -> bytes:
        return json.dumps([self.arguments, dict(self.environment)]).encode()


def _reap(running: dict[int, int]) -> None:
    """Report the children that have ended; a negative status is a signal, as in asyncio."""
    while running:
        process_id, status = os.waitpid(-1, os.WNOHANG)
        if process_id == 0:
            return
        report = running.pop(process_id)
        with suppress(BrokenPipeError):  # the test has ended
            os.write(report, b"%d\n" % os.waitstatus_to_exitcode(status))
        os.close(report)


def serve(requests: socket.socket) -> Request | None:
    """Fork one child per request. Returns the request in a child, and None in the server at the end of requests."""
    running: dict[int, int] = {}
    woken, waking = socket.socketpair()
    for end in (woken, waking):
        end.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waking.fileno())
    with selectors.DefaultSelector() as selector:
        selector.register(woken, selectors.EVENT_READ)
        selector.register(requests, selectors.EVENT_READ)
        while True:
            ready = {key.fileobj for key, _ in selector.select()}
            if woken in ready:
                woken.recv(2**12)
                _reap(running)
            if requests not in ready:
                continue
            content, descriptors, _, _ = socket.recv_fds(requests, REQUEST_BYTES, 4)
            if not content:
                return None
            *streams, report = descriptors
            process_id = os.fork()
            if process_id == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for descriptor in (report, *running.values()):
                    os.close(descriptor)
                for end in (woken, waking, requests):
                    end.close()
                _take_over(streams)
                return Request(*json.loads(content))
            running[process_id] = report
            for descriptor in streams:
                os.close(descriptor)
            with suppress(BrokenPipeError):
                os.write(report, b"%d\n" % process_id)


def _take_over(streams: Sequence[int]) -> None:
    """Make these the standard streams of this process."""
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
    for descriptor in streams:
        os.close(descriptor)
    # The streams of the server know that theirs was a file or a terminal.
    sys.stdin = TextIOWrapper(BufferedReader(FileIO(0, closefd=False)), encoding="locale")
    sys.stdout = TextIOWrapper(BufferedWriter(FileIO(1, "w", closefd=False)), encoding="locale")
    sys.stderr = TextIOWrapper(
        BufferedWriter(FileIO(2, "w", closefd=False)), encoding="locale", errors="backslashreplace", line_buffering=True
    )


def main() -> None:
    for name in IMPORTED_LATER:
        importlib.import_module(name)
    importlib.import_module("app.commands.command_line")
    importlib.import_module("app.__main__")
    del sys.modules["app.__main__"]  # it runs anew in each child
    gc.collect()
    gc.freeze()
    request = serve(socket.socket(fileno=os.dup(0)))
    if request is None:
        return
    os.environ.clear()
    os.environ.update(request.environment)
    sys.argv = ["app", *request.arguments]
    # Not os._exit afterwards: a child ends as an interpreter does, and waits for what a real process waits for.
    run_module("app", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
