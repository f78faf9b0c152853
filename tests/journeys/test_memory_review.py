"""What was remembered is reviewed with keys, and a hit that is marked as outdated moves down; in both languages."""

from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.journeys.conftest import System, opened
from tests.journeys.test_pages import ask, serious
from tests.journeys.test_screens import WIDER

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SETTINGS = {"ANTHROPIC_API_KEY": ""}  # memories are extracted by rules, at once
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 800}


@dataclass(frozen=True)
class Words:
    """What a reader of one language says and sees."""

    locale: str
    said: tuple[str, str]
    other: str
    question: str
    tab: str
    keep: str
    deleted: str
    undo: str
    empty: str
    search: str
    marked: str
    change: str


ENGLISH = Words(
    locale="en-US",
    said=("My desk is on the third floor.", "I don't like long meetings."),
    other="The desk of the reception is on the ground floor, next to the door and the plants of the landlord",
    question="which floor is my desk on",
    tab="To review ({})",
    keep="Keep",
    deleted="Memory deleted",
    undo="Undo",
    empty="All memories are reviewed",
    search="Search everything",
    marked="you marked it outdated",
    change="Change the memory",
)
JAPANESE = Words(
    locale="ja-JP",
    said=("上司は田中さんです。", "長い会議は好きではありません。"),
    other="前の会社の上司は鈴木さんで、その部下だった人たちは今それぞれ別の部署で働いている",
    question="上司は誰",
    tab="未確認（{}）",
    keep="残す",
    deleted="記憶を削除しました",
    undo="元に戻す",
    empty="未確認の記憶はありません",
    search="すべてを検索",
    marked="「古い」と評価済み",
    change="記憶を直す",
)


async def review(page: Page, words: Words) -> None:
    """Keep one memory and forget the other by keys, take that back, and keep it with its button on a phone."""
    await page.get_by_role("radio", name=words.tab.format(2)).click()
    waiting = page.locator("li[data-memory]")
    await expect(waiting.first).to_be_focused()
    for said in words.said:  # the link has the whole message
        await expect(waiting.first.get_by_role("link")).to_contain_text(said)
    assert await serious(page) == []
    await page.keyboard.press("ArrowDown")
    await expect(waiting.nth(1)).to_be_focused()
    await page.keyboard.press("k")
    await expect(page.get_by_role("radio", name=words.tab.format(1))).to_be_visible()
    await expect(waiting.first).to_be_focused()
    await page.keyboard.press("f")
    await expect(page.get_by_text(words.empty)).to_be_visible()
    await page.locator("[data-toast]", has_text=words.deleted).get_by_role("button", name=words.undo).click()
    await expect(waiting).to_have_count(1)
    await page.set_viewport_size(PHONE)
    assert await page.evaluate(WIDER) <= 0
    await waiting.first.get_by_role("button", name=words.keep).click()
    await expect(page.get_by_text(words.empty)).to_be_visible()


async def search(page: Page, words: Words) -> list[str]:
    """The texts of the hits that answer the question, in their order."""
    await page.keyboard.press("Control+k")
    await page.get_by_role("combobox", name=words.search).fill(words.question)
    hits = page.get_by_role("option").filter(has=page.get_by_role("button", name="Shift+Enter"))
    await expect(hits).to_have_count(2)
    return await hits.all_inner_texts()


@pytest.mark.parametrize("words", [ENGLISH, JAPANESE], ids=["en", "ja"])
@pytest.mark.parametrize("system", [SETTINGS], indirect=True)
async def test_what_was_remembered_is_reviewed_and_an_outdated_hit_moves_down(
    system: System, browser: Browser, words: Words
) -> None:
    async with opened(browser, locale=words.locale) as page:
        await page.set_viewport_size(DESK)
        await ask(page, system, f'mutation {{ saveMemory(input: {{content: "{words.other}"}}) {{ id }} }}')
        await page.goto(system.url)
        await page.locator("main textarea").fill("\n".join(words.said))
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("log").get_by_role("article")).to_have_count(1)
        await page.goto(f"{system.url}/memory")
        await review(page, words)

        for size in (PHONE, DESK):
            await page.set_viewport_size(size)
        first, _ = await search(page, words)
        assert words.said[0] in first
        await page.keyboard.press("Shift+Enter")
        for key in ("ArrowDown", "ArrowDown", "ArrowDown", "Enter"):
            await page.keyboard.press(key)
        outdated = page.get_by_role("option").filter(has_text=words.marked)
        await expect(outdated).to_have_count(1)
        await expect(page.get_by_role("option").filter(has_text=words.change)).to_be_visible()
        assert await serious(page, rules=["color-contrast", "label-content-name-mismatch"]) == []
        await page.keyboard.press("Escape")
        first, second = await search(page, words)
        assert words.other[:9] in first
        assert words.marked in second
