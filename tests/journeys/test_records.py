"""Decisions and memories: create, decide, edit, archive and delete."""

import pytest
from playwright.async_api import Page, expect

from tests.journeys.conftest import System
from tests.journeys.test_pages import ask

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def test_decision_is_created_and_made_with_reasons(shared_system: System, shared_page: Page) -> None:
    page = shared_page
    await page.goto(f"{shared_system.url}/decisions")
    await page.get_by_role("button", name="New decision").click()
    form = page.get_by_role("dialog", name="New decision")
    await form.get_by_label("What is to be decided?").fill("Which queue?")
    await form.get_by_label("Options").fill("RabbitMQ\n\n  PostgreSQL  \nKafka")
    await form.get_by_label("Tags").fill("infra")
    await form.get_by_role("button", name="Create").click()
    card = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Which queue?"))
    await expect(card.get_by_role("listitem")).to_have_text(["infra", "RabbitMQ", "PostgreSQL", "Kafka"])

    await card.get_by_role("button", name="Decide").click()
    decide = card.get_by_role("button", name="Decide")
    await card.get_by_role("radio", name="PostgreSQL").check()
    await card.get_by_role("textbox", name="Why not Kafka?").fill("one more thing to run")
    await expect(decide).to_be_disabled()  # a decision needs a reason
    await card.get_by_role("textbox", name="Why", exact=True).fill("it is *there* already")
    await decide.click()
    await expect(card).to_have_count(0)
    await page.get_by_role("radio", name="Decided").click()
    await expect(card).to_contain_text("PostgreSQL (chosen)")
    await expect(card).to_contain_text("one more thing to run")
    await expect(card.locator("em")).to_have_text("there")
    await expect(card.get_by_role("button", name="Decide")).to_have_count(0)


async def test_memory_is_created_found_by_meaning_edited_archived_and_deleted(
    shared_system: System, shared_page: Page
) -> None:
    page = shared_page
    await page.goto(f"{shared_system.url}/memory")
    await page.get_by_role("button", name="Remember").click()
    form = page.get_by_role("dialog", name="Remember")
    await form.get_by_label("What is to be remembered?").fill("The cat is called Tama")
    await form.get_by_label("Tags").fill("home, cat")
    await form.get_by_role("button", name="Save").click()
    await ask(page, shared_system, 'mutation { saveMemory(input: {content: "The train leaves at nine"}) { id } }')
    memories = page.get_by_role("listitem").filter(has=page.get_by_role("checkbox"))
    await expect(memories).to_have_count(2)
    await expect(page.get_by_role("figure", name="Importance over time, if nothing is recalled")).to_be_visible()

    await page.get_by_role("searchbox", name="Search by meaning").fill("what is the cat called?")
    await expect(memories.first).to_contain_text("Tama")
    await page.get_by_role("searchbox", name="Search by meaning").fill("")
    card = memories.filter(has_text="The cat")
    await card.get_by_role("button", name="Edit").click()
    changing = page.get_by_role("dialog", name="Edit the memory")
    await changing.get_by_label("What is to be remembered?").fill("The cat is called Mike")
    await changing.get_by_role("button", name="Save").click()
    await expect(card).to_contain_text("Mike")
    await expect(card.get_by_role("listitem")).to_have_text(["home", "cat"])

    await card.get_by_role("button", name="Archive").click()
    await expect(card).to_have_count(0)
    await page.get_by_role("checkbox", name="Archived too").check()
    await card.get_by_role("button", name="Delete").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    await expect(card).to_have_count(0)
    await page.reload()
    await page.get_by_role("checkbox", name="Archived too").check()
    await expect(memories).to_have_count(1)
