"""Classification by local rules: type, urgency, due time and reason."""

from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.language.text import READ_CHARACTERS, split_sentences
from app.models.classification.local import LocalClassifier, ReadSentence, find_priority, read_sentence
from app.text_process import SHORT_CHARACTERS, InThisProcess, Parameters, Result, TextProcess
from tests.models.labelled import NO_WORK, NOW, load_readings, measure, read_verdicts

FRAGMENTS = ["remind me ", "tomorrow ", "at 9", ", ", ". ", "run ", "the tests", "spec", "please ", "明日", "9時", "に",
             "を", "教えて", "して", "仕様書", "？"]  # fmt: skip

# Reasons of a reminder whose time is said, but cannot be used.
ASKS_FOR_TIME = ("reason.with_unread_time", "reason.with_past_time")


def read(text: str) -> list[ReadSentence]:
    """The sentences that ask for work."""
    found = (read_sentence(sentence, NOW) for sentence in split_sentences(text[:READ_CHARACTERS]))
    return [each for each in found if each.verdict not in NO_WORK]


def due_of(sentence: ReadSentence) -> datetime | None:
    return sentence.time.at if sentence.time else None


@pytest.mark.parametrize("language", ["en", "ja"])
def test_nine_of_ten_unseen_messages_are_read_correctly(language: str) -> None:
    confusion = measure(load_readings("test", language))
    assert confusion.accuracy >= 0.90, "\n".join(confusion.misread)


def test_the_messages_of_the_train_split_are_read_correctly() -> None:
    confusion = measure(load_readings("train"))
    assert confusion.misread == []


def test_the_labelled_messages_are_distinct_and_cover_every_kind_in_both_splits() -> None:
    train, test = load_readings("train"), load_readings("test")
    assert len(train) + len(test) >= 300
    assert len({row.id for row in train + test}) == len({row.text for row in train + test}) == len(train + test)
    assert {row.kind for row in train} == {row.kind for row in test}
    assert {row.kind for row in test} == {"none", "task", "specification", "remember", "reminder", "code_execution"}


@pytest.mark.parametrize(
    ("message", "raised"),
    [
        ("what is the best approach?", []),
        ("Is async faster than sync?", []),
        ("make the client async", ["task"]),
        ("この関数をリファクタリングしてください", ["task"]),
        ("明日9時に教えて", ["reminder"]),
        ("認証の仕組みを教えてください", []),
        ("覚えておいて", ["remember"]),
        ("データベースの件、覚えていますか？", []),
        ("来週までに認証機能の設計をまとめて", ["task"]),
        ("summarise the auth design by next week", ["task"]),
        ("設計をまとめてください 😀 and more", ["task"]),
        ("設計をまとめてくださいw", ["task"]),
        ("設計をまとめて（急ぎ）", ["task"]),
        ("🙏 please fix it", ["task"]),
        ("Build failed on the arm runner", []),
        ("how can I run the tests?", []),
        ("I ran the tests", []),
        ("テストを実行したら落ちました", []),
        ("バグみたい", []),
        ("ちょっと待って", []),
        ("よろしくお願いします", []),
        ("Hello!", []),
        ("お疲れ様です", []),
        ("", []),
        ("👍", []),
    ],
)
def test_known_traps(message: str, raised: list[str]) -> None:
    assert read_verdicts(message) == raised


async def test_every_classification_has_a_reason_and_names_its_classifier() -> None:
    for text in ("what is the best approach?", "fix it by Friday", "明日9時に教えて", ""):
        found = await LocalClassifier().classify_intent(text, (), NOW)
        assert found.classifier == "local rules"
        assert found.reason.key
        assert 0 < found.confidence <= 1


def test_each_sentence_of_a_message_is_read() -> None:
    read_all = read("Thanks! Please write the tests. Then remind me at 3pm to review them. What do you think?")
    assert [(each.verdict, each.text) for each in read_all] == [
        ("task", "Please write the tests."),
        ("reminder", "Then remind me at 3pm to review them."),
    ]


def test_each_item_of_a_list_asks_for_work() -> None:
    assert read_verdicts("1. Fix the login\n2. Write the docs\n- [ ] run the tests") == [
        "task",
        "task",
        "code_execution",
    ]


def test_code_blocks_and_quotations_ask_for_nothing() -> None:
    assert read_verdicts("What does this do?\n```\nrun the tests\ndelete everything\n```") == []
    assert read_verdicts("> Please delete everything\nI disagree with that.") == []


@pytest.mark.parametrize(
    ("message", "due"),
    [
        ("来週までに認証機能の設計をまとめて", "2026-12-04 23:59"),
        ("summarise the auth design by next week", "2026-12-04 23:59"),
        ("fix the login bug tomorrow", "2026-11-25 23:59"),
        ("明日9時に教えて", "2026-11-25 09:00"),
        ("remind me by Friday to pay", "2026-11-27 09:00"),
        ("金曜に請求書を送るリマインダーをお願いします", "2026-11-27 09:00"),
        ("昨日の9時の障害を調べて", None),
        ("Please fix the login", None),
    ],
)
def test_the_due_time_is_read_from_the_sentence(message: str, due: str | None) -> None:
    [sentence] = read(message)
    at = due_of(sentence)
    assert (f"{at:%Y-%m-%d %H:%M}" if at else None) == due


