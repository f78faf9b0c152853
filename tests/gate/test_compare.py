"""The gate tells contradictions from statements that only look like them, in both languages and across them."""

import re
from typing import Any

import jsonschema
import pytest

from app.gate import words
from app.gate.compare import compare
from app.gate.likeness import content_of, likeness
from app.gate.statements import Statement, statement_of_decision
from app.language.catalogue import render
from app.language.data import read_data
from tests.gate.pairs import load_pairs, make_decision, measure_pairs

TRAIN, TEST = load_pairs("train"), load_pairs("test")
METHODS, UNSEEN, ORDINARY = load_pairs("methods"), load_pairs("unseen"), load_pairs("ordinary")
LANGUAGES = re.compile(r"[ぁ-んァ-ヶ一-龯]")
POSTGRES = make_decision(
    3, kind="choice", title="DBはPostgreSQLに決定", topic="データベース", chosen="PostgreSQL", rejected=["MySQL"]
)
LIFETIME = make_decision(
    5, kind="value", title="JWT access tokens live 15 minutes", topic="access token lifetime", value="15 minutes"
)
NAMES = {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1}
LISTS = {"type": "object", "additionalProperties": NAMES}


def test_the_pairs_cover_all_kinds_in_both_languages_and_across_them() -> None:
    pairs = TRAIN + TEST
    assert len(pairs) >= 200
    assert len({pair.id for pair in pairs}) == len(pairs)
    kinds = {
        (pair.decision.kind, bool(LANGUAGES.search(pair.decision.title)), bool(LANGUAGES.search(pair.statement.text)))
        for pair in pairs
    }
    assert len(kinds) == 16
    assert 0.4 <= sum(pair.flagged for pair in pairs) / len(pairs) <= 0.6


@pytest.mark.parametrize(
    ("pairs", "recall"),
    [(TRAIN, 0.95), (TEST, 0.85), (METHODS, 0.9), (UNSEEN, 0.85), (ORDINARY, 0.8)],
    ids=["train", "test", "methods", "unseen", "ordinary"],
)
def test_contradictions_are_found_and_little_else_is(pairs: list[Any], recall: float) -> None:
    measured = measure_pairs(pairs)
    assert measured.precision >= 0.95, measured.wrong
    assert measured.recall >= recall, measured.missed


def test_the_explanation_cites_number_and_sentence_in_the_language_of_the_statement() -> None:
    [english] = compare(Statement("Rebuild the user store on MySQL"), [POSTGRES, LIFETIME])
    assert english.decision is POSTGRES
    assert english.kind == "tech_stack"
    assert english.explanation.text == 'It asks for MySQL, which contradicts decision 3, "DBはPostgreSQLに決定".'
    [japanese] = compare(Statement("JWTの有効期限を60分に変更して"), [POSTGRES, LIFETIME])
    assert japanese.kind == "policy_shift"
    assert "決定5「JWT access tokens live 15 minutes」" in japanese.explanation.text


@pytest.mark.parametrize(
    ("fields", "statement", "english", "japanese"),
    [
        (
            {"kind": "choice", "title": "Spaces for indentation", "topic": "indentation", "chosen": "spaces"},
            {"kind": "choice", "title": "Tabs for indentation", "topic": "indentation", "chosen": "tabs"},
            'It asks for "Tabs", which contradicts decision 1, "Spaces for indentation".',
            "「Tabs」を求めていますが、決定1「Spaces for indentation」と矛盾します。",
        ),
        (
            {"kind": "value", "title": "Uploads are limited to 10 MB", "topic": "upload size", "value": "10 MB"},
            "Raise the upload limit to 50 MB",
            'It asks for 50 MB, which contradicts decision 1, "Uploads are limited to 10 MB".',
            "50 MBを求めていますが、決定1「Uploads are limited to 10 MB」と矛盾します。",
        ),
        (
            {"kind": "rule", "title": "Only admins may delete projects", "topic": "permissions"},
            "Let every member delete projects",
            'It allows "member" what decision 1, "Only admins may delete projects" does not allow them.',
            "「member」に認めることになりますが、決定1「Only admins may delete projects」では認められていません。",
        ),
        (
            {"kind": "rule", "title": "個人情報は必ず暗号化して保存する", "topic": "個人情報"},
            "Store the personal data unencrypted",
            'It asks for "unencrypted", which contradicts decision 1, "個人情報は必ず暗号化して保存する".',
            "「unencrypted」を求めていますが、決定1「個人情報は必ず暗号化して保存する」と矛盾します。",
        ),
        (
            {"kind": "scope", "title": "英語以外の言語は対象外", "topic": "言語"},
            "Translate the app into French",
            '"French" is out of scope by decision 1, "英語以外の言語は対象外".',
            "「French」は、決定1「英語以外の言語は対象外」により対象外です。",
        ),
    ],
    ids=["choice", "value", "permission", "opposite", "scope"],
)
def test_every_finding_is_one_sentence_in_both_languages(
    fields: dict[str, Any], statement: Any, english: str, japanese: str
) -> None:
    said = Statement(statement) if isinstance(statement, str) else statement_of_decision(make_decision(2, **statement))
    [found] = compare(said, [make_decision(1, **fields)])
    why = found.explanation
    assert why.text == english
    assert why.key is not None
    assert render(why.key, why.params or {}, "ja") == japanese


