"""Numbers in a reply lead to the records that it cites, in English and Japanese."""

import os
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, Page, expect

from tests.fakes.messages_api import Scripted
from tests.journeys.conftest import System, opened
from tests.journeys.test_conversation import log
from tests.journeys.test_pages import ask

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
REMEMBER = 'mutation { saveMemory(input: {content: "%s"}) { id } }'
DELETE = 'mutation { deleteMemory(id: "%s") }'
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
EN = {
    "language": "en-US",
    "record": "The deploy key lies in the vault of Kyoto",
    "question": "Where does the deploy key lie?",
    "answer": "It lies in the vault of Kyoto [1], and not in `a[1]` or the attic [9].",
    "shown": "It lies in the vault of Kyoto [1], and not in a[1] or the attic.",
    "card": "Source 1",
    "kind": "Memory",
    "open": "Open",
    "why": "Why this answer",
    "counts": "1 retrieved · 1 given · 1 cited",
    "gone": "No longer available",
    "field": "Message",
}
JA = {
    "language": "ja-JP",
    "record": "予備の鍵は京都の銀行の三階の貸金庫にあり、担当は佐藤さんです。毎年四月に点検します。",
    "question": "予備の鍵の担当は誰で、どこにありますか？",
    "answer": "京都の金庫にあります[1]。`a[1]`や屋根裏[9]にはありません。",
    "shown": "京都の金庫にあります[1]。a[1]や屋根裏にはありません。",
    "card": "出典1",
    "kind": "記憶",
    "open": "開く",
    "why": "この返信の根拠",
    "counts": "検索1件 · 使用1件 · 引用1件",
    "gone": "現在は参照できません",
    "field": "メッセージ",
}


async def screenshot(page: Page, name: str) -> None:
    """For a person who looks at the pages: CITATION_SHOTS is the folder."""
    if folder := os.environ.get("CITATION_SHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled")


@pytest.mark.parametrize("words", [EN, JA], ids=["en", "ja"])
async def test_a_number_in_a_reply_shows_the_record_and_leads_to_it(
    shared_system: System, browser: Browser, words: dict[str, str]
) -> None:
    system = shared_system
    async with opened(browser, locale=words["language"]) as page:
        memory = (await ask(page, system, REMEMBER % words["record"]))["saveMemory"]["id"]
        await page.goto(system.url)
        system.api.script(Scripted(pieces=[words["answer"][:-20], words["answer"][-20:]]))
        field = page.get_by_role("textbox", name=words["field"], exact=True)
        await field.fill(words["question"])
        await field.press("Enter")
        await expect(log(page)).to_contain_text(words["shown"])

        number = log(page).get_by_role("button", name=f"{words['card']}")
        await expect(number).to_have_text("[1]")
        await number.hover()
        card = page.get_by_role("dialog", name=words["card"])
        await expect(card).to_contain_text(words["record"])
        await expect(card).to_contain_text(words["kind"])
        await page.mouse.move(0, 0)
        await expect(card).to_have_count(0)

        await number.focus()
        await page.keyboard.press("Enter")
        await expect(card).to_be_focused()
        await shots(page, words["language"][:2])
        await page.keyboard.press("Escape")
        await expect(card).to_have_count(0)
        await expect(number).to_be_focused()

        await log(page).get_by_role("button", name=words["why"]).click()
        given = page.get_by_role("dialog", name=words["why"])
        await expect(given).to_contain_text(words["counts"])
        await expect(given.get_by_role("listitem").filter(has_text=words["record"])).to_contain_text("[1]")
        await shots(page, f"{words['language'][:2]}-context")
        await page.keyboard.press("Escape")
        await expect(given).to_have_count(0)

        address = page.url
        await number.click()
        await card.get_by_role("link", name=words["open"]).click()
        await expect(page).to_have_url(f"{system.url}/memory/{memory}")
        await ask(page, system, DELETE % memory)
        await page.goto(address)
        await expect(log(page).get_by_title(words["gone"])).to_have_text("[1]")
        await expect(number).to_have_count(0)


async def shots(page: Page, name: str) -> None:
    """What is shown, in the widths and colours of a phone and a desk."""
    if "CITATION_SHOTS" not in os.environ:
        return
    for width in (390, 1280):
        for scheme in SCHEMES:
            await page.set_viewport_size({"width": width, "height": 800})
            await page.emulate_media(color_scheme=scheme)
            await screenshot(page, f"{name}-{width}-{scheme}")
