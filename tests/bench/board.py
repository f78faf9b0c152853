"""The board in Chromium with 5,000 items: time to the first card, and frames while a card is dragged

The first card is measured from the start of the navigation, with a cold cache and a warm server. The card is dragged
over the next column and back, and dropped in it.
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
from playwright.async_api import Browser, Page, async_playwright

from app.database.embedded import EmbeddedDatabase
from tests.bench.figures import Figure
from tests.bench.web import FRAMES
from tests.journeys.conftest import CHROMIUM, FLAGS
from tests.processes import new_program, wait_until_ready

ITEMS = 5_000
ROUNDS = 6
STEPS = 120
PORT = 8178
URL = f"http://127.0.0.1:{PORT}"

FIRST_CARD = """
const look = () => {
  if (document.querySelector('[data-card]')) window.firstCard = performance.now();
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


async def measure() -> list[Figure]:
    if CHROMIUM is None:
        raise SystemExit("this bench needs Chromium (Debian: apt install chromium)")
    async with _system(), async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        first = [await _seconds_to_card(browser) for _ in range(ROUNDS)][1:]
        frames = await _frames(browser)
        await browser.close()
    return [
        Figure(
            "board of 5,000 items: navigation to the first card, cold cache, median", median(first), "s", at_most=1.0
        ),
        Figure("the same, longest of five", max(first), "s"),
        Figure("dragging and dropping a card: longest frame", max(frames), "ms", at_most=50),
        Figure("the same, frames over 50 ms", sum(frame > 50 for frame in frames), f"of {len(frames)}", at_most=0),
    ]


@asynccontextmanager
async def _system() -> AsyncIterator[None]:
    """The whole product with 5,000 items, a third of them completed."""
    home = Path(mkdtemp(prefix="resonant-bench-"))
    database = EmbeddedDatabase(home, say=lambda line: None)
    database.start()
    try:
        async with new_program("run", DATABASE_URL=database.dsn("postgres"), PORT=str(PORT)) as running:
            await running.wait_for_output("Ctrl-C stops everything.")
            await _insert_items(database.dsn("postgres"))
            yield
            await running.stop()
    finally:
        database.stop()
        shutil.rmtree(home, ignore_errors=True)


async def _insert_items(dsn: str) -> None:
    create = 'mutation { createIntent(input: {description: "seed", assignee: PERSON, intentType: TASK}) { id } }'
    async with httpx.AsyncClient(base_url=URL) as client:
        await wait_until_ready(client)
        await client.post("/graphql", json={"query": create})
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        """
        INSERT INTO intents (user_id, project_id, description, intent_type, status, assignee, labels, priority, actor,
                             metadata, max_attempts)
        SELECT i.user_id, i.project_id, 'Item ' || n || ' of the list of work that has to be done', 'task',
               CASE WHEN n % 3 = 0 THEN 'completed' ELSE 'pending' END, 'person', ARRAY['l' || n % 7], n % 10, i.actor,
               '{}', i.max_attempts
        FROM intents i, generate_series(1, $1) n
        """,
        ITEMS,
    )
    await connection.close()


@asynccontextmanager
async def _board(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(locale="en-US", viewport={"width": 1440, "height": 900})
    page = await context.new_page()
    await page.add_init_script(FIRST_CARD)
    await page.goto(f"{URL}/intents")
    await page.locator("[data-card]").first.wait_for()
    yield page
    await context.close()


async def _seconds_to_card(browser: Browser) -> float:
    async with _board(browser) as page:
        await page.wait_for_function("window.firstCard !== undefined")
        milliseconds: float = await page.evaluate("window.firstCard")
    return milliseconds / 1000


async def _frames(browser: Browser) -> list[float]:
    """Drag the first card over the board and back, then drop it in the next column."""
    async with _board(browser) as page:
        await page.wait_for_timeout(2_500)  # what the page loads after its first paint has arrived
        waiting = page.get_by_role("region", name="Waiting")
        card = await waiting.locator("[data-card]").first.bounding_box()
        target = await page.get_by_role("region", name="Working").bounding_box()
        assert card is not None
        assert target is not None
        left, top = card["x"] + 60, card["y"] + 45
        await page.evaluate(FRAMES)
        await page.mouse.move(left, top)
        await page.mouse.down()
        for step in range(STEPS):
            way = 1 - abs((step % 60) - 30) / 30
            await page.mouse.move(left + (target["x"] - card["x"]) * way + 20, top + 100 * (1 - way))
            await asyncio.sleep(0.016)
        await page.mouse.move(target["x"] + 80, target["y"] + 150)
        await page.mouse.up()
        await page.get_by_role("region", name="Working").locator("[data-card]").first.wait_for()
        await page.wait_for_timeout(1_000)
        frames: list[float] = await page.evaluate("(cancelAnimationFrame(window.looking), window.frames_)")
    return frames[1:]
