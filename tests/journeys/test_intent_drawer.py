"""The drawer of an intent: watching a code session."""

import asyncio

import pytest
from playwright.async_api import Page, expect

from tests.fakes.messages_api import Scripted
from tests.journeys.conftest import System
from tests.journeys.test_pages import ask

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


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