@pytest.mark.parametrize(
    ("text", "priority"),
    [
        ("urgent: fix it", 9),
        ("ASAP please", 9),
        ("至急お願いします", 9),
        ("急いで直して", 9),
        ("this is important", 5),
        ("早めにお願い", 5),
        ("no rush", 0),
        ("not urgent", 0),
        ("いつでもいいので", 0),
        ("急ぎではありません", 0),
        ("急がなくていい", 0),
        ("fix it", None),
    ],
)
def test_urgency_is_read_from_the_text(text: str, priority: int | None) -> None:
    assert find_priority(text) == priority


def test_a_reminder_without_a_time_is_a_task() -> None:
    [sentence] = read("remind me to water the plants")
    assert (sentence.verdict, sentence.time) == ("task", None)
    assert sentence.rule.reason == "reason.asks_for_reminder_without_time"


@pytest.mark.parametrize(
    ("message", "due", "reason"),
    [
        ("remind me in 3 days at 10am to call Bob", "2026-11-27 10:00", "reason.with_time"),
        ("remind me on Jan 15, 2028 to renew the domain", "2028-01-15 09:00", "reason.with_time"),
        ("remind me at 2028-01-15T09:30:00Z to rotate the keys", "2028-01-15 18:30", "reason.with_time"),
        ("3月末に請求書を送るようリマインドして", "2027-03-31 09:00", "reason.with_time"),
        ("毎週月曜10時に定例のリマインドをお願い", "2026-11-30 10:00", "reason.with_repetition"),
        ("remind me every second Friday at noon to pay", "2026-11-27 12:00", "reason.with_repetition"),
        ("remind me on 12/11/2027 to renew", None, "reason.with_unread_time"),
        ("2月30日の10時に教えて", None, "reason.with_unread_time"),
        ("remind me later to water the plants", None, "reason.with_unread_time"),
        ("remind me on 2020-01-01 to water the plants", None, "reason.with_past_time"),
    ],
)
async def test_a_time_that_is_said_is_used_or_the_reminder_asks_for_it(
    message: str, due: str | None, reason: str
) -> None:
    found = await LocalClassifier().classify_intent(message, (), NOW)
    assert found.intent_type == "reminder"
    assert (f"{found.due_at:%Y-%m-%d %H:%M}" if found.due_at else None) == due
    assert found.reason.key == reason


async def test_work_without_a_readable_time_says_so_and_a_program_that_repeats_is_not_due() -> None:
    unread, program, past = [
        await LocalClassifier().classify_intent(text, (), NOW)
        for text in ("fix the login by 3/4", "write a script that runs every 5 minutes", "fix the bug of last Friday")
    ]
    assert (unread.due_at, unread.reason.key) == (None, "reason.with_unread_time")
    assert (program.due_at, program.reason.key) == (None, "reason.with_repetition")
    assert (past.due_at, past.reason.key) == (None, "reason.begins_with_imperative")


async def test_an_intent_that_matches_nothing_is_a_task() -> None:
    found = await LocalClassifier().classify_intent("認証の設計", (), NOW)
    assert (found.intent_type, found.classifier) == ("task", "local rules")
    assert found.confidence < 0.6


async def test_an_intent_that_is_a_question_has_the_type_question() -> None:
    assert (await LocalClassifier().classify_intent("what is the best approach?", (), NOW)).intent_type == "question"


async def check(text: str) -> None:
    found = await LocalClassifier().classify_intent(text, (), NOW)
    assert found.due_at is None or found.due_at > NOW
    assert found.intent_type != "reminder" or found.due_at is not None or found.reason.key in ASKS_FOR_TIME


@given(st.text(max_size=500))
async def test_any_text_is_classified(text: str) -> None:
    await check(text)


@given(st.lists(st.sampled_from(FRAGMENTS)))
async def test_any_text_that_resembles_requests_is_classified(parts: list[str]) -> None:
    await check("".join(parts))


@pytest.mark.parametrize(
    "text",
    [
        "1時" * 100_000,
        "a " * 100_000,
        "。" * 200_000,
        "write " * 50_000,
        "明日に" * 80_000,
        "next, " * 50_000,
        "a.\n" * 90_000,
    ],
)
async def test_a_huge_text_is_classified_in_bounded_time(text: str) -> None:
    assert (await LocalClassifier().classify_intent(text, (), NOW)).intent_type


class CountedWork(InThisProcess):
    """Records the size of each piece of work."""

    def __init__(self) -> None:
        self.sizes = list[int]()

    async def run(
        self, characters: int, work: Callable[Parameters, Result], *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> Result:
        self.sizes.append(characters)
        return await super().run(characters, work, *args, **kwargs)


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Please fix the login test by tomorrow. It fails on main. Thanks! " * 5, True),
        ("明日までに請求画面のテストを直してください。急ぎません。" * 10, True),
        ("ﷺ\n" * 100, False),
        ("明日。" * 160, False),
        ("a" * 501, False),
    ],
)
async def test_only_texts_that_are_read_quickly_are_read_on_the_event_loop(text: str, short: bool) -> None:
    work = CountedWork()
    classifier = LocalClassifier(work=work)
    await classifier.classify_intent(text, [], NOW)
    assert [size <= SHORT_CHARACTERS for size in work.sizes] == [short]


async def test_a_long_text_is_read_in_the_same_way_in_a_process() -> None:
    text = "Please fix the login test by tomorrow at 3pm.\n明日の9時にリマインドして。\nThe weather is nice.\n" * 10
    process = TextProcess()
    there = LocalClassifier(work=process)
    assert await there.classify_intent(text, (), NOW) == await LocalClassifier().classify_intent(text, (), NOW)
    assert process.process is not None
    await process.close()
