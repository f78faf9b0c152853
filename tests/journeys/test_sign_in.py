"""The browser journey of AUTH_MODE=token: becoming the first owner, signing out and in, and a session that ends."""

import re
import socket
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.identity.conftest import PASSWORD
from tests.processes import Program, program

pytestmark = pytest.mark.browser


@pytest.fixture
async def running(home: str) -> AsyncIterator[Program]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    async with program("run", RESONANT_DATA_DIR=home, PORT=port, AUTH_MODE="token", POLL_SECONDS="0.5") as started:
        await started.until_printed("/sign-in#")
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
    await expect(page).to_have_url(re.compile("/sign-in"))
    # The other window is told by its socket and remembers where it was.
    await expect(other).to_have_url(re.compile(r"/sign-in\?next=%2Fintents"), timeout=15_000)

    await fill_in(other, "ann", "not the password", "Sign in")
    await expect(other.get_by_role("alert")).to_contain_text("The name or the password is wrong.")
    await fill_in(other, "Ann", PASSWORD, "Sign in")
    await expect(other).to_have_url(re.compile(r"/intents$"), timeout=15_000)
    await page.reload()  # the cookie is there again: it leaves the sign-in page by itself
    await expect(page).to_have_url(re.compile(r":\d+/(settings)?$"))
    await context.close()
