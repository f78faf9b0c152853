"""The data files of the assistant are complete: patterns compile, and phrases exist in both languages."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.assistant.answers.phrases import PHRASES
from app.assistant.rules.patterns import named_patterns, patterns
from app.assistant.rules.values import IMPLIED, NAMED_ONLY

RULES = Path("app/assistant/rules")
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)


@pytest.mark.parametrize("path", sorted(RULES.glob("*.toml")), ids=lambda path: path.stem)
def test_each_pattern_of_a_rule_file_compiles(path: Path) -> None:
    found = list(texts(tomllib.loads(path.read_text("utf-8"))))
    assert found
    for text in found:
        re.compile(text)


@pytest.mark.parametrize(
    ("section", "name"),
    [("value", "japanese")]
    + [(kind, language) for kind in ("scope", "rule", "question") for language in ("english", "japanese")],
)
def test_each_pattern_of_decisions_compiles_with_its_words(section: str, name: str) -> None:
    assert patterns(section, name)


def test_each_pattern_of_values_that_is_treated_differently_exists() -> None:
    assert {*NAMED_ONLY, *IMPLIED} <= named_patterns("value", "english").keys()


def test_each_phrase_has_both_languages_and_the_same_placeholders() -> None:
    for name, phrase in PHRASES.items():
        if name in ("kinds", "periods"):
            assert all(each.keys() == {"en", "ja"} for each in phrase.values()), name
        else:
            assert phrase.keys() == {"en", "ja"}, name
            assert set(PLACEHOLDER.findall(phrase["en"])) == set(PLACEHOLDER.findall(phrase["ja"])), name
