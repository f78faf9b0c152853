"""Long work on text runs in a process of its own, which ends when it is idle, cancelled or without a parent."""

import asyncio
import os
import re
import signal
import sys

import psutil
import pytest

from app.text_process import SHORT_CHARACTERS, TextProcess, TextProcessError
from tests.processes import ROOT

LONG = SHORT_CHARACTERS + 1
# As `re` holds the interpreter, only a process can be stopped in it: this takes 2**60 steps.
ENDLESS = r"(?:a|a)*b"


async def test_only_a_long_text_starts_a_process_and_the_next_one_uses_it() -> None:
    process = TextProcess()
    assert await process.run(SHORT_CHARACTERS, os.getpid) == os.getpid()
    assert process.process is None
    first = await process.run(LONG, os.getpid)
    assert first != os.getpid()
    assert await process.run(LONG, os.getpid) == first
    await process.close()
    assert not psutil.pid_exists(first)


async def test_the_event_loop_runs_while_the_process_works_and_a_cancelled_call_ends_it() -> None:
    process = TextProcess()
    child = await process.run(LONG, os.getpid)
    call = asyncio.create_task(process.run(LONG, re.match, ENDLESS, "a" * 60))
    for _ in range(100):
        await asyncio.sleep(0)
    assert not call.done()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert not psutil.pid_exists(child)
    assert await process.run(LONG, len, "abc") == 3
    await process.close()


async def test_work_that_takes_too_long_is_ended_and_the_next_call_works() -> None:
    process = TextProcess(longest_seconds=1)
    with pytest.raises(TextProcessError):
        await process.run(LONG, re.match, ENDLESS, "a" * 60)
    assert await process.run(LONG, len, "abc") == 3
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        await process.run(LONG, divmod, 1, 0)
    await process.close()


async def test_an_idle_process_ends_and_another_one_starts() -> None:
    process = TextProcess(idle_seconds=0)
    await process.run(LONG, os.getpid)
    child = process.process
    assert child is not None
    await asyncio.wait_for(child.wait(), 30)
    assert await process.run(LONG, os.getpid) != child.pid
    await process.close()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the process ends with its input or its time limit")
async def test_the_process_dies_with_its_server_even_while_it_works() -> None:
    program = (
        "import asyncio, os, re\n"
        "from app.text_process import TextProcess\n"
        "async def main():\n"
        "    process = TextProcess()\n"
        f"    print(await process.run({LONG}, os.getpid), flush=True)\n"
        f"    await process.run({LONG}, re.match, {ENDLESS!r}, 'a' * 60)\n"
        "asyncio.run(main())\n"
    )
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert server.stdout is not None
    child = psutil.Process(int(await server.stdout.readline()))
    server.send_signal(signal.SIGKILL)
    await server.wait()
    await asyncio.to_thread(psutil.wait_procs, [child], 30)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE
