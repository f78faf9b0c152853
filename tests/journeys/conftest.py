"""The whole system in processes of its own, with a local Messages API, and a Chromium in front of it."""

import shutil
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from tempfile import mkdtemp

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.fakes.messages_api import MessagesApi, messages_api
from tests.patience import PATIENCE
from tests.processes import Program, program

expect.set_options(timeout=PATIENCE / 4 * 1000)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


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
        await self.running.until_printed("Ctrl-C stops everything.")

    async def kill(self) -> None:
        """End it the hard way, in the middle of whatever it does."""
        await self.running.stop(signal.SIGKILL)

    async def close(self) -> None:
        try:
            assert await self.running.stop() == 0, self.running.output
        finally:
            await self._programs.aclose()


@pytest.fixture
def home() -> Iterator[str]:
    directory = mkdtemp(prefix="resonant-journey-")
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
async def system(home: str, request: pytest.FixtureRequest) -> AsyncIterator[System]:
    """The system with the settings that the test names as the fixture's parameter."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    async with messages_api() as api:
        api.delay = 0.05
        named: dict[str, str] = getattr(request, "param", {})
        environment = {
            "RESONANT_DATA_DIR": home,
            "PORT": port,
            "ANTHROPIC_API_KEY": "sk-local",
            "ANTHROPIC_BASE_URL": api.url,
            "ANTHROPIC_MODEL": "local-model",
            **named,
        }
        running = System(f"http://127.0.0.1:{port}", api, environment)
        await running.start()
        yield running
        await running.close()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("the browser journeys need Chromium (Debian: apt install chromium)")
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        await launched.close()


@asynccontextmanager
async def _opened(browser: Browser, *, ignore: Callable[[str], bool]) -> AsyncIterator[Page]:
    context = await browser.new_context(locale="en-US", viewport={"width": 1440, "height": 900})
    opened = await context.new_page()
    troubles: list[str] = []
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    opened.on("request", lambda request: troubles.append(request.url) if "//127.0.0.1" not in request.url
              and not request.url.startswith(("data:", "blob:")) else None)  # fmt: skip
    yield opened
    await context.close()
    assert [trouble for trouble in troubles if not ignore(trouble)] == []


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A page in English that fails the test on any error of its own, and on any request to another host."""
    async with _opened(browser, ignore=lambda trouble: False) as opened:
        yield opened


@pytest.fixture
async def shaky_page(browser: Browser) -> AsyncIterator[Page]:
    """The same for a test that takes the server or the network away, of which Chromium complains in the console."""
    async with _opened(browser, ignore=lambda trouble: "net::ERR_" in trouble or "WebSocket" in trouble) as opened:
        yield opened
