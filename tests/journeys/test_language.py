"""The page of a Japanese reader: every text of the program is Japanese."""

import re

import pytest
from playwright.async_api import Browser, CDPSession, Page, expect

from tests.journeys.conftest import System, opened
from tests.journeys.test_pages import PAGES, ask

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SETTINGS = {"ANTHROPIC_API_KEY": ""}  # the local rules give keyed reasons
FORMS = (("/intents", "新しいインテント"), ("/memory", "覚える"), ("/", "すべてを検索"))
ENGLISH = re.compile(r"[A-Za-z]+ [a-z]+ [a-z]+")
UNTYPED = 'mutation { createIntent(input: {description: "来週までにテストを実行してください"}) { id } }'
REFUSED = 'mutation { createIntent(input: {description: "テスト", intentType: CODE_EXECUTION}) { id } }'


async def expect_no_english(page: Page) -> None:
    """No text on the page looks like an English sentence once the catalogue has loaded."""
    await expect(page.locator("body")).not_to_contain_text(ENGLISH, use_inner_text=True)


async def test_reasons_and_errors_are_shown_in_japanese(shared_system: System, browser: Browser) -> None:
    async with opened(browser, locale="ja-JP") as page:
        refused = (await ask(page, shared_system, REFUSED))["createIntent"]["id"]
        await page.goto(f"{shared_system.url}/intents/{refused}")
        drawer = page.get_by_role("dialog", name="インテント", exact=True)
        await expect(drawer).to_contain_text("コード実行が有効になっていません")
        await expect_no_english(page)

        untyped = (await ask(page, shared_system, UNTYPED))["createIntent"]["id"]
        await page.goto(f"{shared_system.url}/intents/{untyped}")
        await expect(drawer).to_contain_text("実行を求めています。")
        await expect(drawer).to_contain_text("失敗")

        await page.goto(f"{shared_system.url}/decisions")
        await page.get_by_role("button", name="決定を記録").click()
        await page.get_by_role("textbox", name="決定 1文で").fill("どちらかを使う")
        for option in ("選択肢1", "選択肢2"):
            await page.get_by_role("button", name="選択肢を追加").click()
            await page.get_by_role("textbox", name=option, exact=True).fill("同じ")
        await page.get_by_role("radio", name="「同じ」を採用").first.check()
        await page.get_by_role("button", name="記録する").click()
        await expect(page.get_by_text("同じ選択肢が2つあります。").first).to_be_visible()
        await expect(page.get_by_role("textbox", name="選択肢2", exact=True)).to_have_value("同じ")  # nothing is lost


async def test_versions_of_a_message_are_switched_and_their_actions_undone(
    shared_system: System, browser: Browser
) -> None:
    async with opened(browser, locale="ja-JP") as page:
        await page.goto(shared_system.url)
        field, log = page.get_by_role("textbox", name="メッセージ"), page.get_by_role("log")
        await field.fill("明日の9時に経費精算をリマインドして")
        await field.press("Enter")
        done = log.get_by_role("article", name=re.compile("実行済み: .*経費精算"))
        await expect(done).to_be_visible()
        await log.get_by_role("button", name="編集").click()
        edited = log.get_by_role("textbox", name="メッセージ")
        await edited.fill("明日の9時に家賃の振込をリマインドして")
        await edited.press("Enter")
        await expect(log.get_by_role("article", name=re.compile("実行済み: .*家賃"))).to_be_visible()
        await expect(done).to_have_count(0)
        offer = log.get_by_role("group", name="ほかの版で行われた操作が1件、有効なままです。")
        await offer.get_by_role("button", name="元に戻す").click()
        await expect(offer).to_have_count(0)
        await log.get_by_role("button", name="前の版").press("Enter")
        await expect(log.get_by_role("status").get_by_text("2件中1件目の版")).to_be_attached()
        await expect(log.get_by_role("article", name=re.compile("取り消し済み: .*経費精算"))).to_be_visible()
        await expect(offer).to_be_visible()
        await expect_no_english(page)


async def compose(page: Page, text: str) -> CDPSession:
    """Begin to compose text in the focused field, as an input method does."""
    keyboard = await page.context.new_cdp_session(page)
    selection = {"selectionStart": len(text), "selectionEnd": len(text)}
    await keyboard.send("Input.imeSetComposition", {"text": text, **selection})
    return keyboard


async def test_escape_that_cancels_a_conversion_closes_nothing(shared_system: System, browser: Browser) -> None:
    async with opened(browser, locale="ja-JP") as page:
        for path, button in FORMS:
            await page.goto(shared_system.url + path)
            await page.get_by_role("button", name=button).first.click()
            dialog = page.get_by_role("dialog")
            written = dialog.get_by_role("textbox").or_(dialog.get_by_role("combobox")).first
            await written.fill("書きかけ")
            keyboard = await compose(page, "れびゅー")
            key = {"type": "rawKeyDown", "key": "Escape", "code": "Escape", "windowsVirtualKeyCode": 229}
            await keyboard.send("Input.dispatchKeyEvent", key)
            await page.evaluate("new Promise(requestAnimationFrame)")
            await expect(written).to_have_value(re.compile("^書きかけ"))
            await keyboard.send("Input.insertText", {"text": "レビュー"})
            await expect(written).to_have_value("書きかけレビュー")
            await page.wait_for_timeout(200)  # the key that ended the composition is released
            await page.keyboard.press("Escape")
            await expect(dialog).to_have_count(0)


async def test_no_page_shows_english(shared_system: System, browser: Browser) -> None:
    async with opened(browser, locale="ja-JP") as page:
        await ask(page, shared_system, REFUSED)
        for path in PAGES:
            await page.goto(shared_system.url + path)
            await expect(page.get_by_role("status", name="読み込み中…")).to_have_count(0)
            await expect_no_english(page)
        await expect(page.locator("html")).to_have_attribute("lang", "ja")
