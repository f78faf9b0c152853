"""A file is dropped, asked about, and still there after the server was killed."""

import base64
import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.fakes.messages_api import Scripted
from tests.files.samples import png
from tests.journeys.conftest import System, opened

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
# Drops a file on an element, or pastes it, as a browser does.
GIVE = """
([target, kind, name, type, content]) => {
  const bytes = Uint8Array.from(atob(content), (each) => each.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { type }));
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
    : new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
  return document.querySelector(target).dispatchEvent(event);
}
"""


async def give(page: Page, target: str, kind: str, name: str, media_type: str, content: bytes) -> None:
    """The page must handle the event, or the browser would leave it."""
    encoded = base64.b64encode(content).decode()
    assert not await page.evaluate(GIVE, [target, kind, name, media_type, encoded])


def is_expected(trouble: str) -> bool:
    """The refused file, and the requests while the server is away."""
    return "400 (Bad Request)" in trouble or "ERR_CONNECTION" in trouble or "WebSocket connection" in trouble


async def test_dropped_file_is_asked_about_and_still_there_after_a_restart(system: System, browser: Browser) -> None:
    async with opened(browser, ignore=is_expected) as page:
        await walk(system, page)


async def walk(system: System, page: Page) -> None:
    system.api.script(Scripted(pieces=["The deadline is 3 March."]))
    await page.goto(system.url)
    field = page.get_by_role("textbox", name="Message")
    await expect(field).to_be_visible()
    await give(page, "body", "drop", "plan.txt", "text/plain", b"The deadline of the audit is 3 March.")
    await give(page, "textarea", "paste", "image.png", "image/png", png(40, 30))
    files = page.get_by_role("list", name="Attached files")
    await expect(files.get_by_role("listitem")).to_have_count(2)
    await expect(files.get_by_role("progressbar")).to_have_count(0)
    await give(page, "body", "drop", "wrong.zip", "application/zip", b"PK\x03\x04" + bytes(100))
    await expect(files.get_by_role("alert")).to_contain_text("cannot be attached")
    await files.get_by_role("button", name="Remove wrong.zip").click()

    await page.reload()  # the draft has its files
    await expect(files.get_by_role("listitem")).to_have_count(2)
    await field.fill("When is the deadline?")
    await field.press("Enter")
    log = page.get_by_role("log")
    await expect(log.get_by_text("The deadline is 3 March.")).to_be_visible()
    content = system.api.requests[-1]["messages"][-1]["content"]
    assert "The deadline of the audit is 3 March." in content[0]["text"]
    assert [block["type"] for block in content] == ["text", "text", "image", "text"]

    await system.kill()
    await system.start()
    await page.reload()
    sent = log.get_by_role("list", name="Attached files")
    async with page.expect_download() as downloading:
        await sent.get_by_role("link", name="Download plan.txt").click()
    assert (await downloading.value).suggested_filename == "plan.txt"
    await sent.get_by_role("button", name="Show image.png").click()
    picture = page.get_by_role("dialog").get_by_role("img", name="image.png")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 40
    await page.keyboard.press("Escape")

    await page.get_by_role("link", name=re.compile("Decisions")).first.click()
    await give(page, "main", "drop", "plan.txt", "text/plain", b"nothing opens")
    await expect(page).to_have_url(re.compile("/decisions"))
