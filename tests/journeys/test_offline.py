"""The page without its server: it opens, says so, keeps drafts and unsent messages, and loads a new build."""

import re

import httpx
import pytest
from playwright.async_api import Page, expect

from tests.journeys.conftest import System, until_cached
from tests.journeys.test_conversation import field, log, say
from tests.journeys.test_pages import CREATE_ROWS, ask

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
LARGEST_DRAWING = "Math.max(...[...document.querySelectorAll('svg')].map((each) => each.getBoundingClientRect().width))"
KEPT = "navigator.serviceWorker.ready.then(() => caches.keys())"


async def test_page_without_server_says_so_and_sends_messages_later(system: System, shaky_page: Page) -> None:
    page = shaky_page
    await page.goto(system.url)
    await say(page, "hello")
    await expect(log(page).get_by_text("You said: hello")).to_be_visible()
    assert re.fullmatch(r"shell-[0-9a-f]{16}", *await page.evaluate(KEPT))
    await field(page).fill("half a thought")

    await system.kill()
    await page.reload()
    await expect(page.get_by_text("Connecting…").first).to_be_visible()
    assert await page.evaluate(LARGEST_DRAWING) < 64, "a banner's icon has lost its size"
    await expect(field(page)).to_have_value("half a thought")
    await say(page, "is anybody in the tunnel?")
    await expect(log(page).get_by_text("Goes as soon as the connection is back")).to_be_visible()
    await page.goto(f"{system.url}/overview")  # a page that was not opened before
    await expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    await page.go_back()
    await expect(log(page).get_by_text("is anybody in the tunnel?", exact=True)).to_be_visible()

    await system.start()
    await expect(log(page).get_by_text("You said: is anybody in the tunnel?")).to_be_visible()
    await expect(log(page).get_by_text("is anybody in the tunnel?", exact=True)).to_have_count(1)


async def test_cached_rows_are_shown_without_server_until_it_returns(system: System, shaky_page: Page) -> None:
    page = shaky_page
    created_rows = await ask(page, system, CREATE_ROWS)
    await page.goto(f"{system.url}/memory")
    await expect(page.get_by_text("The deploy key is in the vault").first).to_be_visible()
    # Rows are cached shortly after they are shown; leaving the page earlier would lose them.
    await until_cached(page, lambda kept: "The deploy key is in the vault" in kept.get("memories", ""))
    await page.goto(system.url)
    await say(page, "what is a tunnel?")
    await expect(log(page).get_by_text("You said: what is a tunnel?")).to_be_visible()
    conversation = page.url
    read = {
        "conversations": "what is a tunnel?",
        "memories": "The deploy key is in the vault",
        f"messages/{conversation.rsplit('/', 1)[1]}": "You said: what is a tunnel?",
    }
    await until_cached(page, lambda kept: all(words in kept.get(name, "") for name, words in read.items()))

    await system.kill()
    await page.reload()
    await expect(log(page).get_by_text("You said: what is a tunnel?")).to_be_visible()
    await expect(page.get_by_text("Connecting…").first).to_be_visible()
    await page.get_by_role("link", name="Memory", exact=True).click()
    await expect(page.get_by_text("The deploy key is in the vault").first).to_be_visible()
    await page.goto(f"{system.url}/specifications/{created_rows['saveSpecification']['id']}")  # not cached
    await expect(page.get_by_role("alert").filter(has_text="The server cannot be reached.").first).to_be_visible()
    await page.goto(conversation)
    await expect(log(page).get_by_text("You said: what is a tunnel?")).to_be_visible()

    await page.context.set_offline(True)  # until it is deleted on the server
    await system.start()
    gone = f'mutation {{ deleteConversation(id: "{conversation.rsplit("/", 1)[1]}") }}'
    async with httpx.AsyncClient() as client:
        assert "errors" not in (await client.post(f"{system.url}/graphql", json={"query": gone})).json()
    await page.context.set_offline(False)
    await expect(page.get_by_role("navigation", name="Conversations").get_by_role("link")).to_have_count(0)


async def test_cached_page_never_hides_the_page_of_the_server(system: System, page: Page) -> None:
    await page.goto(system.url)
    await page.evaluate(KEPT)
    await page.evaluate("caches.keys().then(async ([name]) => (await caches.open(name)).put('/', new Response('old')))")
    await page.reload()
    await expect(field(page)).to_be_visible()
    kept = await page.evaluate(
        "caches.keys().then(async ([name]) => (await (await caches.open(name)).keys()).map((each) => each.url))"
    )
    assert not [url for url in kept if "/graphql" in url or "/graphiql" in url]
