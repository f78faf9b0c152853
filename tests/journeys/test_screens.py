"""Small and large screens, and reduced motion."""

import pytest
from playwright.async_api import Page, ViewportSize, expect

from tests.journeys.conftest import System
from tests.journeys.test_conversation import field, log, say
from tests.journeys.test_pages import PAGES, PHONE, ask

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
LARGEST: ViewportSize = {"width": 3840, "height": 2160}
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# The longest animation or transition of any element, in milliseconds.
LONGEST_MOTION = """
() => {
  const longest = (seconds) => 1000 * Math.max(...seconds.split(",").map(parseFloat));
  return Math.max(...[...document.querySelectorAll("*")].map((each) => {
    const { animationDuration, animationName, transitionDuration } = getComputedStyle(each);
    return Math.max(animationName === "none" ? 0 : longest(animationDuration), longest(transitionDuration));
  }));
}
"""
CREATE_ROWS = 'mutation { saveSpecification(input: {title: "Events", content: "# In order"}) { id } }'


async def test_phone_fits_everything(shared_system: System, page: Page) -> None:
    await page.set_viewport_size(PHONE)
    await page.goto(shared_system.url)
    await say(page, "what fits into a pocket?")
    await expect(log(page).get_by_text("You said: what fits into a pocket?")).to_be_visible()
    assert await page.evaluate(WIDER) <= 0
    await page.get_by_role("button", name="Open the menu").click()
    menu = page.get_by_role("dialog", name="Pages")
    await expect(menu.get_by_role("link", name="what fits into a pocket?")).to_be_visible()
    await menu.get_by_role("link", name="Intents").click()
    await expect(menu).to_have_count(0)
    await page.get_by_role("radio", name="List").click()
    table = await page.get_by_role("table").bounding_box()
    assert table
    assert table["width"] <= PHONE["width"]
    await page.get_by_role("button", name="New intent").click()
    form = page.get_by_role("dialog", name="New intent")
    await expect(form.get_by_role("button", name="Create")).to_be_in_viewport()
    assert await page.evaluate(WIDER) <= 0


async def test_largest_screen_is_used_and_lines_stay_readable(shared_system: System, page: Page) -> None:
    specification = (await ask(page, shared_system, CREATE_ROWS))["saveSpecification"]["id"]
    await page.set_viewport_size(LARGEST)
    for path in (*PAGES, f"/specifications/{specification}"):
        await page.goto(shared_system.url + path)
        await expect(page.get_by_role("status", name="Loading")).to_have_count(0)
        box = await page.get_by_role("main").bounding_box()
        assert box
        assert box["y"] + box["height"] == LARGEST["height"], f"{path} ends above the foot of the screen"
        assert await page.evaluate(WIDER) <= 0, f"{path} is wider than the screen"
        widest = await page.evaluate("Math.max(0, ...[...document.querySelectorAll('main p')].map(p => p.offsetWidth))")
        assert widest < 1000, f"a line of {path} is {widest} px long"


async def test_reduced_motion_stops_all_animations(shared_system: System, page: Page) -> None:
    await page.goto(shared_system.url)
    assert await page.evaluate(LONGEST_MOTION) > 10  # there are animations to stop
    await page.emulate_media(reduced_motion="reduce")
    await say(page, "be still")
    await expect(log(page).get_by_text("You said: be still")).to_be_visible()
    await page.get_by_role("button", name="Why this answer").click()
    await expect(page.get_by_role("dialog", name="Why this answer")).to_be_visible()
    assert await page.evaluate(LONGEST_MOTION) <= 1
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Notifications").click()
    assert await page.evaluate(LONGEST_MOTION) <= 1
    await page.goto(f"{shared_system.url}/overview")
    await expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    assert await page.evaluate(LONGEST_MOTION) <= 1
    await expect(field(page)).to_have_count(0)
