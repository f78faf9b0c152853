"""A conversation: input methods, hostile text, scrolling back, lost connections and killed servers."""

import asyncio
import json
import re
from urllib.parse import unquote

import pytest
from playwright.async_api import CDPSession, Locator, Page, expect

from tests.fakes.messages_api import Scripted
from tests.journeys.conftest import System
from tests.journeys.test_pages import SETTLED
from tests.timeouts import TIMEOUT

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
ASKED = "how do I count\nto *two*?"
ORDERLY = "First:\n\n```python\nprint(1)\nprint(2)\n```\n\nThen **rest**."
ON_THE_CLIPBOARD = "async (text) => (await navigator.clipboard.readText()) === text"
HOSTILE = (
    "<script>window.hurt = 1</script><img src=x onerror='window.hurt = 1'> [link](javascript:window.hurt=1) "
    "$\\href{javascript:window.hurt=1}{x}$ <iframe srcdoc='<script>top.hurt=1</script>'></iframe>\n\n"
)


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message")


def log(page: Page) -> Locator:
    return page.get_by_role("log")


async def say(page: Page, text: str) -> None:
    await field(page).fill(text)
    await field(page).press("Enter")


async def press_taken(keyboard: CDPSession) -> None:
    """Press Enter as Chromium reports it while an input method handles the key."""
    for kind in ("rawKeyDown", "keyUp"):
        await keyboard.send(
            "Input.dispatchKeyEvent",
            {"type": kind, "key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229},
        )


async def test_enter_of_an_input_method_does_not_send(shared_system: System, page: Page) -> None:
    await page.goto(shared_system.url)
    await field(page).click()
    keyboard = await page.context.new_cdp_session(page)
    for composed in ("n", "に", "にほ", "にほんご"):
        end = len(composed)
        await keyboard.send("Input.imeSetComposition", {"text": composed, "selectionStart": end, "selectionEnd": end})
    await press_taken(keyboard)
    await keyboard.send("Input.insertText", {"text": "日本語"})
    await expect(field(page)).to_have_value("日本語")
    await expect(log(page)).to_have_count(0)
    await page.wait_for_timeout(200)  # the key that ended the composition is released
    await page.keyboard.press("Enter")
    await expect(log(page).get_by_text("You said: 日本語")).to_be_visible()


async def test_hostile_text_is_harmless(system: System, page: Page) -> None:
    words = HOSTILE + "x" * 200_000
    system.api.script(Scripted(pieces=[words]))
    await page.goto(system.url)
    await say(page, words)
    await expect(log(page).get_by_role("button", name="Answer again")).to_be_attached()
    await expect(page.get_by_role("article").locator(".prose-reply")).to_contain_text("xxxx")
    assert await page.evaluate("window.hurt") is None
    assert await log(page).locator("script, img, iframe, [onerror], a[href^='javascript']").count() == 0
    for width in (1440, 360):
        await page.set_viewport_size({"width": width, "height": 800})
        wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert await page.evaluate(wider) is False


async def test_scrolling_back_is_not_disturbed_and_reads_pages(system: System, page: Page) -> None:
    await page.goto(system.url)
    await say(page, "the very first words")
    await expect(log(page).get_by_text("You said: the very first words")).to_be_visible()
    conversation = page.url.rsplit("/", 1)[1]
    for begin in (0, 20):
        said = " ".join(
            f'm{n}:sendMessage(input: {{content: "number {n}", conversationId: "{conversation}"}}) {{ reply {{ id }} }}'
            for n in range(begin, begin + 20)
        )
        answer = await page.request.post(f"{system.url}/graphql", data={"query": f"mutation {{ {said} }}"})
        assert "errors" not in await answer.json()
    await expect(log(page).get_by_text("You said: number 39")).to_be_visible()
    assert await log(page).get_by_role("listitem").count() < 40  # only visible rows are in the document

    await log(page).hover()
    first = log(page).get_by_text("the very first words", exact=True)
    async with asyncio.timeout(TIMEOUT):
        while not await first.is_visible():
            await page.mouse.wheel(0, -2500)
            await page.wait_for_timeout(50)
    await page.mouse.wheel(0, -2500)
    await page.wait_for_function("document.querySelector('[role=log]').scrollTop === 0")  # scrolling has ended
    before = await first.bounding_box()
    system.api.script(Scripted(pieces=["new words below "] * 50, delay=0.01))
    asked = f'sendMessage(input: {{content: "and now?", conversationId: "{conversation}"}}) {{ reply {{ id }} }}'
    await page.request.post(f"{system.url}/graphql", data={"query": f"mutation {{ {asked} }}"})
    await page.wait_for_timeout(1500)
    assert await first.bounding_box() == before
    await page.get_by_role("button", name="To the newest message").click()
    await expect(log(page).get_by_text("new words below").last).to_be_visible()


async def test_message_written_while_disconnected_is_sent_once_after_reconnecting(
    shared_system: System, shaky_page: Page
) -> None:
    page = shaky_page
    await page.goto(shared_system.url)
    await say(page, "hello")
    await expect(log(page).get_by_text("You said: hello")).to_be_visible()
    await page.context.set_offline(True)
    await say(page, "is anybody in the tunnel?")
    await expect(log(page).get_by_text("Goes as soon as the connection is back")).to_be_visible()
    await expect(log(page).get_by_text("You said: hello")).to_be_visible()  # messages stay readable
    await page.context.set_offline(False)
    await expect(log(page).get_by_text("You said: is anybody in the tunnel?")).to_be_visible()
    await expect(log(page).get_by_text("is anybody in the tunnel?", exact=True)).to_have_count(1)


async def test_drafts_are_kept_and_a_conversation_is_found_exported_and_archived(
    shared_system: System, page: Page
) -> None:
    await page.goto(shared_system.url)
    await say(page, "what is a lease?")
    await expect(log(page).get_by_text("You said: what is a lease?")).to_be_visible()
    await field(page).fill("half a thought")
    await page.get_by_role("link", name="New conversation").click()
    await expect(field(page)).to_have_value("")
    await page.get_by_role("searchbox", name="Search by title").fill("LEASE")
    await page.get_by_role("link", name="what is a lease?").click()
    await expect(field(page)).to_have_value("half a thought")

    async def export(name: str) -> str:
        await page.get_by_role("button", name="Actions for “what is a lease?”").click()
        async with page.expect_download() as downloading:
            await page.get_by_role("menuitem", name=name).click()
        path = await (await downloading.value).path()
        return path.read_text()

    assert re.search(r"## You · .*\n\nwhat is a lease\?\n\n## Kana · ", await export("Export as Markdown"))
    exported = json.loads(await export("Export as JSON"))
    assert [each["content"] for each in exported["messages"]] == ["what is a lease?", "You said: what is a lease?"]


async def test_conversation_opens_at_its_end_and_stays_there_until_the_reader_scrolls(
    system: System, page: Page
) -> None:
    system.api.script(Scripted(pieces=["# A long answer\n\n" + "Of many words. " * 400]))
    await page.goto(system.url)
    await say(page, "tell me everything")
    await expect(log(page).get_by_role("button", name="Answer again")).to_be_visible()
    await say(page, "and in short?")
    await expect(log(page).get_by_text("You said: and in short?")).to_be_visible()
    to_newest = page.get_by_role("button", name="To the newest message")
    for _ in range(3):
        await page.reload(wait_until="networkidle")
        await expect(log(page).get_by_text("You said: and in short?")).to_be_in_viewport()
        await expect(
            log(page).get_by_role("heading", name="A long answer")
        ).to_be_attached()  # it is rendered as Markdown
        await page.evaluate(SETTLED)
        await expect(to_newest).to_have_count(0)
        await expect(log(page).get_by_text("You said: and in short?")).to_be_in_viewport()
    await log(page).hover()
    await page.mouse.wheel(0, -600)
    await expect(to_newest).to_be_visible()
    await page.set_viewport_size({"width": 1200, "height": 900})  # every row is measured again
    await page.evaluate(SETTLED)
    await expect(to_newest).to_be_visible()


async def test_copy_copies_the_source_text_and_a_diagram_is_drawn(system: System, page: Page) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=system.url)
    system.api.script(Scripted(pieces=[ORDERLY]))
    await page.goto(system.url)
    await say(page, ASKED)
    said, answered = log(page).get_by_role("listitem").first, log(page).get_by_role("article")
    for within, button, text in (
        (answered, "Copy", ORDERLY),
        (answered, "Copy the code", "print(1)\nprint(2)"),
        (said, "Copy", ASKED),
    ):
        await within.get_by_role("button", name=button, exact=True).click()
        await page.wait_for_function(ON_THE_CLIPBOARD, arg=text, timeout=TIMEOUT / 4 * 1000)

    # A diagram is drawn by the library itself, and its source stays available.
    system.api.script(Scripted(pieces=["```mermaid\nflowchart LR\n  A[設計] --> B[実装]\n```"]))
    await say(page, "draw it")
    diagram = log(page).get_by_role("img", name="Diagram")
    await expect(diagram).to_be_visible()
    assert await diagram.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 50
    assert "設計" in unquote(await diagram.get_attribute("src") or "")
    await expect(log(page).get_by_text("flowchart LR")).to_be_attached()


