"""The list of conversations, and editing of messages."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.journeys.conftest import System
from tests.journeys.test_conversation import field, log, say

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def begin(page: Page, system: System, words: str) -> None:
    await page.goto(system.url)
    await say(page, words)
    await expect(log(page).get_by_text(f"You said: {words}")).to_be_visible()


async def choose(page: Page, title: str, action: str) -> None:
    await page.get_by_role("button", name=f"Actions for “{title}”").click()
    await page.get_by_role("menuitem", name=action).click()


def listed(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Conversations")


async def test_conversation_is_renamed_archived_restored_and_deleted(shared_system: System, page: Page) -> None:
    await begin(page, shared_system, "what is an outbox?")
    await expect(listed(page).get_by_role("region", name="Today")).to_have_count(0)
    await expect(listed(page).get_by_role("heading", name="Today")).to_be_visible()
    await choose(page, "what is an outbox?", "Rename")
    naming = page.get_by_role("dialog", name="Rename the conversation")
    await naming.get_by_label("Name").fill("Outboxes")
    await naming.get_by_label("Name").press("Enter")
    await expect(page.get_by_role("heading", name="Outboxes", level=1)).to_be_visible()

    await choose(page, "Outboxes", "Archive")
    await expect(page).to_have_url(f"{shared_system.url}/")
    await expect(listed(page).get_by_role("link", name="Outboxes")).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await choose(page, "Outboxes", "Archive")
    await expect(listed(page).get_by_role("link", name="Outboxes")).to_have_count(0)
    await page.get_by_role("button", name="Show archived").click()
    await choose(page, "Outboxes", "Restore")
    await page.get_by_role("button", name="Hide archived").click()
    await listed(page).get_by_role("link", name="Outboxes").click()
    await expect(log(page).get_by_text("You said: what is an outbox?")).to_be_visible()

    address = page.url
    await choose(page, "Outboxes", "Delete")
    await expect(page).to_have_url(f"{shared_system.url}/")
    await expect(listed(page).get_by_role("link", name="Outboxes")).to_have_count(0)
    await page.goto(address)
    await expect(page.get_by_text("This conversation does not exist")).to_be_visible()


async def test_edited_message_replaces_what_follows(shared_system: System, page: Page) -> None:
    await begin(page, shared_system, "what is a leese?")
    await say(page, "and a fence?")
    await expect(log(page).get_by_text("You said: and a fence?")).to_be_visible()
    first = log(page).get_by_role("listitem").first
    await first.get_by_role("button", name="Edit").click()
    editing = first.get_by_role("textbox", name="Message")
    await editing.fill("nothing of this")
    await editing.press("Escape")
    await expect(first.get_by_text("what is a leese?", exact=True)).to_be_visible()
    await first.get_by_role("button", name="Edit").click()
    await editing.fill("what is a lease?")
    await editing.press("Enter")
    await expect(log(page).get_by_text("You said: what is a lease?")).to_be_visible()
    await expect(log(page).get_by_text("leese")).to_have_count(0)
    await expect(log(page).get_by_text("fence")).to_have_count(0)
    await page.reload()
    await expect(log(page).get_by_role("listitem")).to_have_count(2)
    await expect(field(page)).to_have_value("")


async def test_message_is_deleted_with_its_reply(shared_system: System, page: Page) -> None:
    await begin(page, shared_system, "what is a cursor?")
    await say(page, "forget this")
    await expect(log(page).get_by_text("You said: forget this")).to_be_visible()
    said = log(page).get_by_role("listitem").filter(has=page.get_by_text("forget this", exact=True))
    await said.get_by_role("button", name="Delete").click()
    await expect(log(page).get_by_text("forget this")).to_have_count(0)
    await expect(log(page).get_by_role("listitem")).to_have_count(2)
    await page.get_by_role("button", name="Undo").click()
    await expect(log(page).get_by_role("listitem")).to_have_count(4)
    await expect(log(page).get_by_role("listitem").last).to_contain_text("You said: forget this")
    await expect(page).to_have_title(re.compile("Chat"))
