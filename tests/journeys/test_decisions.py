"""Decisions from talk, without a model: said, contradicted, settled and undone; and proposals that are edited."""

import re
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, Page, expect

from tests.journeys.conftest import System, opened
from tests.journeys.test_conversation import log
from tests.journeys.test_pages import ask

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SETTINGS = {"ANTHROPIC_API_KEY": ""}  # the rules turn messages into actions
DECIDE = """
mutation { recordDecision(input: {
  title: "Use PostgreSQL as the database", options: [{label: "PostgreSQL"}, {label: "MySQL"}], chosen: "PostgreSQL"
}) { id } }
"""
NEWEST = "{ intents(first: 1) { edges { node { id } } } }"


@dataclass(frozen=True)
class Words:
    """What the user says and what the page shows, in one language. Each language decides a topic of its own."""

    locale: str
    decided: str
    against: str
    reminder: str
    done: str
    undecided: str
    contradictions: str
    settle: str
    replace: str
    why: str
    reason: str
    undo: str
    withdrawn: str
    accepted: str
    set_time: str
    what: str
    when: str
    accept: str
    task: str


ENGLISH = Words(
    locale="en-US",
    decided="We decided on Redis for the cache, not Memcached.",
    against="We will use Memcached for the cache.",
    reminder="Remind me to water the plants",
    done="Done",
    undecided="Proposed: decide",
    contradictions="Contradictions",
    settle="Resolve",
    replace="Replace the accepted decision",
    why="Why",
    reason="the new hosts have no Redis",
    undo="Undo the replacement",
    withdrawn="Withdrawn",
    accepted="Accepted",
    set_time="Set the time",
    what="What",
    when="When",
    accept="Accept",
    task="water the roses",
)
JAPANESE = Words(
    locale="ja-JP",
    decided="フロントエンドはReactに決めました。",
    against="フロントエンドはVueにします。",
    reminder="田中さんに電話するのをリマインドして",
    done="実行済み",
    undecided="提案中：対応を選ぶ",
    contradictions="矛盾",
    settle="解決する",
    replace="これまでの決定を置き換える",
    why="理由",
    reason="社内の経験者がVueのほうが多いため",
    undo="置き換えを取り消す",
    withdrawn="取り下げ",
    accepted="採用",
    set_time="日時を入力",
    what="内容",
    when="日時",
    accept="実行する",
    task="田中さんと佐藤さんに電話する",
)


async def say(page: Page, text: str) -> None:
    field = page.locator("main textarea").last
    await field.fill(text)
    await field.press("Enter")


@pytest.mark.parametrize("words", [ENGLISH, JAPANESE], ids=lambda words: words.locale)
async def test_decision_is_said_contradicted_superseded_and_the_replacement_undone(
    shared_system: System, browser: Browser, words: Words
) -> None:
    async with opened(browser, locale=words.locale) as page:
        await page.goto(shared_system.url)
        await say(page, words.decided)
        actions = log(page).get_by_role("article", name=re.compile(f"^{words.done}: "))
        await expect(actions).to_have_count(1)
        await say(page, words.against)
        await log(page).get_by_role("link", name=words.undecided).click()

        decision = page.get_by_role("article").first
        contradictions = decision.get_by_role("region", name=words.contradictions)
        await contradictions.get_by_role("button", name=words.settle).click()
        settling = page.get_by_role("dialog", name=words.settle)
        await settling.get_by_role("radio", name=re.compile(words.replace)).check()
        await settling.get_by_role("textbox", name=re.compile(words.why)).fill(words.reason)
        await settling.get_by_role("button", name=words.replace).click()
        await expect(contradictions).to_contain_text(words.reason)
        await expect(decision.get_by_text(words.accepted, exact=True).first).to_be_visible()
        old, new = (
            page.get_by_role("listitem").get_by_role("link", name=re.compile(f"^{said[:11]}")).first
            for said in (words.decided, words.against)
        )
        await expect(old).to_have_css("text-decoration-line", "line-through")

        await contradictions.get_by_role("button", name=words.undo).click()
        await expect(decision.get_by_text(words.withdrawn, exact=True).first).to_be_visible()
        await expect(new).to_have_css("text-decoration-line", "line-through")
        await expect(old).to_have_css("text-decoration-line", "none")
        await expect(page.get_by_role("button", name=words.undo)).to_have_count(0)
        await old.click()
        await expect(decision.get_by_text(words.accepted, exact=True).first).to_be_visible()


