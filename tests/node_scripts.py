"""Runs scripts of tests/node with the Node.js from PyPI."""

import asyncio
import os
import sys
from pathlib import Path

from tests.timeouts import TIMEOUT

NODE_DIRECTORY = Path(__file__).parent / "node"
NODE = Path(sys.executable).with_name("node")


async def run_node(script: str, *arguments: str, timeout: float = TIMEOUT, home: Path | None = None) -> str:
    """The output of the script, which may write into `home`. Fails with its errors when it does not exit with 0."""
    process = await asyncio.create_subprocess_exec(
        str(NODE),
        script,
        *arguments,
        cwd=NODE_DIRECTORY,
        env=None if home is None else os.environ | {"HOME": str(home)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(timeout):
            output, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0, errors.decode()
    return output.decode()
