"""Quantities are read in English and Japanese and are equal in any unit."""

from decimal import Decimal

import pytest

from app.language.quantities import quantities, same_quantity, versions

EQUAL = [
    ["0.05 kHz", "50 Hz", "50ヘルツ"],
    ["300 litres", "300リットル", "300000 ml"],
    ["1.5 kg", "1500グラム"],
    ["2.5 cm", "25 mm"],
    [
        "30 minutes",
        "1800 s",
        "0.5 h",
        "30分",
        "半時間",
        "half an hour",
        "30-minute",
        "30 min",
        "３０分",
        "三十分",
        "thirty minutes",
    ],
    ["90 minutes", "1.5 hours", "1 hour 30 minutes", "1時間30分", "1時間半", "5400秒", "one and a half hours"],
    ["60 minutes", "an hour", "one hour", "1時間", "６０分", "3600 seconds", "1h"],
    ["7 days", "one week", "一週間", "7日間", "168 hours"],
    ["1 year", "12 months", "12ヶ月", "1年", "twelve months", "十二か月"],
    ["6 months", "半年", "half a year"],
    ["20 %", "20パーセント", "2割", "20 percent", "20％"],
    ["5 MB", "5MB", "5メガバイト", "5000 KB"],
    ["5 MiB", "5120 KiB"],
    ["10,000円", "1万円", "¥10,000", "10000 yen"],
    ["$1,500", "1500 dollars", "1500ドル"],
    ["12 characters", "twelve characters", "12文字", "12-character", "１２文字"],
    ["3 attempts", "three times", "3回", "三回"],
    ["2 approvals", "two reviewers", "2人"],
    ["10k requests", "10,000 requests", "1万リクエスト", "1万件"],
    ["500ms", "0.5 s", "500ミリ秒"],
]
READ = [
    ("tokens live 15 minutes, sessions 8 hours", [(900, "second"), (28800, "second")]),
    ("100 requests per minute", [(100, "item")]),
    ("cover 80% of 20 files", [(80, "percent"), (20, "item")]),
    ("Python 3.12 on port 8080", [("3.12", ""), (8080, "")]),
]
NONE = [
    "2026年3月31日", "3/31", "10:30", "毎朝9時30分", "at 9am", "March 31", "the 3rd attempt",
    "v2 of the API", "1.2.3", "3番目", "#42", "一部の画面", "一般ユーザー", "",
]  # fmt: skip


@pytest.mark.parametrize("texts", EQUAL, ids=lambda texts: texts[0])
def test_equal_amounts_are_equal_in_any_unit_and_language(texts: list[str]) -> None:
    for text in texts:
        assert same_quantity(text, texts[0]), (text, quantities(text), quantities(texts[0]))
    first = quantities(texts[0])[0]
    assert {(each.value, each.unit) for text in texts for each in quantities(text)[:1]} == {(first.value, first.unit)}


def test_different_amounts_differ() -> None:
    for number, texts in enumerate(EQUAL):
        for others in EQUAL[number + 1 :]:
            assert not same_quantity(texts[0], others[0])


@pytest.mark.parametrize(("text", "found"), READ)
def test_all_quantities_of_a_text_are_read(text: str, found: list[tuple[int | str, str]]) -> None:
    assert [(each.value, each.unit) for each in quantities(text)] == [(Decimal(value), unit) for value, unit in found]


@pytest.mark.parametrize("text", NONE)
def test_dates_times_and_ordinals_are_no_quantities(text: str) -> None:
    assert quantities(text) == []


def test_versions_are_read() -> None:
    assert versions("Python 3.12 and API v2, release 1.2.3") == ["3.12", "2", "1.2.3"]
