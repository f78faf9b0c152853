"""The comparison of work runs after the commit, outside of the event loop, within limits."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from app.asgi import open_backend
from app.mcp.comparison import MOST, READ_CHARACTERS, Work, find_overlaps, words_to_compare
from app.services import Services, open_services
from app.settings import Settings
from app.text_process import Parameters, Result, TextProcess, TextProcessError
from app.tools.paths import MAX_CHARACTERS, _ends
from tests.asgi_server import NO_RATE_LIMITS, serve
from tests.mcp.clients import call, connected

LONG = "Tidy the login form and cache search results of the shop in Redis. " * 300
INSERT = """INSERT INTO intents (user_id, description, actor, assignee, assignee_id, metadata)
SELECT 'owner', $1 || n, 'agent:one', 'person', 'owner',
    jsonb_build_object('agent', 'agent:one', 'paths', ARRAY['src/a'])
FROM generate_series(1, 200) AS n"""
REGISTERED = "SELECT count(*) FROM intents WHERE metadata ->> 'agent' = 'agent:two'"


@dataclass
class WatchedWork(TextProcess):
    """The text process; notes what it was asked for, or fails."""

    failure: Exception | None = None
    services: list[Services] = field(default_factory=list)
    asked: list[tuple[int, Any, tuple[Any, ...]]] = field(default_factory=list)
    registered: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    async def run(
        self, characters: int, work: Callable[Parameters, Result], *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> Result:
        self.asked.append((characters, work, args))
        for each in self.services:
            self.registered.append(await each.database.pool.fetchval(REGISTERED))
        if self.failure is not None:
            raise self.failure
        return await super().run(characters, work, *args, **kwargs)


@asynccontextmanager
async def served_with(work: WatchedWork, database_url: str) -> AsyncIterator[str]:
    """The address of a backend with this work."""
    limits: dict[str, Any] = {"database_poll_seconds": 0.3, **NO_RATE_LIMITS}
    async with open_services(Settings(**limits), database_url, name="test") as services:
        watched = replace(services, text_process=work)
        work.services.append(watched)
        async with open_backend(watched) as app, serve(app, 0) as address:
            yield address
    await work.close()


async def test_long_work_is_compared_after_the_commit_in_the_text_process(database_url: str) -> None:
    work = WatchedWork()
    async with served_with(work, database_url) as address, connected(address, name="two") as two:
        await work.services[0].database.pool.execute(INSERT, LONG[:20_000])
        made = await call(two, "create_intent", description=LONG[:20_000], assignee="PERSON", paths=["src"])
        assert len(made["overlaps"]) == MOST
        [(characters, function, (own, others))] = work.asked
        assert function is find_overlaps
        assert characters > 500  # so it runs in the process
        assert work.process is not None
        assert work.process.pid != os.getpid()
        assert len(others) == 199  # with its own, the newest 200
        assert all(len(each.text) <= READ_CHARACTERS for each in (own, *others))
        assert work.registered == [1]  # as another connection sees it
        count = await work.services[0].database.pool.fetchval("SELECT count(*) FROM notifications")
        assert count == MOST


async def test_a_failure_of_the_comparison_does_not_undo_the_write(database_url: str) -> None:
    for failure in (TextProcessError(seconds=20), RuntimeError("broken"), TimeoutError()):
        work = WatchedWork(failure=failure)
        async with served_with(work, database_url) as address, connected(address, name="two") as two:
            await work.services[0].database.pool.execute(INSERT, "x")
            before = await work.services[0].database.pool.fetchval(REGISTERED)
            made = await call(two, "create_intent", description="Tidy the form", assignee="PERSON")
            assert made["status"] == "DONE"
            assert "overlaps" not in made
            assert await work.services[0].database.pool.fetchval(REGISTERED) == before + 1


def test_the_comparison_stops_when_it_has_found_enough() -> None:
    texts = CountedTexts([Work("Tidy the login form")] * 200)
    assert find_overlaps(Work("Tidy the login form"), texts) == [(number, None) for number in range(MOST)]
    assert texts.read == MOST


class CountedTexts(list[Work]):
    """Counts the pieces of work that are read."""

    read = 0

    def __iter__(self) -> Any:
        for each in super().__iter__():
            self.read += 1
            yield each


def test_of_a_text_of_many_words_the_first_are_compared() -> None:
    many = " ".join(f"w{number}" for number in range(10_000))
    japanese = "検索結果を保存する" * 2000
    assert 30 <= len(words_to_compare(many)) <= 60
    assert 30 <= len(words_to_compare(japanese)) <= 60


def test_the_ends_of_a_path_are_found_once() -> None:
    _ends.cache_clear()
    paths = [f"{'*' * (MAX_CHARACTERS - 3)}{number}" for number in range(50)]
    find_overlaps(Work("", ["src/a.py"]), [Work("", paths)] * 200)
    assert _ends.cache_info().misses <= 51
