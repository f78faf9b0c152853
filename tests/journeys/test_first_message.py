"""From typing a message to its notification, and the state after a reload."""

import asyncio
import re
from contextlib import suppress

import pytest
from playwright.async_api import Page, expect

from tests.fakes.messages_api import Scripted
from tests.journeys.conftest import System

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
REQUEST = "summarise the auth design by next week"


async def say(page: Page, text: str) -> None:
    field = page.get_by_role("textbox", name="Message")
    await field.fill(text)
    await field.press("Enter")


async def test_from_typing_to_the_notification(system: System, page: Page) -> None:
    words = [f"word{number} " for number in range(40)]
    seen = asyncio.Event()
    system.api.script(Scripted(pieces=words, last_after=seen), Scripted(pieces=["# The design\n\nAll of it."]))
    await page.goto(system.url)
    await say(page, REQUEST)
    log = page.get_by_role("log")
    await expect(log.get_by_text(REQUEST).first).to_be_visible()

    await expect(log.get_by_text("word3")).to_be_visible()  # the reply streams in ...
    await expect(log.get_by_text("word39")).to_have_count(0)  # ... word by word
    seen.set()
    action = log.get_by_role("list", name="Actions").get_by_role("listitem")
    await expect(action).to_contain_text(REQUEST)
    await expect(log.get_by_text("word39")).to_be_visible()
    await expect(action.get_by_role("button", name="Done")).to_be_visible()
    await expect(page.get_by_text("Done", exact=True).first).to_be_visible()

    bell = page.get_by_role("button", name=re.compile("Notifications, 1 unread"))
    await expect(bell).to_be_visible()
    await expect(page).to_have_title(re.compile(r"\(1\)"))
    await bell.click()
    await page.get_by_role("button", name="Mark all as read").click()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Notifications", exact=True)).to_be_visible()

    await page.reload()
    await expect(log.get_by_text("word39")).to_be_visible()
    await expect(action.get_by_role("button", name="Done")).to_be_visible()


async def test_stop_keeps_the_partial_reply_and_regenerating_shows_another_version(system: System, page: Page) -> None:
    system.api.script(Scripted(pieces=["endless "] * 2000, delay=0.02), Scripted(pieces=["a better answer"]))
    await page.goto(system.url)
    await say(page, "what is a lease?")
    log = page.get_by_role("log")
    await expect(log.get_by_text("endless endless")).to_be_visible()
    await page.get_by_role("button", name="Stop the answer").click()
    await expect(log.get_by_text("Stopped")).to_be_visible()
    await expect(log.get_by_text("endless endless")).to_be_visible()
    await page.get_by_role("button", name="Answer again").click()
    await expect(log.get_by_text("a better answer")).to_be_visible()
    await expect(log.get_by_text("endless")).to_have_count(0)
    await log.get_by_role("button", name="Earlier version").press("Enter")
    await expect(log.get_by_text("endless endless")).to_be_visible()
    await expect(log.get_by_text("a better answer")).to_have_count(0)
    await expect(log.get_by_role("button", name="Earlier version")).to_be_focused()
    await log.get_by_role("button", name="Later version").press("Enter")
    await expect(log.get_by_text("a better answer")).to_be_visible()


async def test_reply_continues_without_the_page_and_can_be_stopped_after_a_reload(system: System, page: Page) -> None:
    system.api.script(Scripted(pieces=["endless "] * 2000, delay=0.02))
    await page.goto(system.url)
    await say(page, "what is a lease?")
    log = page.get_by_role("log")
    await expect(log.get_by_text("endless endless")).to_be_visible()
    before = len(await log.inner_text())
    address = page.url
    await page.goto("about:blank")
    await page.wait_for_timeout(500)
    await page.goto(address)
    await expect(page.get_by_role("button", name="Stop the answer")).to_be_visible()
    await expect(log.get_by_text("endless endless")).to_be_visible()
    assert len(await log.inner_text()) > before
    await page.get_by_role("button", name="Stop the answer").click()
    await expect(log.get_by_text("Stopped")).to_be_visible()
    await page.reload()
    await expect(log.get_by_text("Stopped")).to_be_visible()
    await expect(page.get_by_role("button", name="Stop the answer")).to_have_count(0)


async def test_failed_reply_shows_the_reason_and_can_be_retried(system: System, page: Page) -> None:
    system.api.script(Scripted(status=401))
    await page.goto(system.url)
    await say(page, "hello?")
    log = page.get_by_role("log")
    await expect(log.get_by_role("alert")).to_contain_text("does not accept the API key")
    await log.get_by_role("button", name="Try again").click()
    await expect(log.get_by_text("You said: hello?")).to_be_visible()


async def test_two_windows_show_the_same_messages(system: System, page: Page) -> None:
    await page.goto(system.url)
    await say(page, "what is a fence?")
    await expect(page).to_have_url(re.compile("/c/"))
    other = await page.context.new_page()
    await other.goto(page.url)
    await say(page, "and a cursor?")
    await expect(other.get_by_role("log").get_by_text("You said: and a cursor?")).to_be_visible()


async def until_intent_arrives(page: Page, address: str) -> None:
    """Create intents until GraphiQL's subscription shows one: the page does not show when it has subscribed."""
    mutation = 'mutation { createIntent(input: {description: "keep this", intentType: REMEMBER}) { id } }'
    result = page.locator(".result-window")
    for _ in range(20):
        await page.request.post(f"{address}/graphql", data={"query": mutation}, headers={"origin": address})
        with suppress(AssertionError):
            await expect(result).to_contain_text("keep this", timeout=3_000)
            return
    await expect(result).to_contain_text("keep this")


async def test_graphiql_runs_a_query_and_a_subscription(system: System, page: Page) -> None:
    await page.goto(f"{system.url}/graphiql")
    await expect(page.locator(".graphiql-query-editor")).to_contain_text("viewer")
    await page.get_by_role("button", name=re.compile("Execute")).click()
    await expect(page.locator(".result-window")).to_contain_text("local-model")
    await page.get_by_role("tab", name=re.compile("Intents")).click()
    await page.get_by_role("button", name=re.compile("Execute")).click()
    await until_intent_arrives(page, system.url)

    await page.get_by_role("tab", name=re.compile("Search")).click()
    await page.get_by_role("button", name=re.compile("Execute")).click()
    await expect(page.locator(".result-window")).to_contain_text('"search"')
