"""The list of technologies has valid patterns, and a name of each purpose in both languages."""

import re

from app.language.catalogue import catalogue
from app.language.data import read_data
from app.language.technologies import PURPOSES, candidates_of, mentions_of, pattern_of
from app.language.technologies import __file__ as module
from tests.gate.pairs import load_pairs

DATA = read_data(module, "technologies.toml")


def test_the_technologies_have_valid_patterns() -> None:
    for technologies in DATA["purposes"].values():
        for pattern in technologies.values():
            assert re.compile(pattern).groups == 0, pattern


def test_every_purpose_has_a_name_in_both_languages() -> None:
    names = {f"purpose.{name}" for name in DATA["purposes"]}
    assert names <= catalogue("en").keys()
    assert names <= catalogue("ja").keys()


def test_a_technology_with_several_purposes_is_listed_under_each_of_them() -> None:
    for name, each in DATA["several"].items():
        assert name in DATA["purposes"][each["purpose"]]
        assert name in DATA["purposes"][each["otherwise"]]


def test_every_technology_is_found_next_to_other_words() -> None:
    for purpose, technologies in PURPOSES.items():
        for name in technologies:
            pattern = pattern_of(purpose, name)
            for text in (f"Use {name} for it", f"{name}を使う", f"({name})"):
                found = {(each.purpose, each.name) for each in mentions_of(text)}
                assert name in DATA["several"] or not pattern.search(text) or (purpose, name) in found


def test_every_technology_is_looked_for_where_its_pattern_matches() -> None:
    texts = [name for names in PURPOSES.values() for name in names]
    texts += [pair.statement.text for pair in load_pairs("train")]
    for text in texts:
        matching = {
            (purpose, name)
            for purpose, names in PURPOSES.items()
            for name in names
            if pattern_of(purpose, name).search(text)
        }
        assert matching <= set(candidates_of(text)), text
