"""A database that goes away at any moment of the start: whoever starts is told so in one line, or does not notice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from app.asgi import open_backend, open_services
from app.identity.setup import make_setup_code
from app.ops.database import prepare_database
from app.settings import Settings
from schema.assistant import AssistantInfo
from sql.errors import Unavailable

LONGEST_START = 200


@dataclass
class Cable:
    """Lies between the program and PostgreSQL; it is cut once, when the program has sent so many pieces."""

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
async def cabled(url: str, cut_after: int) -> AsyncIterator[tuple[Cable, str]]:
    directory = parse_qs(urlsplit(url).query)["host"][0]
    cable = Cable(f"{directory}/.s.PGSQL.5432", cut_after)
    async with await asyncio.start_server(cable.connect, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield cable, f"postgresql://postgres@127.0.0.1:{port}/{quote(urlsplit(url).path[1:])}?sslmode=disable"


async def begin(dsn: str) -> None:
    """All that `serve` asks of the database before it says that it serves."""
    settings = Settings(_env_file=None, auth_mode="token", poll_seconds=0.2)
    await prepare_database(dsn)
    async with open_services(settings, dsn, name="start") as services:
        await services.memory.models.check()
        async with open_backend(services, AssistantInfo(name="Kana", model=None, offline=True)):
            await make_setup_code(services.database)


async def test_a_database_that_goes_away_while_we_start_is_said_to_be_away(database_url: str) -> None:
    told = 0
    for cut_after in range(1, LONGEST_START):
        async with cabled(database_url, cut_after) as (cable, dsn):
            try:
                await begin(dsn)
            except Unavailable:
                told += 1
        if cable.sent < cut_after:
            break
    else:
        pytest.fail("the start asks more of the database than this test knows of")
    assert told > 5
