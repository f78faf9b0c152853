"""The web client in Chromium: size, time to first content, and responsiveness

JavaScript is the compressed size sent to the chat page: for a conversation in Markdown, and for one that also needs
the highlighter, a language and KaTeX. Frame times are measured while a wheel scrolls. The latency of a key is measured
from keydown to the frame that shows it, while a reply streams.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from tempfile import mkdtemp

import asyncpg
import httpx
from playwright.async_api import Browser, Page, Response, async_playwright

from app.database.embedded import EmbeddedDatabase
from tests.bench.figures import Figure, p95
from tests.fakes.messages_api import MessagesApi, Scripted, messages_api
from tests.journeys.conftest import CHROMIUM, FLAGS
from tests.processes import new_program, wait_until_ready

MESSAGES = 5_000
ROUNDS = 5
KEYS = 120
PORT = 8179
URL = f"http://127.0.0.1:{PORT}"
REPLY = "Here is *how*:\n\n- first\n- then\n\n```python\nprint(1)\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n$E = mc^2$"

# Measurement scripts, which run before the scripts of the page.
FIRST_DATA = """
const look = () => {
  if (document.querySelector('[role=log] li')?.innerText.trim()) window.firstData = performance.now();
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
FRAMES = """
() => {
  window.frames_ = []; let last = performance.now();
  const look = (now) => { window.frames_.push(now - last); last = now; window.looking = requestAnimationFrame(look); };
  window.looking = requestAnimationFrame(look);
}
"""
LATENCIES = """
() => {
  window.keys = [];
  document.querySelector('main textarea').addEventListener('keydown', (event) => {
    const began = event.timeStamp;
    requestAnimationFrame(() => setTimeout(() => window.keys.push(performance.now() - began)));
  });
}
"""


async def measure() -> list[Figure]:
    if CHROMIUM is None:
        raise SystemExit("this bench needs Chromium (Debian: apt install chromium)")
    async with _system() as (api, conversation), async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        plain, whole = [await _kilobytes(browser, each) for each in (await _short_conversation(), conversation)]
        first = [await _seconds_to_data(browser, conversation) for _ in range(ROUNDS)]
        frames = await _frames(browser, conversation)
        latencies = await _latencies(browser, api, conversation)
        await browser.close()
    return [
        Figure("JavaScript sent to the chat page, compressed", plain, "KB", at_most=200),
        Figure("the same with code and a formula visible", whole, "KB"),
        Figure("navigation to the first message painted, cold cache, median", median(first), "s", at_most=1.0),
        Figure("5,000 messages: longest frame while scrolling", max(frames), "ms", at_most=50),
        Figure("the same, frames over 50 ms", sum(frame > 50 for frame in frames), f"of {len(frames)}", at_most=0),
        Figure("a key to its frame while a reply streams, p95", p95(latencies), "ms", at_most=50),
        Figure("the same, longest", max(latencies), "ms"),
    ]


@asynccontextmanager
async def _system() -> AsyncIterator[tuple[MessagesApi, str]]:
    """The whole product with a conversation of 5,000 messages."""
    home = Path(mkdtemp(prefix="resonant-bench-"))
    database = EmbeddedDatabase(home, say=lambda line: None)
    database.start()
    try:
        async with messages_api(delay=0.01) as api:
            environment = {"ANTHROPIC_API_KEY": "sk-local", "ANTHROPIC_BASE_URL": api.url, "PORT": str(PORT)}
            async with new_program("run", DATABASE_URL=database.dsn("postgres"), **environment) as running:
                await running.wait_for_output("Ctrl-C stops everything.")
                yield api, await _long_conversation(database.dsn("postgres"))
                await running.stop()
    finally:
        database.stop()
        shutil.rmtree(home, ignore_errors=True)


async def _short_conversation() -> str:
    async with httpx.AsyncClient(base_url=URL) as client:
        await wait_until_ready(client)
        send = 'mutation { sendMessage(input: {content: "begin"}) { message { conversation { id } } } }'
        sent = (await client.post("/graphql", json={"query": send})).json()["data"]["sendMessage"]
    conversation: str = sent["message"]["conversation"]["id"]
    return conversation


async def _long_conversation(dsn: str) -> str:
    conversation = await _short_conversation()
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        """
        INSERT INTO messages (user_id, conversation_id, content, message_type)
        SELECT c.user_id, c.id, CASE WHEN n % 2 = 0 THEN 'Question ' || n ELSE $2 || E'\\n\\nThat was answer ' || n END,
               CASE WHEN n % 2 = 0 THEN 'user' ELSE 'kana' END
        FROM conversations c, generate_series(1, $3) n WHERE c.id = $1::uuid ORDER BY n
        """,
        conversation,
        REPLY,
        MESSAGES,
    )
    await connection.close()
    return conversation


@asynccontextmanager
async def _page(browser: Browser, conversation: str) -> AsyncIterator[Page]:
    context = await browser.new_context(locale="en-US", viewport={"width": 1440, "height": 900})
    page = await context.new_page()
    await page.add_init_script(FIRST_DATA)
    yield page
    await context.close()


async def _open(page: Page, conversation: str) -> None:
    await page.goto(f"{URL}/c/{conversation}")
    await page.get_by_role("log").get_by_role("listitem").first.wait_for()


async def _kilobytes(browser: Browser, conversation: str) -> float:
    async with _page(browser, conversation) as page:
        scripts: list[Response] = []
        page.on("response", lambda response: scripts.append(response) if ".js" in response.url else None)
        await _open(page, conversation)
        await page.wait_for_timeout(1500)  # resources loaded after the first paint have arrived
        # The browser reports too little for preloaded scripts, so the sizes come from the responses.
        sizes = [int((await response.all_headers())["content-length"]) for response in scripts]
    return sum(sizes) / 1000


async def _seconds_to_data(browser: Browser, conversation: str) -> float:
    async with _page(browser, conversation) as page:
        await _open(page, conversation)
        milliseconds: float = await page.evaluate("window.firstData")
    return milliseconds / 1000


async def _frames(browser: Browser, conversation: str) -> list[float]:
    """Scroll back to the first message, then up and down."""
    async with _page(browser, conversation) as page:
        await _open(page, conversation)
        await page.wait_for_timeout(1500)
        await page.mouse.move(700, 400)
        first = page.get_by_role("log").get_by_text("begin", exact=True)
        await page.evaluate(FRAMES)
        async with asyncio.timeout(120):
            while not await first.is_visible():
                await page.mouse.wheel(0, -4_000)
                await asyncio.sleep(0.016)
        for direction in (1, -1, 1):
            for _ in range(100):
                await page.mouse.wheel(0, direction * 1_200)
                await asyncio.sleep(0.016)
        frames: list[float] = await page.evaluate("(cancelAnimationFrame(window.looking), window.frames_)")
    return frames[1:]


async def _latencies(browser: Browser, api: MessagesApi, conversation: str) -> list[float]:
    async with _page(browser, conversation) as page:
        await _open(page, conversation)
        field = page.get_by_role("textbox", name="Message")
        api.script(Scripted(pieces=["**word** and `code` "] * 3_000, delay=0.01))
        await field.fill("tell me everything")
        await field.press("Enter")
        await page.get_by_role("button", name="Stop the answer").wait_for()
        await page.evaluate(LATENCIES)
        await field.press_sequentially("x" * KEYS, delay=40)
        await page.wait_for_timeout(300)
        latencies: list[float] = await page.evaluate("window.keys")
    return latencies
