"""The thread of the embedder: results, errors, and a process that ends while it works."""

import asyncio
import subprocess
import sys
from functools import partial
from threading import Event

import pytest

from app.models.embedders.daemon_thread import DaemonThread
from tests.processes import ROOT

ABANDONED = """
import asyncio, time
from app.models.embedders.daemon_thread import DaemonThread

async def main():
    thread = DaemonThread("test")
    task = asyncio.create_task(thread.run(lambda: time.sleep(3600)))
    await asyncio.sleep(0.1)
    task.cancel()
    thread.close()

asyncio.run(main())
print("ended")
"""


async def test_results_and_errors_reach_their_callers_in_order() -> None:
    thread, done = DaemonThread("test"), list[int]()

    def note(number: int) -> int:
        done.append(number)
        return number

    numbers = await asyncio.gather(*(thread.run(partial(note, each)) for each in range(20)))
    assert done == numbers == list(range(20))
    with pytest.raises(ZeroDivisionError):
        await thread.run(lambda: 1 // 0)
    assert await thread.run(lambda: "goes on") == "goes on"
    thread.close()


async def test_a_call_whose_caller_has_left_is_not_begun() -> None:
    thread, release, done = DaemonThread("test"), Event(), list[str]()
    first = asyncio.create_task(thread.run(release.wait))
    second = asyncio.create_task(thread.run(lambda: done.append("second")))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.sleep(0)
    release.set()
    await first
    await thread.run(lambda: done.append("third"))
    assert done == ["third"]
    thread.close()


def test_the_process_ends_while_a_call_is_running() -> None:
    ended = subprocess.run([sys.executable, "-c", ABANDONED], cwd=ROOT, capture_output=True, text=True, timeout=100)
    assert (ended.returncode, ended.stdout) == (0, "ended\n")
