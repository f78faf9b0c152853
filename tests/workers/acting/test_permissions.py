"""What a message permits a model to do, by the words of the user."""

import pytest

from app.workers.replies.permissions import Permissions, asks_for_no_change, is_reversal

NO_CHANGE = [
    "What if we moved the review to Friday?",
    "もしRedisが落ちたらどうなる？",
    "ありがとう、助かりました",
    "Thanks, that helped a lot.",
    "hello",
    "今のタスク一覧を見せて",
    "Can you show me the tasks?",
    "Could you please explain leases?",
    "リースについて説明してください",
    "明日の予定を教えて",
    "DBは何に決めたんだっけ？",
    "Maybe we should use Kafka.",
    "Kafkaはどうでしょう",
    "Compare Kafka and SQS",
    "議事録を要約して",
]
CHANGE = [
    "Can you fix the failing login test?",
    "30分後に休憩するように教えて",
    "明日の9時に教えてくれますか？",
    "Tell me in 10 minutes to stretch",
    "Show me the tasks and cancel the audit reminder",
    "Look up the pen test reminder and cancel it",
    "設計書にまとめて",
    "Don't remind me about the break.",
    "タスクを追加してもらえますか？",
    "リマインダーを消してくれる？",
    "はい、お願いします",
    "OK",
    "The login page is slow again.",
    "Should we use Kafka? Let's use Kafka.",
]
REVERSAL = [
    "やっぱりMySQLにしましょう",
    "Change of plan: MySQL instead",
    "JWTの有効期限を60分に変更して",
    "Raise the upload limit to 50 MB",
    "We no longer use Redis",
    "DBはやめてMySQLで",
    "デプロイは火曜ではなく水曜にします",
    "Withdraw the decision about Redis",
    "Let's reconsider the database",
]
NO_REVERSAL = ["Let's use MySQL", "DBはMySQLに決めました", "We decided on Redis", "What did we decide?"]


@pytest.mark.parametrize("message", NO_CHANGE)
def test_questions_requests_to_be_told_and_courtesies_ask_for_no_change(message: str) -> None:
    assert asks_for_no_change(message)


@pytest.mark.parametrize("message", CHANGE)
def test_requests_and_statements_ask_for_a_change(message: str) -> None:
    assert not asks_for_no_change(message)


def test_only_words_that_say_so_reverse_a_decision() -> None:
    assert [message for message in REVERSAL if not is_reversal(message)] == []
    assert [message for message in NO_REVERSAL if is_reversal(message)] == []


def test_a_record_that_was_read_is_changed_when_the_user_named_it_in_either_language() -> None:
    said = Permissions(["Don't remind me about the break."])
    assert said.refusal("cancel_intent", {"id": "1"}, about=["休憩"], read=True) is None
    refused = said.refusal("cancel_intent", {"id": "1"}, about=["請求書を送る"], read=True)
    assert refused is not None
    assert refused.key == "action.not_in_message"
