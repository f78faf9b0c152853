"""A TCP proxy in front of PostgreSQL that cuts all connections once, after a number of packets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, quote, urlsplit


@dataclass
class CuttableProxy:
    """Cuts all connections when the client has sent `cut_after` packets; later connections work again."""

    socket: str
    cut_after: int
    sent: int = 0
    writers: set[asyncio.StreamWriter] = field(default_factory=set)

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_unix_connection(self.socket)
        writers = server_writer, writer
        self.writers.update(writers)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._forward(reader, server_writer, counted=True))
                both.create_task(self._forward(server_reader, writer))
        except* OSError:
            pass
        finally:
            self.writers.difference_update(writers)
            for each in writers:
                each.close()

    async def _forward(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool = False
    ) -> None:
        while packet := await reader.read(2**16):
            self.sent += counted
            if counted and self.sent == self.cut_after:
                for each in self.writers:
                    each.transport.abort()
                return
            writer.write(packet)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def cuttable_proxy(url: str, cut_after: int) -> AsyncIterator[tuple[CuttableProxy, str]]:
    """A proxy for the database, and its address."""
    directory = parse_qs(urlsplit(url).query)["host"][0]
    proxy = CuttableProxy(f"{directory}/.s.PGSQL.5432", cut_after)
    async with await asyncio.start_server(proxy.connect, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield proxy, f"postgresql://postgres@127.0.0.1:{port}/{quote(urlsplit(url).path[1:])}?sslmode=disable"
