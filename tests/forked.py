"""Processes that the fork server of this test process starts; see tests/fork_server.py."""

import asyncio
import atexit
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from tests.fork_server import Request

ROOT = Path(__file__).parents[1]


class ForkedProcess:
    """A child of the fork server, used like a process of asyncio. `returncode` is negative after a signal."""

    def __init__(self, pid: int, stdout: asyncio.StreamReader, report: asyncio.StreamReader) -> None:
        self.pid = pid
        self.stdout = stdout
        self.returncode: int | None = None
        self._ended = asyncio.create_task(self._follow(report))

    async def _follow(self, report: asyncio.StreamReader) -> None:
        line = await report.readline()
        self.returncode = int(line) if line else -signal.SIGKILL  # the fork server was killed
        await report.read()  # the end of a pipe closes it

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        await asyncio.shield(self._ended)
        assert self.returncode is not None
        return self.returncode


async def _reader(descriptor: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, os.fdopen(descriptor, "rb", 0))
    return reader


@cache
def _requests() -> socket.socket:
    """The socket of the server, which is started with the first request and ends with this process."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    # One thread for numerical libraries: a process with several threads is not forked safely.
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fork_server"], cwd=ROOT, env=environment, stdin=there.fileno()
    )
    there.close()

    def end() -> None:
        here.close()
        process.wait()

    atexit.register(end)
    return here


async def forked_process(
    arguments: Sequence[str], environment: Mapping[str, str], *, given: int | None = None, errors: int | None = None
) -> ForkedProcess:
    """Start `python -m app` with these arguments.

    `given` and `errors` are descriptors of its standard input, by default empty, and of its standard error, by default
    its output.
    """
    output, output_end = os.pipe()
    report, report_end = os.pipe()
    empty = os.open(os.devnull, os.O_RDONLY)
    try:
        request = Request(list(arguments), environment).encode()
        streams = [empty if given is None else given, output_end, output_end if errors is None else errors]
        socket.send_fds(_requests(), [request], [*streams, report_end])
    finally:
        for descriptor in (empty, output_end, report_end):
            os.close(descriptor)
    stdout, reports = await _reader(output), await _reader(report)
    process_id = await reports.readline()
    assert process_id, "the fork server has ended"
    return ForkedProcess(int(process_id), stdout, reports)
