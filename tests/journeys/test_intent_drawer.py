"""The drawer of an intent: watching a code session, and changing one or all of what repeats."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Locator, Page, expect

from tests.fakes.messages_api import Scripted
from tests.journeys.conftest import System
from tests.journeys.test_pages import ask

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SETTINGS = {"CODE_WORKSPACE": "{home}/workspace"}
MONDAY = datetime(2099, 1, 5, 9, tzinfo=UTC)
WEEKLY = """
mutation { createIntent(input: {description: "write the report", assignee: PERSON, intentType: TASK,
  dueAt: "2099-01-05T09:00:00Z", recurrence: "FREQ=WEEKLY;BYDAY=MO"}) { id } }
"""


async def test_code_session_shows_each_tool_call(shared_system: System, page: Page) -> None:
    pytest.importorskip("claude_agent_sdk")
    system = shared_system
    goes_on = asyncio.Event()
    file = f"{system.environment['CODE_WORKSPACE']}/hello.txt"
    system.api.script(
        Scripted(pieces=["I write."], tool=("Write", {"file_path": file, "content": "hello"})),
        Scripted(pieces=["All of it ", "is written."], last_after=goes_on),
    )
    mutation = 'mutation { createIntent(input: {description: "write hello.txt", intentType: CODE_EXECUTION}) { id } }'
    intent = (await ask(page, system, mutation))["createIntent"]["id"]
    await page.goto(f"{system.url}/intents/{intent}")
    drawer = page.get_by_role("dialog", name="Intent")
    await drawer.get_by_role("button", name="Accept").click()
    runs = drawer.get_by_role("region", name="Code sessions")
    await expect(runs.get_by_text("Write", exact=True)).to_be_visible()
    await expect(runs).to_contain_text("hello.txt")
    await expect(runs.get_by_text("1 call")).to_be_visible()
    await expect(drawer.get_by_text("Working", exact=True).first).to_be_visible()  # it is still being written
    goes_on.set()
    await expect(drawer.get_by_text("All of it is written.")).to_be_visible()
    await runs.get_by_text("Write", exact=True).click()
    await expect(runs.get_by_text("Input", exact=True)).to_be_visible()


async def put(drawer: Locator, time: datetime, scope: str) -> None:
    """Move repeating work to another time, by the keyboard."""
    await drawer.get_by_role("button", name=re.compile("^Due: ")).press("Enter")
    await drawer.get_by_label("Date and time").fill(time.strftime("%Y-%m-%dT%H:%M"))
    await drawer.get_by_role("radio", name=scope).press("Enter")
    await drawer.get_by_label("Date and time").press("Control+Enter")
    await expect(drawer.get_by_role("button", name="Save")).to_have_count(0)


async def test_one_or_all_of_repeating_work_is_changed_over_a_month(shared_system: System, page: Page) -> None:
    await ask(page, shared_system, WEEKLY)
    drawer = page.get_by_role("dialog", name="Intent", exact=True)

    async def open_day(day: datetime, title: str, shown: str) -> None:
        """On this day, the only work that is due is open in the drawer."""
        await page.clock.set_fixed_time(day.replace(hour=0, minute=1))
        await page.goto(f"{shared_system.url}/intents")
        await page.get_by_role("radio", name="My day").click()
        due = page.get_by_role("main").get_by_role("link", name="write the")
        await expect(due).to_have_text(title)
        await due.press("Enter")
        await expect(drawer.get_by_role("button", name=f"Due: {shown}", exact=True)).to_be_visible()

    async def complete() -> None:
        await drawer.get_by_role("button", name="Complete").press("Enter")
        await expect(drawer.get_by_text("Done", exact=True).first).to_be_visible()

    weeks = [MONDAY + timedelta(weeks=count) for count in range(5)]
    await open_day(weeks[0], "write the report", "9:00 AM")
    await put(drawer, weeks[0] + timedelta(days=1, hours=5), "Only this one")
    await expect(drawer.get_by_role("button", name="Repeats: Every week on Monday")).to_be_visible()
    await complete()

    await open_day(weeks[1], "write the report", "9:00 AM")
    await put(drawer, weeks[1] + timedelta(days=2, hours=1), "This and all following")
    await expect(drawer.get_by_role("button", name="Repeats: Every week on Wednesday")).to_be_visible()
    await complete()

    await open_day(weeks[2] + timedelta(days=2), "write the report", "10:00 AM")
    await drawer.get_by_role("button", name="Edit the text").press("Enter")
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.type("write the short report")
    await page.keyboard.press("Control+Enter")
    await expect(drawer.get_by_role("button", name="Edit the text")).to_be_focused()
    await complete()

    await open_day(weeks[3] + timedelta(days=2), "write the short report", "10:00 AM")
    await drawer.get_by_role("button", name=re.compile("^Repeats: ")).press("Enter")
    await drawer.get_by_role("combobox", name=re.compile("^Repeats")).select_option("Does not repeat")
    await page.keyboard.press("Control+Enter")
    await expect(drawer.get_by_role("button", name="Repeats: Does not repeat")).to_be_focused()
    await complete()

    await page.clock.set_fixed_time(weeks[4] + timedelta(days=4))
    await page.goto(f"{shared_system.url}/intents")
    await page.get_by_role("radio", name="My day").click()
    await expect(page.get_by_text("Nothing is due today")).to_be_visible()