@pytest.mark.parametrize("words", [ENGLISH, JAPANESE], ids=lambda words: words.locale)
async def test_proposed_reminder_gets_its_time_and_other_words_before_it_is_accepted(
    shared_system: System, browser: Browser, words: Words
) -> None:
    async with opened(browser, locale=words.locale) as page:
        await page.goto(shared_system.url)
        await say(page, words.reminder)
        await log(page).get_by_role("button", name=words.set_time).click()
        when = log(page).get_by_label(words.when)
        await expect(when).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(log(page).get_by_role("button", name=words.set_time)).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(log(page).get_by_role("button", name=words.accept)).to_be_disabled()
        await when.fill("2040-01-02T09:30")
        await log(page).get_by_label(words.what).fill(words.task)
        await log(page).get_by_role("button", name=words.accept).click()
        done = log(page).get_by_role("article", name=re.compile(f"^{words.done}: .*2040-01-02 09:30.*{words.task}"))
        await expect(done).to_be_visible()


async def test_intent_against_a_decision_waits_and_continues_after_resolution(
    shared_system: System, page: Page
) -> None:
    await ask(page, shared_system, DECIDE)
    await page.goto(shared_system.url)
    await say(page, "Store the orders in MySQL by next week")
    action = log(page).get_by_role("list", name="Actions").get_by_role("listitem")
    await expect(action).to_contain_text("Needs confirmation")
    await expect(log(page).get_by_role("list", name="Intents from this message")).to_have_count(0)  # shown once

    bell = page.get_by_role("button", name=re.compile(r"Notifications, \d+ unread"))
    await expect(bell).to_be_visible()
    [newest] = (await ask(page, shared_system, NEWEST))["intents"]["edges"]
    await page.goto(f"{shared_system.url}/intents/{newest['node']['id']}")
    drawer = page.get_by_role("dialog", name="Intent")
    found = drawer.get_by_role("region", name="Contradictions")
    await expect(found).to_contain_text("Another technology than decided")
    await expect(found.get_by_role("link", name=re.compile("Use PostgreSQL"))).to_be_visible()

    await found.get_by_role("button", name="Resolve").click()
    settling = page.get_by_role("dialog", name="Resolve")
    await expect(settling.get_by_role("button", name="Keep the decision")).to_be_disabled()
    await settling.get_by_role("radio", name=re.compile("Replace the decision")).check()
    await expect(settling.get_by_role("textbox", name="What is chosen now")).to_have_value("MySQL")
    settle = settling.get_by_role("button", name="Replace the decision")
    await settling.get_by_role("textbox", name=re.compile("Why")).fill("the orders come from a MySQL shop")
    await settle.click()
    await expect(found).to_contain_text("Replaced")
    await expect(found).to_contain_text("the orders come from a MySQL shop")
    await drawer.get_by_role("radio", name="Assistant").click()
    needs_model = drawer.get_by_role("alert").filter(has_text="needs a language model")
    await expect(needs_model.get_by_role("link", name="Settings")).to_be_visible()
    await expect(drawer.get_by_role("radio", name="Me")).to_be_checked()
    await drawer.get_by_role("button", name="Finish with a note").click()
    noted = page.get_by_role("dialog", name="Finish with a note")
    await noted.get_by_role("textbox", name="What was done?").fill("moved over night")
    await noted.get_by_role("button", name="Complete").click()
    await expect(drawer.get_by_text("moved over night").first).to_be_visible()
    await expect(drawer.get_by_text("Done", exact=True).first).to_be_visible()
    await expect(drawer.get_by_role("button", name="Reopen")).to_be_visible()
