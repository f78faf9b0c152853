"""The drawer of an intent: resolving a contradiction, and watching a code session."""

import asyncio
import re

import pytest
from playwright.async_api import Page, expect

from tests.fakes.messages_api import Scripted
from tests.journeys.conftest import System
from tests.journeys.test_conversation import log, say
from tests.journeys.test_pages import ask

pytestmark = pytest.mark.browser
DECIDE = """
mutation { recordDecision(input: {
  title: "Use PostgreSQL as the database", options: [{label: "PostgreSQL"}, {label: "MySQL"}], chosen: "PostgreSQL"
}) { id } }
"""
NEWEST = "{ intents(first: 1) { edges { node { id } } } }"


# Without a key, the local rules find contradictions.
@pytest.mark.parametrize("system", [{"ANTHROPIC_API_KEY": ""}], indirect=True)
async def test_intent_against_a_decision_waits_and_continues_after_resolution(system: System, page: Page) -> None:
    await ask(page, system, DECIDE)
    await page.goto(system.url)
    await say(page, "Store the orders in MySQL by next week")
    action = log(page).get_by_role("list", name="Actions").get_by_role("listitem")
    await expect(action).to_contain_text("Needs confirmation")
    await expect(log(page).get_by_role("list", name="Intents from this message")).to_have_count(0)  # shown once

    bell = page.get_by_role("button", name=re.compile("Notifications, 1 unread"))
    await expect(bell).to_be_visible()
    [newest] = (await ask(page, system, NEWEST))["intents"]["edges"]
    await page.goto(f"{system.url}/intents/{newest['node']['id']}")
    drawer = page.get_by_role("dialog", name="Intent")
    found = drawer.get_by_role("region", name="Contradictions")
    await expect(found).to_contain_text("Another technology than decided")
    await expect(found.get_by_role("link", name=re.compile("ADR 1: Use PostgreSQL"))).to_be_visible()

    await found.get_by_role("button", name="Resolve").click()
    settling = page.get_by_role("dialog", name="Resolve")
    await expect(settling.get_by_role("button", name="Keep the decision")).to_be_disabled()
    await settling.get_by_role("radio", name=re.compile("Replace the decision")).check()
    settle = settling.get_by_role("button", name="Replace the decision")
    await settling.get_by_role("textbox", name=re.compile("Why")).fill("the orders come from a MySQL shop")
    await settle.click()
    await expect(found).to_contain_text("Replaced")
    await expect(found).to_contain_text("the orders come from a MySQL shop")
    await drawer.get_by_role("button", name="Hand to the assistant").click()
    explained = page.get_by_role("dialog", name="No language model is configured")
    await expect(explained.get_by_role("link", name="Settings")).to_be_visible()
    await explained.get_by_role("button", name="Close").click()
    await drawer.get_by_role("button", name="Finish with a note").click()
    noted = page.get_by_role("dialog", name="Finish with a note")
    await noted.get_by_role("textbox", name="What was done?").fill("moved over night")
    await noted.get_by_role("button", name="Complete").click()
    await expect(drawer.get_by_text("moved over night").first).to_be_visible()
    await expect(drawer.get_by_text("Done", exact=True).first).to_be_visible()
    await expect(drawer.get_by_role("button", name="Reopen")).to_be_visible()


@pytest.mark.parametrize("system", [{"CODE_WORKSPACE": "{home}/workspace"}], indirect=True)
async def test_code_session_shows_each_tool_call(system: System, page: Page) -> None:
    pytest.importorskip("claude_agent_sdk")
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
