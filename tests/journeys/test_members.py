"""Two users with a browser each: an invitation, shared decisions, private and shared conversations."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, expect

from tests.identity.conftest import PASSWORD
from tests.journeys.conftest import System, opened
from tests.journeys.test_pages import serious
from tests.processes import CLEAN_ENVIRONMENT, ROOT

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SETTINGS = {"AUTH_MODE": "token", "ANTHROPIC_API_KEY": "", "DATABASE_POLL_SECONDS": "0.5"}
SEND = """
async (query) => {
  const headers = { "Content-Type": "application/json" };
  return (await fetch("/graphql", { method: "POST", headers, body: JSON.stringify({ query }) })).json();
}
"""
CREATE_PROJECT = 'mutation { saveProject(input: {name: "Shop", slug: "shop"}) { id } }'
# The sign-in page asks who is signed in; the browser logs the refusal.
SIGNED_OUT = "401 (Unauthorized)"
REASON = "the new hosts have no Redis"


def signed_out(trouble: str) -> bool:
    return SIGNED_OUT in trouble


async def add_user(system: System, name: str) -> None:
    """Add a user with PASSWORD on the command line, while the server is running."""
    command = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app", "user", "add", name, "--role", "member",
        cwd=ROOT, env=CLEAN_ENVIRONMENT | system.environment, stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await command.communicate(f"{PASSWORD}\n".encode())
    assert command.returncode == 0, output


@asynccontextmanager
async def owner(system: System, browser: Browser) -> AsyncIterator[Page]:
    """The browser of ann, who has become the owner, in English."""
    found = re.search(r"http://\S+/sign-in#rec_\S+", system.running.output)
    assert found
    async with opened(browser, ignore=signed_out) as page:
        await page.goto(found[0])
        await page.get_by_label("Name").fill("ann")
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Become the owner").click()
        await expect(page.get_by_role("textbox", name="Message")).to_be_visible()
        yield page


async def invite(ann: Page, system: System) -> str:
    """The link of an invitation to the new project."""
    created = await ann.evaluate(SEND, CREATE_PROJECT)
    assert "errors" not in created, created
    await ann.goto(f"{system.url}/p/shop/project")
    members = ann.get_by_role("region", name="Members")
    await members.get_by_role("button", name="Create a link").click()
    link = await members.get_by_role("textbox", name="Invitation link").input_value()
    assert link.startswith(f"{system.url}/invite/rei_")
    assert await serious(ann) == []
    return link


async def join(ben: Page, link: str) -> None:
    """Sign in on the way to the invitation, and accept it; afterwards it is used up."""
    await ben.goto(link)
    await expect(ben).to_have_url(re.compile(r"/sign-in\?next=%2Finvite%2Frei_"))
    await ben.get_by_label("名前").fill("ben")
    await ben.get_by_label("パスワード").fill(PASSWORD)
    await ben.get_by_role("button", name="サインイン").click()
    await ben.get_by_role("button", name="プロジェクトに参加").click()
    await expect(ben).to_have_url(re.compile("/p/shop/project$"))
    await ben.goto(link)
    await ben.get_by_role("button", name="プロジェクトに参加").click()
    await expect(ben.get_by_role("alert")).to_contain_text("使用済み")


async def say(page: Page, text: str) -> None:
    field = page.locator("main textarea").last
    await field.fill(text)
    await field.press("Enter")


@pytest.mark.parametrize("system", [SETTINGS], indirect=True)
async def test_two_members_share_decisions_and_keep_private_conversations(system: System, browser: Browser) -> None:
    await add_user(system, "ben")
    async with owner(system, browser) as ann, opened(browser, ignore=signed_out, locale="ja-JP") as ben:
        await join(ben, await invite(ann, system))
        joined = ann.get_by_role("region", name="Members").get_by_role("listitem")
        await expect(joined).to_have_count(2)
        await expect(joined.nth(1)).to_contain_text("ben")

        # A decision said by ann appears for ben, who contradicts it; ann settles that, and ben sees it.
        await ben.goto(f"{system.url}/p/shop/decisions")
        await ann.goto(f"{system.url}/p/shop")
        await say(ann, "We decided on Redis for the cache, not Memcached.")
        await expect(ann).to_have_url(re.compile("/p/shop/c/"))
        conversation = ann.url
        await expect(ben.get_by_role("link", name=re.compile("We decided")).first).to_be_visible()
        await ben.goto(f"{system.url}/p/shop")
        await expect(ben.get_by_role("link", name=re.compile("We decided"))).to_have_count(0)  # the conversation
        await say(ben, "We will use Memcached for the cache.")
        await ben.get_by_role("log").get_by_role("link", name="提案中：対応を選ぶ").click()
        seen = ben.get_by_role("article").first.get_by_role("region", name="矛盾")
        await expect(seen).to_be_visible()

        await ann.goto(f"{system.url}/p/shop/decisions")
        await ann.get_by_role("link", name=re.compile("We will use Memcached")).first.click()
        found = ann.get_by_role("article").first.get_by_role("region", name="Contradictions")
        await found.get_by_role("button", name="Resolve").click()
        settling = ann.get_by_role("dialog", name="Resolve")
        await settling.get_by_role("radio", name=re.compile("Replace the accepted decision")).check()
        await settling.get_by_role("textbox", name=re.compile("Why")).fill(REASON)
        await settling.get_by_role("button", name="Replace the accepted decision").click()
        await expect(found).to_contain_text(REASON)
        await expect(seen).to_contain_text(REASON)
        history = ben.get_by_role("article").first.get_by_role("region", name="履歴")
        await expect(history).to_contain_text("ann")

        # The conversation of ann is hers alone until she shares it.
        await ben.goto(conversation)
        await expect(ben.get_by_text("この会話は存在しません").first).to_be_visible()
        await ann.goto(conversation)
        await ann.get_by_role("button", name="Who sees this conversation: Only you").click()
        await ann.get_by_role("menuitemradio", name="Members of “Shop”").click()
        await expect(ann.get_by_text("All members of “Shop” can read this conversation now.").first).to_be_visible()
        await expect(ben.get_by_role("link", name=re.compile("共有中: We decided"))).to_be_visible()
        await ben.goto(f"{system.url}/p/shop")
        await ben.get_by_role("link", name=re.compile("We decided")).first.click()
        await expect(ben.get_by_role("log").get_by_text("ann", exact=True)).to_be_visible()
        # A reader sees no field to write in, and a removed member sees nothing any more.
        await expect(ben.locator("main textarea")).to_have_count(1)
        await ann.goto(f"{system.url}/p/shop/project")
        await ann.get_by_role("combobox", name="Role of ben").select_option("Reader")
        await expect(ben.get_by_text("「Shop」では閲覧者のため、書き込めません。")).to_be_visible()
        await expect(ben.locator("main textarea")).to_have_count(0)
        await ann.get_by_role("button", name="Remove ben").click()
        await ann.get_by_role("button", name="Remove", exact=True).click()
        await expect(ben.get_by_text("「Shop」は利用できなくなりました").first).to_be_visible()
        await expect(ben).not_to_have_url(re.compile("/p/shop"))
        await expect(joined).to_have_count(1)
