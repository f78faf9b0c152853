"""What a person says about themself applies in all projects; what they say about the work does not."""

import pytest

from app.language.person import is_about_person

ABOUT_PERSON = [
    "I prefer TypeScript", "I prefer dark mode.", "My name is Yuki", "I live in Osaka", "I'm allergic to peanuts",
    "I am a vegetarian", "Please answer in Japanese", "Always reply briefly", "Call me Ken", "I don't like coffee",
    "I work at Acme", "remember that I like tea", "I have two kids", "My favourite editor is Vim", "I speak French",
    "私はTypeScriptが好きです", "TypeScriptが好きです", "紅茶派です", "私の名前は田中です",
    "返信は日本語でお願いします",
    "大阪に住んでいます", "そばアレルギーです", "ケンと呼んでください", "私は朝型です",
]  # fmt: skip
ABOUT_WORK = [
    "We use PostgreSQL", "The staging password rotates monthly", "Our deploy window is Tuesday",
    "I decided to use PostgreSQL for billing", "I deployed v2 yesterday", "The customer prefers email",
    "My team uses Slack", "We prefer tabs", "I prefer TypeScript for this project", "I have a meeting at 3",
    "I am going to deploy it", "デプロイは火曜日です", "本番DBはPostgreSQLです", "顧客は請求書払いです",
    "このプロジェクトではTypeScriptが好き", "田中さんは紅茶が好きです", "説明会は3月です",
]  # fmt: skip


@pytest.mark.parametrize("about_person", [True, False])
def test_statements_about_the_person_are_told_from_those_about_the_work(about_person: bool) -> None:
    said = ABOUT_PERSON if about_person else ABOUT_WORK
    assert [each for each in said if is_about_person(each) is not about_person] == []
