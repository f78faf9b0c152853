"""The context of a reply, next to the reply and before the message is sent."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.fakes.messages_api import Scripted
from tests.journeys.conftest import System
from tests.journeys.test_conversation import field, log, say
from tests.journeys.test_pages import ask

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SETTINGS = {"MEMORY_CONTEXT_TOKENS": "2400"}  # too small for a long message
REMEMBER = 'mutation { saveMemory(input: {content: "The deploy key lies in the vault of Kyoto"}) { id } }'
LAYERS = ["Instructions", "Remembered", "What is asked"]


async def names_of(sections: Locator) -> list[str | None]:
    return [await section.get_attribute("aria-label") for section in await sections.all()]


async def test_reply_shows_its_context_and_composer_previews_it(shared_system: System, page: Page) -> None:
    system = shared_system
    memory = (await ask(page, system, REMEMBER))["saveMemory"]["id"]
    await page.goto(system.url)
    await field(page).fill("Where does the deploy key lie?")
    await page.get_by_role("button", name="What would be used").click()
    preview = page.get_by_role("dialog", name="What would be used")
    await expect(preview.get_by_role("region", name="Remembered")).to_contain_text("vault of Kyoto")
    assert await names_of(preview.get_by_role("region")) == LAYERS
    await page.keyboard.press("Escape")
    await expect(preview).to_have_count(0)
    await expect(field(page)).to_have_value("Where does the deploy key lie?")
    await field(page).press("Enter")
    await expect(log(page).get_by_text("You said: Where does the deploy key lie?")).to_be_visible()

    await log(page).get_by_role("button", name="Why this answer").click()
    given = page.get_by_role("dialog", name="Why this answer")
    found = given.get_by_role("region", name="Remembered").get_by_role("listitem")
    await expect(found).to_contain_text("vault of Kyoto")
    await expect(found).to_contain_text(re.compile(r"\d+ tokens\s*score \d\.\d+"))
    assert await names_of(given.get_by_role("region")) == LAYERS
    await expect(given.get_by_role("img", name=re.compile(r"^[\d,]+ of 1,\d+ tokens$"))).to_be_visible()
    await found.get_by_role("link").click()
    await expect(page).to_have_url(f"{system.url}/memory/{memory}")
    await expect(given).to_have_count(0)


async def test_context_names_layers_that_exceed_the_budget(shared_system: System, page: Page) -> None:
    system = shared_system
    await page.goto(system.url)
    system.api.script(*(Scripted(pieces=[answer]) for answer in ("Once upon.", "A time.", "Happily.")))
    await say(page, "A long story. " + "It was a dark and stormy night. " * 160)
    await expect(log(page).get_by_text("Once upon.")).to_be_visible()
    await say(page, "Go on.")
    await expect(log(page).get_by_text("A time.")).to_be_visible()
    await say(page, "And how did it end?")
    last = log(page).get_by_role("listitem").filter(has_text="Happily.")
    await last.get_by_role("button", name="Why this answer").click()
    given = page.get_by_role("dialog", name="Why this answer")
    await expect(given).to_contain_text("The budget had no room for all of: The conversation before.")
    before = given.get_by_role("region", name="The conversation before")
    await expect(before).to_contain_text("A time.")
    await expect(before).not_to_contain_text("stormy")
