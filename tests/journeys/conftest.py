"""The whole system in processes of its own, with a local Messages API, and a Chromium in front of it."""

import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
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
    running: Program


@pytest.fixture
def home() -> Iterator[str]:
    directory = mkdtemp(prefix="resonant-journey-")
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
async def system(home: str) -> AsyncIterator[System]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    async with messages_api() as api:
        api.delay = 0.05
        environment = {"ANTHROPIC_API_KEY": "sk-local", "ANTHROPIC_BASE_URL": api.url, "ANTHROPIC_MODEL": "local-model"}
        async with program("run", RESONANT_DATA_DIR=home, PORT=port, **environment) as running:
            await running.until_printed("Ctrl-C stops everything.")
            yield System(f"http://127.0.0.1:{port}", api, running)
            assert await running.stop() == 0, running.output


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("the browser journeys need Chromium (Debian: apt install chromium)")
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        await launched.close()


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A page in English that fails the test on any error of its own, and on any request to another host."""
    context = await browser.new_context(locale="en-US", viewport={"width": 1440, "height": 900})
    opened = await context.new_page()
    troubles: list[str] = []
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    opened.on("request", lambda request: troubles.append(request.url) if "//127.0.0.1" not in request.url
              and not request.url.startswith(("data:", "blob:")) else None)  # fmt: skip
    yield opened
    await context.close()
    assert troubles == []
