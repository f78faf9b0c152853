"""The whole system in separate processes, with a local Messages API and a Chromium browser."""

import asyncio
import shutil
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.fakes.messages_api import MessagesApi, messages_api
from tests.homes import add_migrated_database, new_directory
from tests.processes import Program, free_port, program
from tests.timeouts import TIMEOUT

expect.set_options(timeout=TIMEOUT / 4 * 1000)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip

# The rows of the browser's offline cache as JSON, by name.
OFFLINE_ROWS = """
async () => (await indexedDB.databases()).length === 0 ? {} : new Promise((resolve) => {
  indexedDB.open("resonant").onsuccess = ({ target: { result: database } }) => {
    database.transaction("rows").objectStore("rows").getAll().onsuccess = ({ target: { result: kept } }) => {
      database.close();
      resolve(Object.fromEntries(kept.map(({ key, rows }) => [key.slice(key.indexOf("/") + 1), JSON.stringify(rows)])));
    };
  };
})
"""


async def until_cached(page: Page, fits: Callable[[dict[str, str]], bool]) -> None:
    """Wait until the offline cache, rows as JSON by name, fulfils the condition."""
    async with asyncio.timeout(TIMEOUT / 4):
        while not fits(await page.evaluate(OFFLINE_ROWS)):  # noqa: ASYNC110 - a browser can only be polled
            await asyncio.sleep(0.1)


@dataclass
class System:
    """A running `python -m app run` at `url`, answered by `api`."""

    url: str
    api: MessagesApi
    environment: dict[str, str]
    running: Program = field(init=False)
    _programs: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def start(self) -> None:
        self.running = await self._programs.enter_async_context(program("run", **self.environment))
        await self.running.wait_for_output("Ctrl-C stops everything.")

    async def kill(self) -> None:
        """End it the hard way, in the middle of whatever it does."""
        await self.running.stop(signal.SIGKILL)

    async def close(self) -> None:
        try:
            assert await self.running.stop() == 0, self.running.output
        finally:
            await self._programs.aclose()


@contextmanager
def _directory() -> Iterator[str]:
    directory = new_directory("journey")
    (directory / "workspace").mkdir()
    add_migrated_database(directory)
    yield str(directory)
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def home() -> Iterator[str]:
    with _directory() as directory:
        yield directory


@asynccontextmanager
async def _running(home: str, named: dict[str, str]) -> AsyncIterator[System]:
    """Start the system with these settings, an empty one unset; {home} in them is the data directory."""
    port = free_port()
    async with messages_api() as api:
        api.delay = 0.05
        defaults = {
            "RESONANT_DATA_DIR": home,
            "PORT": port,
            "ANTHROPIC_API_KEY": "sk-local",
            "ANTHROPIC_BASE_URL": api.url,
            "ANTHROPIC_MODEL": "local-model",
            "GRAPHQL_RATE_LIMIT_POINTS": "0",  # tests open pages faster than people
        }
        chosen = defaults | {name: value.format(home=home) for name, value in named.items()}
        environment = {name: value for name, value in chosen.items() if value}
        running = System(f"http://127.0.0.1:{port}", api, environment)
        await running.start()
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def system(home: str, request: pytest.FixtureRequest) -> AsyncIterator[System]:
    """A system for one test, with the settings of the fixture's parameter."""
    async with _running(home, getattr(request, "param", {})) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shared_system(request: pytest.FixtureRequest) -> AsyncIterator[System]:
    """One system for the tests of a module, which share its rows; the module's SETTINGS configure it."""
    with _directory() as home:
        async with _running(home, getattr(request.module, "SETTINGS", {})) as running:
            yield running


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("the browser journeys need Chromium (Debian: apt install chromium)")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all journeys, which run in the event loop of the session; each has its own page and storage."""
    async with launched() as running:
        yield running


@asynccontextmanager
async def opened(
    browser: Browser, *, ignore: Callable[[str], bool] = lambda trouble: False, locale: str = "en-US"
) -> AsyncIterator[Page]:
    context = await browser.new_context(locale=locale, viewport={"width": 1440, "height": 900})
    page = await context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: troubles.append(request.url) if "//127.0.0.1" not in request.url
            and not request.url.startswith(("data:", "blob:")) else None)  # fmt: skip
    yield page
    await context.close()
    assert [trouble for trouble in troubles if not ignore(trouble)] == []


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A page in English that fails the test on console errors and on requests to other hosts."""
    async with opened(browser) as page:
        yield page


@pytest_asyncio.fixture(loop_scope="session")
async def shaky_page(browser: Browser) -> AsyncIterator[Page]:
    """Like `page`, for tests that stop the server or the network: such console errors are ignored."""
    async with opened(browser, ignore=lambda trouble: "net::ERR_" in trouble or "WebSocket" in trouble) as page:
        yield page
