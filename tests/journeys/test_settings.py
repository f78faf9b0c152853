"""Settings apply at once and after a reload."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.fakes.messages_api import Scripted
from tests.journeys.conftest import System, opened
from tests.journeys.test_pages import SETTLED, ask

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SETTINGS = {"ANTHROPIC_API_KEY": "", "ANTHROPIC_BASE_URL": "", "ANTHROPIC_MODEL": ""}  # entered in the page
LABELS = {
    "en": ["Language model", "Model", "Address", "API key", "Further models", "Test", "Save", "Remove", "Message"],
    "ja": ["言語モデル", "モデル", "アドレス", "APIキー", "その他のモデル", "試す", "保存", "削除", "メッセージ"],
}
BACKGROUND = "getComputedStyle(document.body).backgroundColor"


async def test_the_language_changes_at_once_and_stays(shared_system: System, page: Page) -> None:
    await page.goto(f"{shared_system.url}/settings")
    await page.get_by_role("radiogroup", name="Language").get_by_role("radio", name="日本語").click()
    for again in (False, True):
        if again:
            await page.reload()
        await expect(page.get_by_role("heading", name="設定")).to_be_visible()
        await expect(page.locator("html")).to_have_attribute("lang", "ja")
    await page.get_by_role("radiogroup", name="言語").get_by_role("radio", name="English").click()
    await expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "en")


async def test_theme_changes_at_once_persists_and_follows_the_system(shared_system: System, page: Page) -> None:
    await page.emulate_media(color_scheme="light")
    await page.goto(f"{shared_system.url}/settings")
    theme = page.get_by_role("radiogroup", name="Appearance")
    await expect(theme.get_by_role("radio", name="As the system")).to_be_checked()
    light = await page.evaluate(BACKGROUND)
    await page.emulate_media(color_scheme="dark")
    await page.evaluate(SETTLED)
    dark = await page.evaluate(BACKGROUND)
    assert dark != light
    for name, background in (("Light", light), ("Dark", dark)):
        await page.emulate_media(color_scheme="dark" if name == "Light" else "light")
        await theme.get_by_role("radio", name=name).click()
        await expect(page.locator("body")).to_have_css("background-color", background)
        await page.reload()
        await expect(theme.get_by_role("radio", name=name)).to_be_checked()
        await expect(page.locator("body")).to_have_css("background-color", background)
    await theme.get_by_role("radio", name="As the system").click()
    await expect(page.locator("body")).to_have_css("background-color", light)
    await page.reload()
    await expect(theme.get_by_role("radio", name="As the system")).to_be_checked()
    await page.emulate_media(color_scheme="dark")
    await expect(page.locator("body")).to_have_css("background-color", dark)


async def test_all_dates_follow_the_time_zone_of_the_account(shared_system: System, page: Page) -> None:
    await page.goto(f"{shared_system.url}/settings")
    here = await page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    zone = page.locator("section").filter(has=page.get_by_role("heading", name="Time zone"))
    search = page.get_by_role("combobox", name="Time zone")
    await expect(zone).to_contain_text(f"As this device ({here})")
    await zone.get_by_role("button", name="Change").click()
    await search.fill("kiritimati")
    await page.keyboard.press("Enter")
    await expect(zone).to_contain_text("Pacific/Kiritimati")
    for again in (False, True):
        if again:
            await page.reload()  # the zone of the device does not replace the one that was chosen
            await expect(page.get_by_role("heading", name="Settings")).to_be_visible()
            await expect(zone).to_contain_text("Pacific/Kiritimati")
        [viewer] = (await ask(page, shared_system, "{ viewer { timezone chosenTimezone } }")).values()
        assert viewer == {"timezone": "Pacific/Kiritimati", "chosenTimezone": "Pacific/Kiritimati"}
    created = 'mutation { createIntent(input: {description: "Call Kiritimati", assignee: PERSON, dueAt: "%s"}) { id } }'
    await ask(page, shared_system, created % "2031-12-31T10:30:00Z")
    await page.goto(f"{shared_system.url}/intents")
    await expect(page.get_by_text("Call Kiritimati").first).to_be_visible()
    await expect(page.get_by_text(re.compile(r"Jan 1, 12:30 AM")).first).to_be_visible()
    await page.goto(f"{shared_system.url}/settings")
    await zone.get_by_role("button", name="Change").click()
    await search.fill("日本標準時")
    await expect(page.get_by_role("option").filter(has_text="Tokyo")).to_be_visible()
    await search.fill("")
    await page.get_by_role("option", name="As this device").click()
    await expect(zone).to_contain_text(f"As this device ({here})")
    [viewer] = (await ask(page, shared_system, "{ viewer { timezone chosenTimezone } }")).values()
    assert viewer == {"timezone": here, "chosenTimezone": None}


async def test_shortcut_and_desktop_settings_apply_at_once_and_persist(shared_system: System, page: Page) -> None:
    await page.context.grant_permissions(["notifications"], origin=shared_system.url)
    await page.goto(f"{shared_system.url}/settings")
    desktop = page.get_by_role("radiogroup", name="Desktop notifications")
    keys = page.get_by_role("radiogroup", name="Shortcuts of a single key")
    sheet = page.get_by_role("dialog", name="Shortcuts", exact=True)
    await desktop.get_by_role("radio", name="On").click()
    await expect(desktop.get_by_role("radio", name="On")).to_be_checked()
    await page.keyboard.press("?")
    await expect(sheet).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(sheet).to_have_count(0)
    await keys.get_by_role("radio", name="Off").click()
    await expect(keys.get_by_role("radio", name="Off")).to_be_checked()
    await page.keyboard.press("?")
    await page.keyboard.press("Control+k")  # a key after the one that must do nothing
    await expect(page.get_by_role("combobox", name="Search everything")).to_be_visible()
    await expect(sheet).to_have_count(0)
    await page.reload()
    await expect(desktop.get_by_role("radio", name="On")).to_be_checked()
    await expect(keys.get_by_role("radio", name="Off")).to_be_checked()


@pytest.mark.parametrize(
    ("locale", "rejected", "answered", "saved", "offline", "model_is"),
    [
        ("en", "does not accept the API key", "qwen3 answers.", "from the next message on", "No model", "Model: qwen3"),
        ("ja", "APIキーを受け付けません", "qwen3が応答しました", "次のメッセージから", "モデル未設定", "モデル：qwen3"),
    ],
)
async def test_a_model_is_tried_saved_used_at_once_and_removed(
    shared_system: System,
    browser: Browser,
    locale: str,
    rejected: str,
    answered: str,
    saved: str,
    offline: str,
    model_is: str,
) -> None:
    title, model, address, key, further, test, save, remove, message = LABELS[locale]
    api = shared_system.api
    async with opened(browser, locale=locale) as page:
        await page.goto(f"{shared_system.url}/settings")
        other = await page.context.new_page()
        await other.goto(shared_system.url)
        log = other.get_by_role("log")
        badge = other.get_by_role("banner").get_by_text(offline)
        await expect(badge).to_be_visible()
        form = page.get_by_role("form", name=title)
        await form.get_by_label(model, exact=True).fill("qwen3")
        await form.get_by_label(address).fill(f"{api.url}/v1")
        await form.get_by_label(key).fill("sk-entered")
        await form.get_by_label(further).fill("small")
        api.script(Scripted(status=401))
        await form.get_by_role("button", name=test).click()
        await expect(form.get_by_role("alert")).to_contain_text(rejected)
        await form.get_by_role("button", name=test).click()
        await expect(form.get_by_role("status")).to_contain_text(answered)
        await form.get_by_role("button", name=save).click()
        await expect(form.get_by_role("status")).to_contain_text(saved)
        await expect(form.get_by_label(key)).to_have_value("")
        await expect(badge).to_have_count(0)  # the other tab knows it without a reload
        await say(other, message, "is this thing on?")
        await expect(log.get_by_text("You said: is this thing on?")).to_be_visible()
        assert api.requests[-1]["model"] == "qwen3"
        await other.get_by_role("button", name=model_is).click()
        await other.get_by_role("menuitemradio", name="small").click()
        await expect(other.get_by_role("button", name=model_is.replace("qwen3", "small"))).to_be_visible()
        await other.reload()
        await say(other, message, "and now?")
        await expect(log.get_by_text("You said: and now?")).to_be_visible()
        assert api.requests[-1]["model"] == "small"
        await page.reload()
        await expect(form.get_by_label(model, exact=True)).to_have_value("qwen3")
        await expect(form.get_by_label(key)).to_have_value("")
        assert "sk-entered" not in await page.content()
        await form.get_by_role("button", name=remove).click()
        await page.get_by_role("alertdialog").get_by_role("button", name=remove).click()
        await expect(badge).to_be_visible()
        asked = len(api.requests)
        await say(other, message, "what is open?")
        await expect(log.get_by_text("what is open?").first).to_be_visible()
        await expect(log.get_by_text("You said: what is open?")).to_have_count(0)
        await expect(log.get_by_text(re.compile("is open|ありません|ANTHROPIC")).last).to_be_visible()
        assert len(api.requests) == asked


async def say(page: Page, name: str, text: str) -> None:
    field = page.get_by_role("textbox", name=name)
    await field.fill(text)
    await field.press("Enter")
