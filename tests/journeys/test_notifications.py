"""Notifications in the page, in its title and on the desktop, and the way to their subject."""

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.journeys.conftest import System, opened
from tests.journeys.test_pages import ask, serious
from tests.mcp.clients import call, connected

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
# The page cannot see desktop notifications, so they are recorded here.
DESKTOP = """
window.shown = [];
window.Notification = class {
  static permission = "default";
  static async requestPermission() { return (this.permission = "granted"); }
  constructor(title, { body }) { window.shown.push(`${title}: ${body}`); }
  close() {}
};
document.hasFocus = () => false;
"""
FAILS = 'mutation { createIntent(input: {description: "run the tests", intentType: CODE_EXECUTION}) { id } }'


def remember(thing: str) -> str:
    return f'mutation {{ createIntent(input: {{description: "remember {thing}", intentType: REMEMBER}}) {{ id }} }}'


async def test_toasts_are_limited_and_notifications_open_their_subject(shared_system: System, page: Page) -> None:
    system = shared_system
    await page.goto(f"{system.url}/notifications")
    await expect(page.get_by_text("Nothing new")).to_be_visible()
    for thing in ("the milk", "the bread", "the eggs", "the salt"):
        await ask(page, system, remember(thing))
    rows = page.get_by_role("main").get_by_role("listitem")
    await expect(rows).to_have_count(4)
    await expect(page).to_have_title(re.compile(r"^\(4\) "))
    toasts = page.get_by_role("region", name=re.compile("Notifications")).get_by_role("listitem")
    assert await toasts.count() <= 3
    intent = (await ask(page, system, FAILS))["createIntent"]["id"]
    await expect(rows).to_have_count(5)

    await page.get_by_role("radio", name="Failed").click()
    await expect(rows).to_have_count(1)
    await expect(rows).to_contain_text("Could not be done")
    await rows.get_by_role("button", name="Unread").click()
    await expect(page).to_have_url(f"{system.url}/intents/{intent}")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.go_back()
    await expect(page).to_have_title(re.compile(r"^\(4\) "))

    await page.get_by_role("radio", name="Unread").click()
    await expect(rows).to_have_count(4)
    await rows.filter(has_text="the milk").get_by_role("button", name="Mark as read").click()
    await expect(rows).to_have_count(3)
    await expect(page).to_have_title(re.compile(r"^\(3\) "))
    await page.get_by_role("button", name="Mark all as read").click()
    await expect(rows).to_have_count(0)
    await expect(page).not_to_have_title(re.compile(r"^\("))
    await page.get_by_role("radio", name="All", exact=True).click()
    await expect(rows).to_have_count(5)


async def test_reading_in_another_window_lowers_the_unread_count(shared_system: System, page: Page) -> None:
    system = shared_system
    await page.goto(f"{system.url}/intents")
    await ask(page, system, "mutation { markNotificationsRead }")
    await ask(page, system, remember("the rice"))
    await expect(page).to_have_title(re.compile(r"^\(1\) "))
    await ask(page, system, "mutation { markNotificationsRead }")
    await expect(page).not_to_have_title(re.compile(r"^\("))


async def test_desktop_notifications_are_shown_once_enabled(shared_system: System, page: Page) -> None:
    system = shared_system
    await page.add_init_script(DESKTOP)
    await page.goto(f"{system.url}/settings")
    await ask(page, system, "mutation { markNotificationsRead }")
    choice = page.get_by_role("radiogroup", name="Desktop notifications")
    await expect(choice.get_by_role("radio", name="Off")).to_be_checked()
    await ask(page, system, remember("the tea"))
    await expect(page).to_have_title(re.compile(r"^\(1\) "))
    assert await page.evaluate("window.shown") == []
    await choice.get_by_role("radio", name="On").click()
    await expect(choice.get_by_role("radio", name="On")).to_be_checked()
    await ask(page, system, remember("the sugar"))
    await expect(page).to_have_title(re.compile(r"^\(2\) "))
    await page.wait_for_function("window.shown.length > 0")
    assert await page.evaluate("window.shown") == ["Done: remember the sugar"]
    await ask(page, system, "mutation { markNotificationsRead }")


OVERLAP = {
    "en": ("This work", "The work that overlaps", "Recorded by the agent"),
    "ja": ("この作業", "重なる作業", "記録したエージェント"),
}


@pytest.mark.parametrize("language", ["en", "ja"])
async def test_an_overlap_links_both_pieces_of_work_which_show_agent_and_paths(
    system: System, browser: Browser, language: str
) -> None:
    own, others, recorded_by = OVERLAP[language]
    async with connected(system.url, name="one") as one, connected(system.url, name="claude-code") as two:
        given = {"assignee": "PERSON", "paths": ["web/src/features/login/**", "docs/agents.md"]}
        first = await call(one, "create_intent", description="Tidy the login form", **given)
        second = await call(two, "create_intent", description="Repair the login form", **given)
    async with opened(browser, locale="ja-JP" if language == "ja" else "en-US") as page:
        for width in (1280, 390):
            await page.set_viewport_size({"width": width, "height": 800})
            await page.goto(f"{system.url}/notifications")
            row = page.get_by_role("main").get_by_role("listitem")
            await expect(row.get_by_role("link", name=own)).to_have_attribute("href", re.compile(f"/{first['id']}$"))
            assert await serious(page) == []
            await picture(page, f"overlap-{language}-{width}")
            await row.get_by_role("link", name=others).click()
            await expect(page).to_have_url(re.compile(f"/intents/{second['id']}$"))
            drawer = page.get_by_role("dialog")
            await expect(drawer.get_by_text(recorded_by)).to_be_visible()
            for shown in ("claude-code", "web/src/features/login/**", "docs/agents.md"):
                await expect(drawer.get_by_text(shown, exact=True)).to_be_visible()
            await drawer.get_by_text("docs/agents.md").scroll_into_view_if_needed()
            assert await serious(page) == []
            await picture(page, f"agent-work-{language}-{width}")


async def picture(page: Page, name: str) -> None:
    """A screenshot in JOURNEY_SCREENSHOTS, for a person who looks at it."""
    if directory := os.environ.get("JOURNEY_SCREENSHOTS"):
        await page.screenshot(path=Path(directory) / f"{name}.png", full_page=True)
