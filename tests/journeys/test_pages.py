"""Every page in both themes: accessible by screen reader and keyboard, and usable on a phone."""

import json
import re
from collections.abc import Sequence
from typing import Any

import pytest
from playwright.async_api import Page, ViewportSize, expect

from tests.journeys.conftest import System
from tests.node_scripts import NODE_DIRECTORY

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
AXE = (NODE_DIRECTORY / "node_modules/axe-core/axe.min.js").read_text
PAGES = (
    "/",
    "/intents",
    "/notifications",
    "/specifications",
    "/decisions",
    "/memory",
    "/overview",
    "/trash",
    "/settings",
    "/project",
    "/agents",
)
PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1440, "height": 900}

# All animations and transitions have ended.
SETTLED = """
(async () => {
  const moving = () => document.getAnimations().filter((each) => each.effect.getComputedTiming().endTime < Infinity);
  for (let still = 0; still < 3; still = moving().length === 0 ? still + 1 : 0)
    await new Promise(requestAnimationFrame);
})()
"""
SAY = """
mutation { sendMessage(input: {content: "summarise the auth design by next week"}) { message { conversation { id } } } }
"""
REQUEST = 'mutation { createIntent(input: {description: "compare the stores", intentType: QUESTION}) { id } }'
CREATE_ROWS = """
mutation {
  saveSpecification(input: {title: "Events", content: "# Events\\n\\n- in order", tags: ["sql"]}) { id }
  recordDecision(input: {
    title: "Sessions are stored in PostgreSQL", rationale: "It is there already", tags: ["auth"], chosen: "PostgreSQL"
    options: [{label: "PostgreSQL"}, {label: "Redis", rejectionReason: "one more service"}]
  }) { id }
  saveMemory(input: {content: "The deploy key is in the vault", tags: ["ops"]}) { id }
  saveProject(input: {name: "Shop", slug: "shop"}) { id }
}
"""


async def ask(page: Page, system: System, query: str) -> dict[str, Any]:
    answer = await (await page.request.post(f"{system.url}/graphql", data={"query": query})).json()
    assert "errors" not in answer, answer
    data: dict[str, Any] = answer["data"]
    return data


async def serious(page: Page, *, rules: Sequence[str] = ()) -> list[tuple[str, list[str]]]:
    """The serious and critical findings of axe, of all rules or of these: the rule and the elements that break it.

    Colours are compared when all animations have ended.
    """
    await page.evaluate(SETTLED)
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE())
    only = {"runOnly": list(rules)} if rules else {}
    # Without `preload`, which reads all style sheets for a rule that is not among these.
    options = {"resultTypes": ["violations"], "preload": False, **only}
    found = await page.evaluate("(options) => axe.run(document, options)", options)
    return [
        (violation["id"], [f"{node['html'][:160]} {node['failureSummary']}" for node in violation["nodes"]])
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
    ]


async def test_axe_finds_nothing_serious_and_nothing_is_wider_than_a_phone(system: System, page: Page) -> None:
    said = await ask(page, system, SAY)
    conversation = said["sendMessage"]["message"]["conversation"]["id"]
    intent = (await ask(page, system, REQUEST))["createIntent"]["id"]
    created_rows = await ask(page, system, CREATE_ROWS)
    specification = created_rows["saveSpecification"]["id"]
    opened = (
        f"/c/{conversation}",
        f"/intents/{intent}",
        f"/specifications/{specification}",
        "/specifications/new",
        f"/decisions/{created_rows['recordDecision']['id']}",
        "/decisions/new",
        "/p/shop/project",
        "/p/shop/project/settings",
    )
    for path in (*PAGES, *opened):
        await page.set_viewport_size(DESK)
        await page.goto(system.url + path, wait_until="networkidle")  # everything has loaded
        await expect(page.locator("main")).to_be_visible()
        await expect(page.get_by_role("status", name="Loading")).to_have_count(0)
        # The themes differ in nothing but colours.
        for scheme, rules in (("light", ()), ("dark", ("color-contrast",))):
            await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            assert await serious(page, rules=rules) == [], f"{path} in the {scheme} theme"
        await page.set_viewport_size(PHONE)
        await page.evaluate(SETTLED)  # the media queries change with the next frame
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await page.evaluate(overflow) <= 0, f"{path} is wider than a phone"


async def test_everything_can_be_reached_from_the_keyboard(shared_system: System, page: Page) -> None:
    await ask(page, shared_system, CREATE_ROWS)
    await page.goto(shared_system.url)
    await page.get_by_role("textbox", name="Message").press("Escape")
    await page.locator("main").focus()
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Shortcuts")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("g")
    await page.keyboard.press("d")
    await expect(page.get_by_role("link", name="Sessions are stored in PostgreSQL").first).to_be_visible()

    await page.keyboard.press("Control+k")
    await page.keyboard.type("deploy key")  # without waiting for the dialog
    hit = page.get_by_role("option", name="The deploy key is in the vault")
    await expect(hit).to_have_attribute("aria-selected", "true")
    assert await hit.locator("mark").all_inner_texts() == ["deploy", "key"]
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("The deploy key is in the vault").first).to_be_visible()
    await expect(page).to_have_url(re.compile("/memory/"))


