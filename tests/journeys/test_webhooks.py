"""An admin adds a webhook in the project's settings, sends a test, and sends a failed delivery again."""

import os
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.fakes.webhook_receiver import OK, Answer, receiver
from tests.journeys.conftest import System
from tests.journeys.test_members import SEND
from tests.journeys.test_pages import serious

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
# With no days for retries a delivery is dead after its first failure.
SETTINGS = {
    "ANTHROPIC_API_KEY": "",
    "DATABASE_POLL_SECONDS": "0.5",
    "WEBHOOK_ALLOW_PRIVATE": "true",
    "WEBHOOK_RETRY_DAYS": "0",
}
CREATE_PROJECT = 'mutation { saveProject(input: {name: "Shop", slug: "shop"}) { id } }'
CREATE_DECISION = 'mutation { recordDecision(input: {title: "Tea", kind: RULE, projectId: "%s"}) { id } }'


async def photograph(page: Page, name: str) -> None:
    """A screenshot in JOURNEY_SCREENSHOTS, for a person who looks at it."""
    if directory := os.environ.get("JOURNEY_SCREENSHOTS"):
        await page.screenshot(path=Path(directory) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("system", [SETTINGS], indirect=True)
async def test_webhook_is_added_tested_and_a_failed_delivery_sent_again(system: System, page: Page) -> None:
    async with receiver() as target:
        await page.goto(system.url)
        await expect(page.get_by_role("textbox", name="Message")).to_be_visible()
        project = (await page.evaluate(SEND, CREATE_PROJECT))["data"]["saveProject"]["id"]
        await page.goto(f"{system.url}/p/shop/project/settings")
        section = page.get_by_role("region", name="Webhooks")
        await expect(section.get_by_text("No webhooks")).to_be_visible()
        await section.get_by_role("button", name="Add a webhook").click()
        await page.get_by_label("Address").last.fill(target.url)
        await photograph(page, "1-form")
        await page.get_by_role("dialog").get_by_role("button", name="Save").click()
        secret = await section.locator("p.font-mono").inner_text()
        row = section.get_by_role("listitem", name=target.url)
        await expect(row.get_by_text("Nothing was sent yet")).to_be_visible()
        await photograph(page, "2-secret")
        assert await serious(page) == []

        await row.get_by_role("button", name="Send a test").click()
        await row.get_by_role("button", name="Deliveries").click()
        await expect(row.get_by_text("webhook.test")).to_be_visible()
        await expect(row.get_by_text("HTTP 204")).to_be_visible()
        assert target.received[0].verify(secret)["type"] == "webhook.test"
        await photograph(page, "3-test")

        target.decide = lambda request: Answer(503)
        assert "errors" not in await page.evaluate(SEND, CREATE_DECISION % project)
        await expect(row.get_by_text("The receiver answered 503.")).to_be_visible()
        await expect(row.get_by_text("Failing since")).to_be_visible()
        await row.get_by_role("radio", name="Failed").click()
        await expect(row.get_by_text("webhook.test")).not_to_be_visible()
        await photograph(page, "4-dead")
        assert await serious(page) == []

        target.decide = lambda request: OK
        await row.get_by_role("button", name="Send again").click()
        await expect(row.get_by_text("No deliveries")).to_be_visible()
        await expect(row.get_by_text("Failing since")).not_to_be_visible()
        assert target.accepted[-1].verify(secret)["type"] == "decision.created"
        ids = [request.headers["webhook-id"] for request in target.received]
        assert ids[-1] == ids[-2]

        await page.reload()
        await expect(row).to_be_visible()
        await expect(page.get_by_text(secret)).not_to_be_visible()
        await row.get_by_role("button", name="Delete").click()
        await page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
        await expect(section.get_by_text("No webhooks")).to_be_visible()
