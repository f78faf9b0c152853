"""AUTH_MODE=token: becoming the first owner, signing out and in, and a session that ends."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.identity.conftest import PASSWORD
from tests.journeys.conftest import until_cached
from tests.journeys.test_first_message import until_intent_arrives
from tests.journeys.test_pages import DESK, serious
from tests.processes import Program, free_port, program

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
OTHER_PASSWORD = "another phrase of some length"


@pytest_asyncio.fixture(loop_scope="session")
async def running(home: str) -> AsyncIterator[Program]:
    port = free_port()
    async with program(
        "run", RESONANT_DATA_DIR=home, PORT=port, AUTH_MODE="token", DATABASE_POLL_SECONDS="0.5"
    ) as started:
        await started.wait_for_output("/sign-in#")
        yield started
        assert await started.stop() == 0, started.output


def link_of(running: Program) -> str:
    found = re.search(r"http://\S+/sign-in#rec_\S+", running.output)
    assert found
    return found[0]


async def fill_in(page: Page, name: str, password: str, button: str) -> None:
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name=button).click()


async def test_becoming_the_owner_signing_out_and_in_and_out_of_another_window(
    running: Program, browser: Browser
) -> None:
    context = await browser.new_context(locale="en-US")
    page = await context.new_page()
    link = link_of(running)
    address = link.partition("/sign-in")[0]
    await page.goto(f"{address}/intents")
    await expect(page).to_have_url(re.compile(r"/sign-in\?next=%2Fintents"))
    await page.goto("about:blank")
    await page.goto(link)
    await fill_in(page, "ann", PASSWORD, "Become the owner")
    await expect(page.get_by_role("textbox", name="Message")).to_be_visible(timeout=15_000)

    other = await context.new_page()
    await other.goto(f"{address}/intents")
    await page.goto(f"{address}/settings")
    await page.get_by_role("button", name="Sign out").click()
    await expect(page).to_have_url(re.compile("/sign-in$"))  # after a sign-out there is no page to return to
    # The other window is notified by its socket and returns to its page later.
    await expect(other).to_have_url(re.compile(r"/sign-in\?next=%2Fintents"))

    await fill_in(other, "ann", "not the password", "Sign in")
    await expect(other.get_by_role("alert")).to_contain_text("The name or the password is wrong.")
    await fill_in(other, "Ann", PASSWORD, "Sign in")
    await expect(other).to_have_url(re.compile(r"/intents$"))
    await page.reload()  # the cookie is sent again, so the sign-in page is left automatically
    await expect(page).to_have_url(re.compile(r":\d+/$"))
    await context.close()


async def test_graphiql_shares_the_session(running: Program, browser: Browser) -> None:
    context = await browser.new_context(locale="en-US", viewport=DESK)
    page = await context.new_page()
    link = link_of(running)
    address = link.partition("/sign-in")[0]
    await page.goto(link)
    await fill_in(page, "ann", PASSWORD, "Become the owner")
    await expect(page.get_by_role("textbox", name="Message")).to_be_visible()

    graphiql = await context.new_page()
    await graphiql.goto(f"{address}/graphiql")
    await expect(graphiql.locator(".graphiql-query-editor")).to_contain_text("viewer")
    execute = graphiql.get_by_role("button", name=re.compile("Execute"))
    result = graphiql.locator(".result-window")
    await execute.click()
    await expect(result).to_contain_text('"displayName": "ann"')

    await graphiql.get_by_role("tab", name=re.compile("Intents")).click()
    await execute.click()
    await expect(graphiql.get_by_role("button", name=re.compile("Stop"))).to_be_visible()
    await until_intent_arrives(graphiql, address)

    await page.goto(f"{address}/settings")
    await page.get_by_role("button", name="Sign out").click()
    await expect(page).to_have_url(re.compile("/sign-in$"))
    await graphiql.get_by_role("tab", name=re.compile("Search")).click()
    await execute.click()
    await expect(result).to_contain_text("UNAUTHENTICATED")
    await context.close()


async def test_signing_out_clears_the_offline_cache(running: Program, browser: Browser) -> None:
    context = await browser.new_context(locale="en-US")
    page = await context.new_page()
    link = link_of(running)
    address = link.partition("/sign-in")[0]
    await page.goto(link)
    await fill_in(page, "ann", PASSWORD, "Become the owner")
    await page.get_by_role("textbox", name="Message").fill("a secret")
    await page.get_by_role("textbox", name="Message").press("Enter")
    await expect(page.get_by_role("log").get_by_role("button", name="Answer again")).to_be_attached()
    await until_cached(page, lambda kept: any(name.startswith("messages/") for name in kept))
    await page.goto(f"{address}/settings")
    await page.get_by_role("button", name="Sign out").click()
    await expect(page).to_have_url(re.compile("/sign-in$"))
    await until_cached(page, lambda kept: kept == {})
    await context.close()


async def test_owner_creates_a_token_changes_the_password_and_reads_the_log(running: Program, browser: Browser) -> None:
    page = await browser.new_page(locale="en-US")
    link = link_of(running)
    address = link.partition("/sign-in")[0]
    await page.goto(link)
    await fill_in(page, "ann", PASSWORD, "Become the owner")
    await expect(page.get_by_role("textbox", name="Message")).to_be_visible(timeout=15_000)
    await page.goto(f"{address}/settings")
    await page.get_by_role("textbox", name="What is it for?").fill("nightly build")
    await page.get_by_role("button", name="Make").click()
    await expect(page.get_by_role("status").filter(has_text="shown this once")).to_contain_text("ret_")

    await page.get_by_role("button", name="Change the password").click()
    await page.get_by_label("Current password").fill(PASSWORD)
    await page.get_by_label(re.compile("^New password(?! again)")).fill(OTHER_PASSWORD)
    await page.get_by_label("New password again").fill(OTHER_PASSWORD)
    assert await serious(page) == []
    await page.get_by_role("button", name="Change the password").click()
    ended = page.get_by_text("You are signed out everywhere else, and your tokens have ended.")
    await expect(ended.first).to_be_visible()
    await expect(page.get_by_role("button", name="End", exact=True)).to_have_count(0)

    await page.reload()
    trail = page.get_by_role("region", name="Security").get_by_role("listitem")
    await expect(trail.nth(0)).to_contain_text("New password: ann")
    await expect(trail.nth(1)).to_contain_text("Token ended: ann")
    await expect(trail.nth(1)).to_contain_text("nightly build")
    await page.get_by_role("button", name="Sign out").click()
    await fill_in(page, "ann", PASSWORD, "Sign in")
    await expect(page.get_by_role("alert")).to_be_visible()
    await fill_in(page, "ann", OTHER_PASSWORD, "Sign in")
    await page.wait_for_url(f"{address}/")
    await page.goto(f"{address}/settings")
    await page.get_by_role("radio", name="Refused sign-ins").click()
    await expect(trail).to_have_count(1)
    await expect(trail.first).to_contain_text("Wrong name or password: ann")
    assert await serious(page) == []
    await page.context.close()
