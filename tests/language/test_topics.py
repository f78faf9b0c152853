"""Topics are the same in English and Japanese, and in any order of their words."""

import pytest

from app.language.data import read_data
from app.language.technologies import PURPOSES
from app.language.topics import CONCEPTS, KINDS, TOPIC_OF_PURPOSE, TOPICS, terms_of, topic_key, topic_of, wider
from app.language.topics import __file__ as module

SAME_TOPIC = [
    [
        "database",
        "DB",
        "the database",
        "データベース",
        "ＤＢ",
        "Which database do we use?",
        "データベースの選定",
        "PostgreSQL",
    ],
    ["session timeout", "セッションの有効期限", "session expiry", "timeout of sessions", "セッションタイムアウト"],
    [
        "access token lifetime",
        "JWTの有効期限",
        "token lifetime",
        "lifetime of access tokens",
        "トークンの有効期限",
        "JWT TTL",
    ],
    ["refresh token lifetime", "リフレッシュトークンの有効期限"],
    ["password hashing", "パスワードのハッシュ", "hashing of passwords", "パスワードハッシュ方式"],
    ["password length", "パスワードの文字数", "minimum password length"],
    ["authentication", "auth", "認証", "認証方式", "login"],
    ["deployment", "デプロイ", "deploy", "deploys"],
    ["message queue", "job queue", "メッセージキュー", "message broker"],
    ["frontend framework", "frontend", "フロントエンド", "フロントエンドフレームワーク"],
    ["hosting", "cloud", "クラウド", "hosting provider"],
    ["continuous integration", "CI", "CI/CD", "継続的インテグレーション"],
    ["api style", "API design", "API方式"],
    ["license", "licence", "ライセンス"],
    ["error tracking", "エラー監視"],
    ["search engine", "検索エンジン", "full-text search"],
    ["storage", "object storage", "ストレージ"],
    ["payment", "決済", "payments"],
    ["email", "メール", "e-mail"],
    ["monitoring", "監視", "observability"],
    ["mobile app", "モバイルアプリ", "smartphone app", "スマホアプリ"],
    ["third-party analytics", "サードパーティのアクセス解析", "external analytics"],
    ["end-to-end test", "e2eテスト", "E2E テスト", "browser tests"],
    ["audit log", "監査ログ"],
    ["database, invoice", "DB for invoices", "請求書のデータベース"],
    ["colour, button", "button colour", "the colour of the buttons"],
]
SUBJECTS = [
    ("DBはPostgreSQLに決めました。MySQLは使いません。", "database"),
    ("We decided to use JWT access tokens with a 15 minute lifetime.", "access token lifetime"),
    ("JWTの有効期限を60分に変更して", "access token lifetime"),
    ("Argon2idにします。", "password hashing"),
    ("Let's also use Redis for the session cache.", "session cache"),
    ("We will not use any third-party analytics.", "third-party analytics"),
    ("Google Analyticsを導入するタスクを追加して", "analytics"),
    ("The mobile app is out of scope for v1.", "mobile app"),
    ("Move from Jenkins to GitHub Actions", "continuous integration"),
    ("パスワードは12文字以上とする", "password length"),
    ("hello there", None),
    ("", None),
]


@pytest.mark.parametrize("topics", SAME_TOPIC, ids=lambda topics: topics[0])
def test_synonyms_in_both_languages_have_one_key(topics: list[str]) -> None:
    assert {topic: topic_key(topic) for topic in topics} == dict.fromkeys(topics, topic_key(topics[0]))


def test_different_topics_have_different_keys() -> None:
    keys = {topic_key(topics[0]) for topics in SAME_TOPIC}
    assert len(keys) == len(SAME_TOPIC)


@pytest.mark.parametrize(("text", "topic"), SUBJECTS)
def test_the_topic_of_a_sentence_follows_from_its_words_or_its_technologies(text: str, topic: str | None) -> None:
    assert topic_of(text) == topic


def test_no_concept_is_in_both_files() -> None:
    files = (read_data(module, name)["concepts"] for name in ("topics.toml", "vocabulary.toml"))
    assert set.intersection(*map(set, files)) == set()
    assert topic_key("permission of the user") == topic_key("承諾")


def test_the_words_of_one_concept_are_found_in_both_languages() -> None:
    assert "ios app" in {term.name for term in terms_of("iOSアプリの実装を始めて")}
    assert "ios app" in {term.name for term in terms_of("Start the iPhone app")}
    assert wider("ios app") == {"ios app", "mobile app"}


def test_topics_and_kinds_are_made_of_known_concepts() -> None:
    assert {concept for needed in TOPICS.values() for each in needed for concept in each} <= CONCEPTS.keys()
    assert {*KINDS, *(parent for parents in KINDS.values() for parent in parents)} <= CONCEPTS.keys()
    assert TOPIC_OF_PURPOSE.keys() == PURPOSES.keys()
    assert set(TOPIC_OF_PURPOSE.values()) <= {*CONCEPTS, *TOPICS}


def test_no_word_names_two_concepts() -> None:
    terms = [term for concept, names in CONCEPTS.items() for term in {concept, *names}]
    twice = {term for term in terms if terms.count(term) > 1}
    assert not twice
    assert not {*terms} & {*read_data(module, "topics.toml")["generic"]}
