"""What lies between the program and PostgreSQL, and is cut in the midst."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, quote, urlsplit


@dataclass
class CuttableProxy:
    """It is cut once, when the program has sent so many pieces, and mended at once."""

    socket: str
    cut_after: int
    sent: int = 0
    ends: set[asyncio.StreamWriter] = field(default_factory=set)

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        onwards, back = await asyncio.open_unix_connection(self.socket)
        theirs = back, writer
        self.ends.update(theirs)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._carry(reader, back, counted=True))
                both.create_task(self._carry(onwards, writer))
        except* OSError:
            pass
        finally:
            self.ends.difference_update(theirs)
            for end in theirs:
                end.close()

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool = False
    ) -> None:
        while piece := await reader.read(2**16):
            self.sent += counted
            if counted and self.sent == self.cut_after:
                for end in self.ends:
                    end.transport.abort()
                return
            writer.write(piece)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def cuttable_proxy(url: str, cut_after: int) -> AsyncIterator[tuple[CuttableProxy, str]]:
    """The proxy to the database, and the address at its near end."""
    directory = parse_qs(urlsplit(url).query)["host"][0]
    proxy = CuttableProxy(f"{directory}/.s.PGSQL.5432", cut_after)
    async with await asyncio.start_server(proxy.connect, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield proxy, f"postgresql://postgres@127.0.0.1:{port}/{quote(urlsplit(url).path[1:])}?sslmode=disable"