def test_questions_reminders_and_facts_are_not_compared() -> None:
    for intent_type in ("question", "reminder", "remember"):
        assert compare(Statement("Use MySQL", intent_type=intent_type), [POSTGRES]) == []
    assert compare(Statement("MySQLを使ってくれますか？"), [POSTGRES])


@pytest.mark.parametrize(
    ("rule", "within", "outside"),
    [
        ("No deliveries after 8 pm", "Schedule the delivery at 9 pm", "Schedule the delivery at 7 pm"),
        ("Never call customers after 6 pm", "Call customers at 7 pm", "Call customers at 5 pm"),
        ("18時以降は顧客に電話しない", "19時に顧客に電話する", "17時に顧客に電話する"),
        ("Do not merge on Fridays after 3 pm", "Merge it on Friday at 4 pm", "Merge it on Friday at 2 pm"),
    ],
)
def test_rule_for_some_hours_is_broken_in_these_hours_only(rule: str, within: str, outside: str) -> None:
    decision = make_decision(1, kind="rule", title=rule, topic="hours")
    assert compare(Statement(within), [decision])
    assert compare(Statement(outside), [decision]) == []


@pytest.mark.parametrize(
    ("english", "japanese", "same"),
    [
        ("caffe latte", "カフェラテ", True),
        ("workspaces", "ワークスペース", True),
        ("relay", "リレー", True),
        ("brioche", "カンパーニュ", False),
    ],
)
def test_loanwords_are_known_by_their_sound(english: str, japanese: str, same: bool) -> None:
    assert (likeness(content_of(japanese), content_of(english)).covered == 1) is same


def test_a_kind_of_a_thing_is_the_thing_but_not_the_reverse() -> None:
    assert likeness(content_of("game item"), content_of("剣")).covered == 1
    assert likeness(content_of("剣"), content_of("game item")).covered < 0.5


def test_a_technology_that_another_decision_chose_is_no_contradiction() -> None:
    warehouse = make_decision(9, kind="choice", title="Reports use MySQL", topic="reports database", chosen="MySQL")
    assert compare(Statement("Store the reports in MySQL"), [POSTGRES, warehouse]) == []
    assert compare(Statement("Store the orders in MySQL"), [POSTGRES, warehouse])


def test_a_long_text_is_read_in_bounded_time() -> None:
    for text in ("MySQL " * 50_000, "を" * 100_000, "a" * 100_000, "1" * 100_000, "use the old " * 20_000):
        compare(Statement(text), [POSTGRES, LIFETIME])


def test_the_word_lists_have_their_structure() -> None:
    data = read_data(words.__file__, "words.toml")
    for name in ("about", "away", "leaves", "adopts", "verbs"):
        jsonschema.validate(data[name], LISTS)
    for name in ("undo", "bypass", "bypass_suffix", "bypass_after", "later", "phases"):
        jsonschema.validate(data[name], NAMES)
    for members in data["classes"].values():
        jsonschema.validate(members, LISTS)
    assert data["class_concepts"].keys() <= data["classes"].keys()
    assert set(data["distinct"]["classes"]) <= data["classes"].keys()
