"""The page of a Japanese reader: every text of the program is Japanese; projects and the palette in both languages."""

import re
from collections.abc import Mapping

import pytest
from playwright.async_api import Browser, CDPSession, Page, expect

from tests.journeys.conftest import System, opened
from tests.journeys.test_pages import PAGES, ask, serious

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SETTINGS = {"ANTHROPIC_API_KEY": ""}  # the local rules give keyed reasons
FORMS = (("/intents", "新しいインテント"), ("/memory", "覚える"), ("/", "すべてを検索"))
ENGLISH = re.compile(r"[A-Za-z]+ [a-z]+ [a-z]+")
UNTYPED = 'mutation { createIntent(input: {description: "来週までにテストを実行してください"}) { id } }'
REFUSED = 'mutation { createIntent(input: {description: "テスト", intentType: CODE_EXECUTION}) { id } }'


HIDE_COMMANDS = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("pre { display: none }");
    document.adoptedStyleSheets = [sheet];
}"""


async def expect_no_english(page: Page) -> None:
    """No text on the page, but for commands, looks like an English sentence once the catalogue has loaded."""
    await page.evaluate(HIDE_COMMANDS)
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


EN = {
    "locale": "en-US", "projects": "Shop Site", "new": "New project", "name": "Name", "find": "Find a project",
    "chat": "New conversation", "message": "Message", "done": "Done: ", "add": "Add a to-do",
    "postgresql": "We decided to use PostgreSQL for the database", "mysql": "We decided to use MySQL for the database",
    "work": "Rebuild the user store on MySQL", "held": "Needs confirmation", "open": "Waiting",
    "move": "Move to a project", "undo": "Undo", "archive": "Archive the project", "all": "All projects",
    "plants": "water the plants tomorrow at 9am", "water": "water the plants", "task": "New to-do: ",
    "search": "Search everything", "complete": "complete", "drawer": "Intent", "closed": "Done",
    "go": "trash", "empty": "The trash is empty", "dark": "dark",
    "restore": "Restore the project",
    "wish": "Add a task for me: prepare the slides for Friday's review", "finished": "I finished the slides",
    "thing": "prepare the slides",
}  # fmt: skip
JA = {
    "locale": "ja-JP", "projects": "店舗 サイト", "new": "新しいプロジェクト", "name": "名前",
    "find": "プロジェクトを検索", "chat": "新しい会話", "message": "メッセージ", "done": "実行済み: ",
    "add": "ToDoを追加", "postgresql": "データベースはPostgreSQLに決定しました",
    "mysql": "データベースはMySQLに決定しました", "work": "ユーザーの保存先をMySQLで作り直す",
    "held": "確認待ち", "open": "待機中", "move": "プロジェクトに移動", "undo": "元に戻す",
    "archive": "プロジェクトをアーカイブ", "all": "すべてのプロジェクト", "restore": "アーカイブから戻す",
    "plants": "明日の9時に植木に水をやる", "water": "植木に水をやる", "task": "新しいToDo：",
    "search": "すべてを検索", "complete": "完了", "drawer": "インテント", "closed": "完了",
    "go": "ごみ箱", "empty": "ごみ箱は空です", "dark": "ダーク",
    "wish": "金曜までに請求書を作るToDoを追加して", "finished": "請求書できました", "thing": "請求書を作る",
}  # fmt: skip


async def create_project(page: Page, words: Mapping[str, str], name: str) -> None:
    await page.get_by_role("dialog").get_by_role("textbox", name=words["name"], exact=True).fill(name)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name=name)).to_be_visible()
    await expect(page).to_have_url(re.compile("/p/[a-z0-9-]+/project$"))


async def switch(page: Page, words: Mapping[str, str], name: str) -> None:
    await expect(page.get_by_role("banner")).to_be_visible()  # the keys work once the projects are known
    await page.keyboard.press("Control+p")
    await page.get_by_role("combobox", name=words["find"]).fill(name)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("banner").get_by_text(name)).to_be_visible()


async def decide(page: Page, words: Mapping[str, str], decision: str) -> None:
    await page.get_by_role("link", name=words["chat"]).click()
    field = page.get_by_role("textbox", name=words["message"])
    await field.fill(decision)
    await field.press("Enter")
    await expect(page).to_have_url(re.compile("/p/[a-z0-9-]+/c/"))
    await expect(page.get_by_role("log").get_by_role("article", name=re.compile(words["done"]))).to_be_visible()


@pytest.mark.parametrize("words", [EN, JA], ids=["en", "ja"])
async def test_a_decision_of_one_project_does_not_hold_work_of_another(
    shared_system: System, browser: Browser, words: Mapping[str, str]
) -> None:
    first, second = words["projects"].split()
    async with opened(browser, locale=words["locale"]) as page:
        await page.goto(f"{shared_system.url}/settings")
        await page.get_by_role("button", name=words["new"]).click()
        await create_project(page, words, first)
        await decide(page, words, words["postgresql"])
        await page.keyboard.press("Control+p")
        await page.get_by_role("option", name=words["new"]).click()
        await create_project(page, words, second)
        assert await serious(page) == []
        await decide(page, words, words["mysql"])  # the other decision contradicts only in its own project
        conversation = page.url

        await page.goto(page.url.partition("/c/")[0] + "/intents")
        for project, column in ((second, "open"), (first, "held")):
            await switch(page, words, project)
            await page.get_by_role("textbox", name=re.compile(words["add"])).fill(words["work"])
            await page.keyboard.press("Enter")
            await expect(page.get_by_role("list", name=words[column])).to_contain_text(words["work"])
            await expect(page.get_by_role("link", name=words["work"])).to_have_count(1)

        await switch(page, words, second)
        await page.goto(page.url.removesuffix("/intents"))
        rows = page.get_by_role("navigation").get_by_role("listitem").filter(has_text="MySQL")
        await rows.get_by_role("button").press("Enter")
        await page.get_by_role("menuitem", name=words["move"]).press("ArrowRight")
        await page.get_by_role("menuitem", name=first).press("Enter")
        await expect(rows).to_have_count(0)
        await page.get_by_role("button", name=words["undo"]).click()
        await expect(rows).to_have_count(1)

        await page.goto(page.url.rstrip("/") + "/project/settings")
        assert await serious(page) == []
        await page.get_by_role("button", name=words["archive"]).click()
        await expect(page.get_by_role("heading", name=words["all"])).to_be_visible()
        await page.keyboard.press("Control+p")
        await expect(page.get_by_role("option", name=first)).to_be_visible()
        await expect(page.get_by_role("option", name=second)).to_have_count(0)
        assert await serious(page) == []

        await page.goto(re.sub("/p/[^/]*", "", conversation))  # an old link
        await page.get_by_role("main").get_by_role("button", name=words["restore"]).click()
        await expect(page.get_by_role("textbox", name=words["message"])).to_be_visible()
        await page.goto(f"{shared_system.url}/notifications")
        await page.get_by_role("main").get_by_role("button", name=re.compile(first)).first.click()
        await expect(page).to_have_url(re.compile("/intents/"))


@pytest.mark.parametrize("words", [EN, JA], ids=["en", "ja"])
async def test_the_palette_adds_finds_opens_completes_and_leads_to_pages_by_the_keyboard_alone(
    shared_system: System, browser: Browser, words: Mapping[str, str]
) -> None:
    async with opened(browser, locale=words["locale"]) as page:
        await page.goto(f"{shared_system.url}/overview")
        await expect(page.get_by_role("main")).to_be_visible()

        async def choose(typed: str, option: str) -> None:
            await page.keyboard.press("ControlOrMeta+k")
            await page.get_by_role("combobox", name=words["search"]).press_sequentially(typed)
            wanted = page.get_by_role("option", name=option).first
            await expect(wanted).to_be_visible()
            await expect(page.get_by_role("listbox")).to_have_attribute("aria-busy", "false")
            while await wanted.get_attribute("aria-selected") != "true":
                await page.keyboard.press("ArrowDown")
            await page.keyboard.press("Enter")
            await expect(page.get_by_role("combobox", name=words["search"])).to_have_count(0)

        await choose(words["plants"], words["task"] + words["plants"])
        await expect(page.get_by_role("textbox", name=re.compile(words["add"]))).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("link", name=words["water"])).to_be_visible()

        await choose(words["water"], words["water"])
        drawer = page.get_by_role("dialog", name=words["drawer"], exact=True)
        await expect(drawer.get_by_text(words["water"]).first).to_be_visible()
        await choose(words["complete"], words["water"])
        await expect(drawer.get_by_text(words["closed"], exact=True).first).to_be_visible()
        await choose(words["go"], words["go"])
        await expect(page).to_have_url(re.compile("/trash$"))
        await choose(words["dark"], words["dark"])
        await expect(page.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize("words", [EN, JA], ids=["en", "ja"])
async def test_to_do_is_added_and_done_by_talk_and_put_back(
    shared_system: System, browser: Browser, words: Mapping[str, str]
) -> None:
    async with opened(browser, locale=words["locale"]) as page:
        await page.goto(shared_system.url)
        field = page.get_by_role("textbox", name=words["message"])
        done = page.get_by_role("log").get_by_role("article", name=re.compile(words["done"]))
        for said, count in ((words["wish"], 1), (words["finished"], 2)):
            await field.fill(said)
            await field.press("Enter")
            await expect(done).to_have_count(count)
        for index in range(2):
            await expect(done.nth(index)).to_contain_text(words["thing"])

        await page.goto(f"{shared_system.url}/intents")
        await expect(page.get_by_role("list", name=words["closed"])).to_contain_text(words["thing"])
        await expect(page.get_by_role("list", name=words["open"])).not_to_contain_text(words["thing"])
        await page.go_back()
        await done.last.get_by_role("button", name=words["undo"]).click()
        await page.goto(f"{shared_system.url}/intents")
        await expect(page.get_by_role("list", name=words["open"])).to_contain_text(words["thing"])
