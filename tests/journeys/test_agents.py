"""Connecting a coding agent from the page: the command, the list of agents, their actions and the end of a token."""

import re
import shlex
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.identity.conftest import PASSWORD
from tests.journeys.conftest import System, opened
from tests.journeys.test_pages import CREATE_ROWS, DESK, PHONE, ask, serious
from tests.journeys.test_sign_in import link_of
from tests.mcp.clients import call, connected
from tests.processes import Program, free_port, program

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
CLAIM = "mutation($input: ClaimOwnershipInput!) { claimOwnership(input: $input) { userId } }"
TYPED = {"messages": ["Remind me tomorrow to call the bank."]}
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(frozen=True)
class Words:
    title: str
    project: str
    make: str
    made: str
    copy: str
    copied: str
    reads: str
    empty: str
    local: str
    actions: str
    suggested: str
    accept: str
    done: str
    undo: str
    undone: str
    end: str
    ended: str


WORDS = {
    "en": Words(
        "Connect an agent", "Project", "Make a token", "new token", "Copy", "Copied", "Reads only", "No agent yet",
        "No token is needed", "# action", "Suggested", "Accept", "Done", "Undo", "Undone", "End the token",
        "token ended",
    ),
    "ja": Words(
        "エージェントを接続", "プロジェクト", "トークンを作成", "新しいトークン", "コピー", "コピーしました",
        "読み取りのみ", "エージェントはまだありません", "トークンは不要です", "操作#件", "提案", "実行する",
        "実行済み", "元に戻す", "取り消し済み", "トークンを無効化", "トークンは無効です",
    ),
}  # fmt: skip


@pytest_asyncio.fixture(loop_scope="session")
async def running(home: str) -> AsyncIterator[Program]:
    """AUTH_MODE=token without an owner."""
    async with program(
        "run", RESONANT_DATA_DIR=home, PORT=free_port(), AUTH_MODE="token", DATABASE_POLL_SECONDS="0.5"
    ) as started:
        await started.wait_for_output("/sign-in#")
        yield started
        assert await started.stop() == 0, started.output


async def become_owner(page: Page, running: Program) -> str:
    """The address of the server, where the browser of the page has a session now."""
    address, code = link_of(running).split("/sign-in#")
    variables = {"input": {"code": code, "name": "ann", "password": PASSWORD}}
    answer = await page.request.post(f"{address}/graphql", data={"query": CLAIM, "variables": variables})
    assert "errors" not in await answer.json()
    return address


async def copied_command(page: Page, words: Words) -> tuple[str, str | None]:
    """The path at the server and the token of the copied command for Claude Code, as a shell passes them on."""
    await page.get_by_role("button", name=words.copy, exact=True).first.click()
    await expect(page.get_by_role("button", name=words.copied, exact=True).first).to_be_visible()
    arguments = shlex.split(await page.evaluate("navigator.clipboard.readText()"))
    assert arguments[:6] == ["claude", "mcp", "add", "--transport", "http", "resonant"], arguments
    url = urlsplit(arguments[6])
    assert f"{url.scheme}://{url.netloc}" == await page.evaluate("location.origin")
    header = arguments[7:]
    assert header == [] or header[0] == "--header", arguments
    token = header[1].removeprefix("Authorization: Bearer ") if header else None
    return f"{url.path}?{url.query}" if url.query else url.path, token


async def until_fits(page: Page) -> None:
    """Accessible in both themes, and no wider than a phone."""
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert await serious(page) == [], scheme
    await page.set_viewport_size(PHONE)
    assert await page.evaluate(WIDER) <= 0
    await page.set_viewport_size(DESK)


@pytest.mark.parametrize("locale", WORDS)
async def test_without_sign_in_an_agent_connects_proposes_and_is_undone(
    system: System, browser: Browser, locale: str
) -> None:
    words = WORDS[locale]
    async with opened(browser, locale=locale) as page:
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=system.url)
        await page.goto(f"{system.url}/settings")
        await page.get_by_role("link", name=words.title).click()
        await expect(page.get_by_role("heading", name=words.title)).to_be_visible()
        await expect(page.get_by_text(words.empty)).to_be_visible()
        await expect(page.get_by_text(words.local)).to_be_visible()
        await expect(page.get_by_role("button", name=words.make)).to_have_count(0)
        path, token = await copied_command(page, words)
        assert (path, token) == ("/mcp", None)
        async with connected(system.url, path=path, name="<script>alert(1)</script>") as agent:
            await call(agent, "propose_from_conversation", **TYPED)
        agents = page.get_by_role("listitem").filter(has_text="script-alert-1-script").first
        counted = words.actions.replace("#", "1")
        await agents.get_by_role("button", name=counted).click()
        action = agents.get_by_role("article")
        await expect(action).to_contain_text(words.suggested)
        await action.get_by_role("button", name=words.accept, exact=True).click()
        await expect(action).to_contain_text(words.done)
        await until_fits(page)
        await action.get_by_role("button", name=words.undo, exact=True).click()
        await expect(action).to_contain_text(words.undone)
        await expect(agents.get_by_role("button", name=words.end)).to_have_count(0)


