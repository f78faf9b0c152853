"""A real redis-server that a test can stop and start again on the same port."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.processes import free_port
from tests.timeouts import TIMEOUT

REDIS = shutil.which("redis-server")


@dataclass
class RedisServer:
    """Stores nothing on disk."""

    port: int
    process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    async def start(self) -> None:
        assert REDIS is not None, "the tests of the Redis bus need redis-server (Debian: apt install redis-server)"
        self.process = await asyncio.create_subprocess_exec(
            *(REDIS, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"),
            stdout=asyncio.subprocess.DEVNULL,
        )
        async with asyncio.timeout(TIMEOUT):
            while not await self._listens():  # noqa: ASYNC110 - only connecting shows that it is ready
                await asyncio.sleep(0.02)

    async def _listens(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        return True

    async def stop(self) -> None:
        """Kill it, as a machine failure would."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()


@asynccontextmanager
async def redis_server() -> AsyncIterator[RedisServer]:
    """A Redis server that runs while the block does, unless the test stops it."""
    server = RedisServer(int(free_port()))
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
