"""Intents: create, change, confirm or reject, cancel, retry and trace."""

import asyncio
import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.fakes.messages_api import Scripted
from tests.journeys.conftest import System
from tests.journeys.test_conversation import field, log, say
from tests.journeys.test_pages import ask, serious
from tests.timeouts import TIMEOUT

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SETTINGS = {"CODE_WORKSPACE": "{home}/workspace"}
TOMORROW = "2099-01-02T10:30"
PUT_OFF = """
mutation { createIntent(input: {description: "%s", intentType: REMINDER, dueAt: "2099-01-02T10:30:00Z"}) { id } }
"""
LABEL = 'mutation { updateIntent(input: {id: "%s", labels: ["home"]}) { id } }'
SIMILAR = '{ intent(id: "%s") { similar(first: 5) { node { ... on Intent { description } } } } }'
NEWEST = "{ intents(first: 1) { edges { node { id conversation { id } } } } }"


def drawer(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Intent", exact=True)


async def open_held(page: Page, system: System, description: str) -> Locator:
    """The drawer of a code intent that waits for confirmation."""
    pytest.importorskip("claude_agent_sdk")
    mutation = (
        f'mutation {{ createIntent(input: {{description: "{description}", intentType: CODE_EXECUTION}}) {{ id }} }}'
    )
    intent = (await ask(page, system, mutation))["createIntent"]["id"]
    await page.goto(f"{system.url}/intents/{intent}")
    await expect(drawer(page).get_by_text("Needs confirmation").first).to_be_visible()
    return drawer(page)


async def test_intent_is_created_changed_cancelled_and_retried(shared_system: System, page: Page) -> None:
    await page.goto(f"{shared_system.url}/intents")
    await page.get_by_role("button", name="New intent").click()
    form = page.get_by_role("dialog", name="New intent")
    await form.get_by_label("What is wanted?").fill("water the bonsai")
    await form.get_by_label("Type").select_option("Reminder")
    await expect(form.get_by_role("button", name="Create")).to_be_disabled()  # a reminder needs a due time
    await form.get_by_label("Due").fill(TOMORROW)
    await form.get_by_label("Priority").fill("4")
    await form.get_by_role("button", name="Create").click()
    await expect(form).to_have_count(0)
    waiting = page.get_by_role("region", name="Waiting")
    await expect(waiting.get_by_role("listitem").filter(has_text="water the bonsai")).to_contain_text("Priority 4")

    await waiting.get_by_role("link", name="water the bonsai").click()
    shown = drawer(page)
    await shown.get_by_role("button", name="Edit the text").press("Enter")
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.type("water both bonsai")
    await page.keyboard.press("Enter")  # the text may have several lines
    await page.keyboard.type("and the fern")
    await page.keyboard.press("Control+Enter")
    await expect(shown.get_by_text("water both bonsai\nand the fern")).to_be_visible()
    await expect(shown.get_by_role("button", name="Edit the text")).to_be_focused()
    await shown.get_by_role("button", name="Priority: 4").press("Enter")
    await page.keyboard.type("9")
    await page.keyboard.press("Escape")  # closes the editor, not the drawer
    await shown.get_by_role("button", name="Priority: 4").press("Enter")
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.type("9")
    await page.keyboard.press("Enter")
    await expect(shown.get_by_role("button", name="Priority: 9 (Urgent)")).to_be_focused()
    await shown.get_by_role("button", name=re.compile("^Due: ")).press("Enter")
    await expect(shown.get_by_label("Date and time")).to_have_value(TOMORROW)
    assert await serious(page) == []
    await page.keyboard.type("some day or other")
    await page.keyboard.press("Enter")
    await expect(shown.get_by_text("“some day or other” could not be read as a date.")).to_be_visible()
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.type("every Monday at 9am")
    await page.keyboard.press("Enter")
    await expect(shown.get_by_role("button", name="Repeats: Every week on Monday")).to_be_visible()
    await shown.get_by_role("button", name="Labels: No label").press("Enter")
    await ask(page, shared_system, LABEL % page.url.rpartition("/")[2])  # in another window
    await page.keyboard.type("garden")
    await page.keyboard.press("Enter")
    await expect(shown.get_by_role("alert").filter(has_text="It is now: home.")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(shown.get_by_role("button", name="Labels: garden")).to_be_focused()

    await drawer(page).get_by_role("button", name="Cancel").click()
    await expect(drawer(page).get_by_text("Cancelled").first).to_be_visible()
    await drawer(page).get_by_role("button", name="Try again").click()
    await expect(drawer(page).get_by_role("button", name="Cancel")).to_be_visible()
    history = drawer(page).locator("dd ol > li")
    await expect(history).to_contain_text(["Waiting", "Cancelled", "Waiting"])

    await page.keyboard.press("Escape")  # closes the drawer, not the toast that offers Undo
    await page.get_by_role("radio", name="List").click()
    await page.get_by_role("combobox", name="Order").select_option("By priority")
    await expect(page.get_by_role("row").nth(1)).to_contain_text("water both bonsai")
    await page.get_by_role("searchbox", name="Search intents").fill("no such thing")
    await expect(page.get_by_role("row")).to_have_count(1)


async def drag(page: Page, card: Locator, column: Locator) -> None:
    start, end = await card.bounding_box(), await column.bounding_box()
    assert start
    assert end
    await page.mouse.move(start["x"] + 60, start["y"] + 45)
    await page.mouse.down()
    await page.mouse.move(end["x"] + 80, end["y"] + 150, steps=8)
    await page.mouse.up()


async def test_to_do_is_typed_in_one_line_dragged_and_changed_by_keys(shared_system: System, page: Page) -> None:
    await page.goto(f"{shared_system.url}/intents")
    line = page.get_by_label("Add a to-do")
    await line.fill("call the dentist tomorrow 3pm #health !high")
    understood = page.get_by_role("status", name="Understood")
    await expect(understood).to_contain_text("3:00 PM")
    await understood.get_by_role("button", name="Without “Priority 8”").click()
    await line.press("Enter")
    waiting, working, done = [page.get_by_role("region", name=name) for name in ("Waiting", "Working", "Done")]
    cards = [each.get_by_role("listitem").filter(has_text="call the dentist") for each in (waiting, working, done)]
    await expect(cards[0]).to_contain_text("3:00 PM")
    await expect(cards[0]).to_contain_text("health")
    await expect(line).to_have_value("")

    await drag(page, cards[0], working)
    await expect(cards[1]).to_be_visible()
    await expect(page).to_have_url(re.compile("/intents$"))  # the release opens nothing
    await drag(page, cards[1], waiting)
    await expect(cards[0]).to_be_visible()
    put_back = page.get_by_role("listitem").filter(has_text="To-do put back")
    await put_back.get_by_role("button", name="Undo").click()
    await expect(cards[1]).to_be_visible()

    await cards[1].get_by_role("link").focus()
    await page.keyboard.press("Shift+ArrowRight")
    await expect(cards[2].get_by_role("link")).to_be_focused()
    await expect(page.get_by_text("“call the dentist” is now in Done.")).to_be_attached()
    await page.keyboard.press("m")
    await page.get_by_role("menuitem", name="Not started").click()
    await expect(cards[0].get_by_role("link")).to_be_focused()
    await page.keyboard.press("e")
    await page.keyboard.type("call the clinic")
    await page.keyboard.press("Enter")
    renamed = waiting.get_by_role("listitem").filter(has_text="call the clinic")
    await expect(renamed.get_by_role("link")).to_be_focused()
    await page.keyboard.press("d")
    await page.get_by_label("When?").fill("tomorrow at 9:30")
    await page.keyboard.press("Enter")
    await expect(renamed).to_contain_text("9:30 AM")
    await page.get_by_role("combobox", name="Group").select_option("By due date")
    await expect(waiting.get_by_role("heading", name="Tomorrow 1")).to_be_visible()
    await page.get_by_role("button", name="Columns").click()
    await page.get_by_role("menuitemcheckbox", name="Failed").click()
    await expect(page.get_by_role("region", name="Failed")).to_have_count(0)


async def test_intent_that_needs_confirmation_is_accepted_or_changed(shared_system: System, page: Page) -> None:
    opened = await open_held(page, shared_system, "write hello.txt")
    await opened.get_by_role("button", name="Edit the text").click()
    text = "write goodbye.txt [[fault silent]]"  # it runs until it is cancelled
    await opened.get_by_role("textbox", name="Edit the text").fill(text)
    await opened.get_by_role("button", name="Save").click()
    await expect(opened.get_by_role("textbox")).to_have_count(0)
    await expect(opened.get_by_text(text)).to_be_visible()
    await opened.get_by_role("button", name="Accept").click()
    await expect(opened.get_by_text("Working", exact=True).first).to_be_visible()
    await expect(opened.get_by_role("button", name="Accept")).to_have_count(0)
    await opened.get_by_role("button", name="Cancel").click()
    await expect(opened.get_by_text("Cancelled").first).to_be_visible()
    await expect(opened).to_contain_text("Confirmed.")


async def test_intent_that_needs_confirmation_is_answered_or_ignored(shared_system: System, page: Page) -> None:
    opened = await open_held(page, shared_system, "delete every log")
    await opened.get_by_role("button", name="Respond").click()
    await expect(field(page)).to_have_value("> delete every log\n\n")
    await field(page).fill("")

    await page.go_back()
    await opened.get_by_role("button", name="Ignore").click()
    await expect(opened.get_by_text("Cancelled").first).to_be_visible()
    await expect(opened.get_by_role("button", name="Accept")).to_have_count(0)


async def test_trace_leads_from_the_message_to_the_notification_and_back(shared_system: System, page: Page) -> None:
    system = shared_system
    system.api.script(Scripted(pieces=["I will."]), Scripted(pieces=["# The plan"]))
    await page.goto(system.url)
    await say(page, "summarise the plan of the garden by next week")
    action = log(page).get_by_role("list", name="Actions").get_by_role("listitem")
    await expect(action.get_by_role("button", name="Done")).to_be_visible()
    [newest] = (await ask(page, system, NEWEST))["intents"]["edges"]
    await page.goto(f"{system.url}/intents/{newest['node']['id']}")
    await drawer(page).get_by_text("Causes and effects").click()
    graph = drawer(page).get_by_role("region", name="Causes and effects")
    kinds = ("Message", "Intent", "Notification")
    for kind in kinds:
        await expect(graph.get_by_role("listitem").filter(has_text=kind).first).to_be_visible()
    assert await graph.locator("path").count() >= len(kinds) - 1
    places = [await graph.get_by_role("listitem").filter(has_text=kind).first.bounding_box() for kind in kinds]
    assert [place["x"] for place in places if place] == sorted(place["x"] for place in places if place)
    await graph.get_by_role("link", name=re.compile("summarise the plan of the garden")).first.click()
    await expect(page).to_have_url(re.compile(f"/c/{newest['node']['conversation']['id']}"))


async def test_similar_intents_are_shown_in_the_drawer_and_can_be_opened(shared_system: System, page: Page) -> None:
    system = shared_system
    wanted = ("prune the apple trees of the orchard", "pick the apples of the orchard", "renew the certificate")
    pruning, picking, _ = [(await ask(page, system, PUT_OFF % each))["createIntent"]["id"] for each in wanted]
    async with asyncio.timeout(TIMEOUT):
        while len((await ask(page, system, SIMILAR % pruning))["intent"]["similar"]) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.1)  # embeddings are computed after the write
    await page.set_viewport_size({"width": 1440, "height": 240})  # the top is not visible when the end is read
    await page.goto(f"{system.url}/intents/{pruning}")
    similar = drawer(page).get_by_role("group").filter(has=page.get_by_text("Similar", exact=True))
    await similar.get_by_text("Similar", exact=True).click()
    await similar.get_by_role("link").first.focus()
    await expect(similar.get_by_role("link").first).to_have_text(wanted[1])
    await expect(drawer(page).get_by_text(wanted[0]).first).not_to_be_in_viewport()
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{system.url}/intents/{picking}")
    await expect(drawer(page).get_by_text(wanted[1]).first).to_be_in_viewport()
    await similar.get_by_text("Similar", exact=True).click()
    await expect(similar.get_by_role("link").first).to_have_text(wanted[0])