@pytest.mark.parametrize("locale", WORDS)
async def test_a_token_is_made_in_the_command_and_ended_in_the_list(
    running: Program, browser: Browser, locale: str
) -> None:
    words = WORDS[locale]
    async with opened(browser, locale=locale) as page:
        address = await become_owner(page, running)
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        await page.goto(f"{address}/agents")
        await page.get_by_role("radio", name="Claude Code", exact=True).click()
        await page.get_by_role("button", name=words.make, exact=True).click()
        await expect(page.get_by_role("status").filter(has_text=words.made)).to_be_visible()
        path, token = await copied_command(page, words)
        assert token is not None
        assert path == "/mcp"
        async with connected(address, path=path, token=token) as agent:
            await call(agent, "propose_from_conversation", **TYPED)
        agents = page.get_by_role("listitem").filter(has_text="claude-code").first
        await expect(agents).to_contain_text("Claude Code")
        await agents.get_by_role("button", name=words.actions.replace("#", "1")).press("Enter")
        await expect(agents.get_by_role("article")).to_contain_text(words.suggested)
        await until_fits(page)
        await agents.get_by_role("button", name=re.compile(words.end)).click()
        await page.get_by_role("alertdialog").get_by_role("button", name=words.end, exact=True).click()
        await expect(agents).to_contain_text(words.ended)
        await expect(page.get_by_text(token)).to_have_count(0)
        async with httpx.AsyncClient(headers={"authorization": f"Bearer {token}"}) as http:
            assert (await http.post(address + path, json=PING)).status_code == 401


async def test_a_token_of_one_project_that_reads_is_made_and_keeps_its_scope(
    running: Program, browser: Browser
) -> None:
    words = WORDS["en"]
    async with opened(browser) as page:
        address = await become_owner(page, running)
        await page.request.post(f"{address}/graphql", data={"query": CREATE_ROWS}, headers={"origin": address})
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        await page.goto(f"{address}/p/shop/agents")
        project = page.get_by_role("combobox", name=words.project)
        await expect(project.locator("option:checked")).to_have_text("Shop")
        await page.get_by_role("radio", name=words.reads).click()
        await page.get_by_role("button", name=words.make, exact=True).click()
        await expect(project).to_be_disabled()
        path, token = await copied_command(page, words)
        assert path == "/mcp?project=shop"
        async with connected(address, path=path, token=token) as agent:
            assert await call(agent, "list_decisions") == []
            assert (await agent.call_tool("remember", {"content": "x"})).is_error
        agents = page.get_by_role("listitem").filter(has_text="claude-code").first
        await expect(agents).to_contain_text("Shop")
        await expect(agents).to_contain_text(words.reads)
        await page.goto(f"{address}/settings")
        await expect(page.get_by_text("Reads only · Shop")).to_be_visible()
        form = page.get_by_role("textbox", name="What is it for?")
        await form.fill("reports")
        tokens = page.locator("section").filter(has=page.get_by_role("heading", name="Tokens", exact=True))
        await tokens.get_by_role("radio", name=words.reads).click()
        await form.press("Enter")
        await expect(tokens.get_by_role("listitem").filter(has_text="reports")).to_contain_text(
            "Reads only · All projects"
        )


async def test_every_client_has_a_command_or_a_file_and_says_whether_it_was_tested(
    shared_system: System, page: Page
) -> None:
    await ask(page, shared_system, CREATE_ROWS)
    await page.goto(shared_system.url)
    await page.locator("main").focus()
    await page.keyboard.press("Control+k")
    await page.keyboard.type("connect an agent")
    await expect(page.get_by_role("option", name="Connect an agent")).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Enter")
    await page.get_by_role("combobox", name="Project").select_option(label="Shop")
    for client, part, tested in (
        ("Claude Code", "claude mcp add", True),
        ("Claude Code, plugin", "--plugin-dir ENGINE/integrations/claude-code", True),
        ("Codex", "[mcp_servers.resonant]", False),
        ("Cursor", '"mcpServers"', False),
        ("VS Code", '"type": "http"', False),
        ("stdio", ".venv/bin/python -m app mcp", True),
        ("Other", "/mcp?project=shop", True),
    ):
        await page.get_by_role("radio", name=client, exact=True).click()
        await expect(page.locator("main code").first).to_contain_text(part)
        await expect(page.locator("main code").first).to_contain_text("shop")
        await expect(page.get_by_text("Not tested with this client")).to_have_count(0 if tested else 1)
        await page.set_viewport_size(PHONE)
        assert await page.evaluate(WIDER) <= 0, client
        await page.set_viewport_size(DESK)


async def test_agents_that_cannot_be_loaded_are_loaded_again(system: System, shaky_page: Page) -> None:
    page = shaky_page
    await page.route("**/graphql", lambda route: route.abort() if "AgentList" in (route.request.post_data or "")
                     else route.continue_())  # fmt: skip
    await page.goto(f"{system.url}/agents")
    await expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
    await expect(page.get_by_role("button", name="Try again")).to_be_visible()
    await page.unroute("**/graphql")  # the page reads again by itself, so a click could be too late
    await expect(page.get_by_text("No agent yet")).to_be_visible()