async def test_specification_conflict_is_shown_before_overwriting(shared_system: System, page: Page) -> None:
    query = 'mutation { saveSpecification(input: {title: "Events", content: "# Events\\n\\n- in order"}) { id } }'
    specification = (await ask(page, shared_system, query))["saveSpecification"]["id"]
    await page.goto(f"{shared_system.url}/specifications/{specification}")
    await page.get_by_role("button", name="Edit").click()
    await page.get_by_role("textbox", name="Text in Markdown").fill("# Events\n\n- mine")
    theirs = f'{{id: "{specification}", title: "Events", content: "theirs"}}'
    await ask(page, shared_system, f"mutation {{ saveSpecification(input: {theirs}) {{ id }} }}")
    conflict = page.get_by_role("alert")
    await expect(conflict).to_contain_text("Version 2 was saved while you were writing")
    await expect(conflict).to_contain_text("- mine")
    await expect(conflict).to_contain_text("theirs")
    assert await conflict.evaluate("(box) => box.querySelector('svg').getBoundingClientRect().width") < 64
    await page.get_by_role("button", name="Save mine as the next version").click()
    await expect(page.get_by_role("article")).to_contain_text("mine")
    await page.get_by_role("tab", name="Revisions").click()
    await expect(page.get_by_role("button", name="Version 3")).to_be_visible()
    await expect(page.get_by_role("region", name="What changed")).to_contain_text("theirs")


async def test_text_that_cannot_be_laid_out_is_shown_as_written(shared_system: System, page: Page) -> None:
    for content in (">" * 16_000, "1. " * 5_000, "(" * 20_000):
        query = f'mutation {{ saveSpecification(input: {{title: "deep", content: {json.dumps(content)}}}) {{ id }} }}'
        specification = (await ask(page, shared_system, query))["saveSpecification"]["id"]
        await page.goto(f"{shared_system.url}/specifications/{specification}")
        await expect(page.get_by_role("article")).to_contain_text(content[:1_000].strip())


async def test_unknown_address_says_so_and_leads_to_the_start(shared_system: System, page: Page) -> None:
    await page.goto(f"{shared_system.url}/nonsense/page")
    await expect(page.get_by_role("heading", name="Page not found")).to_be_visible()
    await page.get_by_role("button", name="To the start page").click()
    await expect(page.get_by_role("textbox", name="Message")).to_be_visible()


async def test_several_intents_are_deleted_at_once(shared_system: System, page: Page) -> None:
    for _ in range(2):
        await ask(page, shared_system, REQUEST)
    await page.goto(f"{shared_system.url}/intents")
    await expect(page.get_by_role("region", name="Done").get_by_role("listitem")).to_have_count(2)
    for box in await page.get_by_role("checkbox", name="Select “compare the stores”").all():
        await box.check()
    bar = page.get_by_role("toolbar", name="Selection")
    await expect(bar).to_contain_text("2 selected")
    await bar.get_by_role("button", name="Delete").click()
    await expect(page.get_by_role("region", name="Done").get_by_role("listitem")).to_have_count(0)
    await page.get_by_role("listitem").filter(has_text="2 intents deleted").get_by_role("button", name="Undo").click()
    await expect(page.get_by_role("region", name="Done").get_by_role("listitem")).to_have_count(2)


async def test_several_memories_are_archived_at_once_and_one_is_restored(shared_system: System, page: Page) -> None:
    for content in ("We use Redis", "We use Kafka", "We use PostgreSQL"):
        await ask(page, shared_system, f'mutation {{ saveMemory(input: {{content: "{content}"}}) {{ id }} }}')
    await page.goto(f"{shared_system.url}/memory")
    for content in ("We use Redis", "We use Kafka"):
        await page.get_by_role("checkbox", name=f"Select “{content}”").check()
    bar = page.get_by_role("toolbar", name="Selection")
    await expect(bar).to_contain_text("2 selected")
    await bar.get_by_role("button", name="Archive").click()
    await expect(page.get_by_role("checkbox", name="Select “We use")).to_have_count(1)
    await expect(bar).to_have_count(0)
    await page.get_by_role("checkbox", name="Archived too").check()
    await page.get_by_role("checkbox", name="Select “We use Redis”").check()
    await bar.get_by_role("button", name="Restore").click()
    await page.get_by_role("checkbox", name="Archived too").uncheck()
    await expect(page.get_by_role("checkbox", name="Select “We use")).to_have_count(2)