@pytest.mark.parametrize("system", [{"WORKER_LEASE_SECONDS": "3"}], indirect=True)
async def test_server_killed_during_a_reply_loses_and_repeats_nothing(system: System, shaky_page: Page) -> None:
    page = shaky_page
    words = [f"word{number} " for number in range(60)]
    system.api.script(Scripted(pieces=words, delay=0.1))
    await page.goto(system.url)
    await say(page, "tell me everything")
    await expect(log(page).get_by_text("word5")).to_be_visible()
    await system.kill()
    await expect(page.get_by_text("Reconnecting…").first).to_be_visible()
    await say(page, "are you still there?")
    await expect(log(page).get_by_text("Goes as soon as the connection is back")).to_be_visible()
    await system.start()
    await expect(log(page).get_by_text("You said: are you still there?")).to_be_visible()
    answer = log(page).get_by_role("article").locator(".prose-reply").first
    await expect(answer).to_have_text("You said: tell me everything")  # the reply starts again without its earlier text
    await expect(log(page).get_by_text("are you still there?", exact=True)).to_have_count(1)
    await page.reload()
    await expect(log(page).get_by_text("tell me everything", exact=True)).to_have_count(1)
    await expect(log(page).get_by_text("are you still there?", exact=True)).to_have_count(1)
    await expect(log(page).get_by_role("article").locator(".prose-reply")).to_have_count(2)
