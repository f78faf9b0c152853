"""Settings apply at once and after a reload."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.journeys.conftest import System
from tests.journeys.test_pages import SETTLED, ask

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
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
