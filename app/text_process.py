"""Runs long work on text in a child process, so that the event loop and other requests do not wait for it.

A thread would not help: one call of `re` holds the interpreter until it returns. The child starts with the first long
text, ends when it is idle, and dies with its parent: its input ends, and on Linux the kernel kills it.
"""

import asyncio
import os
import pickle
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, Protocol, TypeVar, cast

from sql.errors import ResonantError

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

SHORT_CHARACTERS = 500  # work on a shorter text takes a few milliseconds, less than the start of a process
LONGEST_SECONDS = 20
IDLE_SECONDS = 30.0
SIZE_BYTES = 8
DEATH_OF_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)
ROOT = Path(__file__).parents[1]


class TextProcessError(ResonantError):
    """The work took too long, or its process was ended from outside."""

    code = "UNAVAILABLE"
    key = "text.process_ended"


class TextWork(Protocol):
    """Runs functions of modules, whose arguments and results can be pickled."""

    async def run(
        self, characters: int, work: Callable[Parameters, Result], *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> Result:
        """The result of the function; `characters` is the length of the text that it reads. Raises TextProcessError."""


class InThisProcess:
    """Implements TextWork for tests and commands, where nobody else waits."""

    async def run(
        self, characters: int, work: Callable[Parameters, Result], *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> Result:
        return work(*args, **kwargs)


class TextProcess:
    """Implements TextWork with one child process, which does one piece of work at a time. Short texts need no process.

    A cancelled call ends the process, because its answer would be taken for that of the next call.
    """

    def __init__(
        self,
        *,
        idle_seconds: float = IDLE_SECONDS,
        longest_seconds: int = LONGEST_SECONDS,
        memory_bytes: int | None = None,
    ) -> None:
        """`memory_bytes`: how much memory the process may ask for, on Linux."""
        self._idle_seconds = idle_seconds
        self._longest_seconds = longest_seconds
        self._memory_bytes = memory_bytes
        self._turn = asyncio.Lock()
        self._idle_timer: asyncio.TimerHandle | None = None
        self.process: Process | None = None

    async def run(
        self, characters: int, work: Callable[Parameters, Result], *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> Result:
        if characters <= SHORT_CHARACTERS:
            return work(*args, **kwargs)
        async with self._turn:
            self._keep()
            process = await self._started()
            try:
                done, result = await _ask(process, (work, args, kwargs))
            except (EOFError, OSError) as error:
                await self._end()
                raise TextProcessError(seconds=self._longest_seconds) from error
            except BaseException:
                await self._end()
                raise
            self._end_when_idle()
        if not done:
            raise RuntimeError(f"work in the text process failed: {result}")
        return cast(Result, result)

    async def close(self) -> None:
        """End the process."""
        self._keep()
        await self._end()

    async def _started(self) -> Process:
        if self.process is None or self.process.returncode is not None:
            limits = (str(self._longest_seconds), str(self._memory_bytes or 0))
            command = (sys.executable, "-m", "app.text_process", str(os.getpid()), *limits)
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}
            self.process = await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, env=environment, start_new_session=True
            )
        return self.process

    def _end_when_idle(self) -> None:
        self._idle_timer = asyncio.get_running_loop().call_later(self._idle_seconds, self._close_input)

    def _keep(self) -> None:
        if self._idle_timer is not None:
            self._idle_timer.cancel()
            self._idle_timer = None

    def _close_input(self) -> None:
        """The process ends when its input ends; the next call starts another one."""
        process, self.process = self.process, None
        if process is not None and process.stdin is not None:
            process.stdin.close()

    async def _end(self) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _ask(process: Process, job: object) -> tuple[bool, Any]:
    """Send the job and read its answer. Raises EOFError or OSError when the process ends first."""
    assert process.stdin is not None  # noqa: S101 - both are pipes
    assert process.stdout is not None  # noqa: S101
    content = pickle.dumps(job)
    process.stdin.write(len(content).to_bytes(SIZE_BYTES, "big") + content)
    await process.stdin.drain()
    size = int.from_bytes(await process.stdout.readexactly(SIZE_BYTES), "big")
    answer: tuple[bool, Any] = pickle.loads(await process.stdout.readexactly(size))  # noqa: S301 - our own process
    return answer


def _die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent ends, also while it works and does not read its input."""
    if sys.platform == "linux":
        import ctypes  # a megabyte, which the server does not need

        ctypes.CDLL(None).prctl(DEATH_OF_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def _answer(content: bytes) -> bytes:
    work, args, kwargs = pickle.loads(content)  # noqa: S301 - from the parent
    try:
        return pickle.dumps((True, work(*args, **kwargs)))
    except Exception as error:  # the parent logs it
        return pickle.dumps((False, repr(error)))


def _limit_memory(size: int) -> None:
    if size and sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def serve(parent: int, longest_seconds: int, memory_bytes: int) -> None:
    """Answer jobs from the standard input until it ends. A job that takes too long ends the process."""
    _die_with(parent)
    _limit_memory(memory_bytes)
    source, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing that is printed may get into the answers
    while size := source.read(SIZE_BYTES):
        content = source.read(int.from_bytes(size, "big"))
        signal.alarm(longest_seconds)  # without a handler, so that it ends a running `re` call too
        answer = _answer(content)
        signal.alarm(0)
        answers.write(len(answer).to_bytes(SIZE_BYTES, "big") + answer)
        answers.flush()


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
