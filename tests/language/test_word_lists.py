"""The TOML files of word lists follow their schemas, and their patterns are regular expressions."""

import re
import tomllib
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import pytest

from tests.processes import ROOT

STRING = {"type": "string", "minLength": 1}
WORDS = {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1, "uniqueItems": True}
COUNTS = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}, "minProperties": 1}
UNITS = {"enum": ["day", "week", "weekend", "month", "year", "fiscal year"]}
PARTS = {"type": "object", "additionalProperties": {"type": "string"}, "minProperties": 1}
KANJI = {"type": "string", "pattern": "^[一-龯]+$"}


def table(**properties: Any) -> dict[str, Any]:
    """A table with exactly these fields."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


TIMES = table(
    numerals=table(ones=COUNTS, tens=COUNTS, vague=COUNTS),
    calendar=table(
        weekdays={**WORDS, "minItems": 7, "maxItems": 7},
        weekdays_ja={**WORDS, "minItems": 7, "maxItems": 7},
        months={**WORDS, "minItems": 12, "maxItems": 12},
    ),
    past_weeks_ja=COUNTS,
    units_ja={"type": "object", "additionalProperties": UNITS, "minProperties": 1},
    past_ja={"type": "object", "additionalProperties": table(unit=UNITS, before={"type": "integer", "minimum": 0})},
    after_ja=table(today=KANJI, honjitsu=KANJI, word=KANJI, before=KANJI),
    parts=table(ja=PARTS, en=PARTS),
)
STRINGS = {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}, "minProperties": 1}
OFFSETS = {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 1}
DATES = {"type": "object", "additionalProperties": {"type": "string", "pattern": "^[01]\\d-[0-3]\\d$"}}
PARTS_OF_DAY = [
    "morning",
    "noon",
    "afternoon",
    "this afternoon",
    "dusk",
    "evening",
    "end of day",
    "night",
    "small hours",
]
TIME_WORDS = table(
    english=table(
        weekdays={**WORDS, "minItems": 7, "maxItems": 7},
        short_weekdays={**WORDS, "minItems": 7, "maxItems": 7},
        months={**WORDS, "minItems": 12, "maxItems": 12},
        tomorrow=WORDS,
        vague=WORDS,
        soft=WORDS,
        numbers=COUNTS,
        ordinals=OFFSETS,
        units=STRINGS,
        holidays=DATES,
    ),
    japanese=table(
        weekdays={**WORDS, "minItems": 7, "maxItems": 7},
        not_times=WORDS,
        vague=WORDS,
        soft=WORDS,
        eras=COUNTS,
        days=OFFSETS,
        weeks=OFFSETS,
        months=OFFSETS,
        years=OFFSETS,
        units=STRINGS,
        holidays=DATES,
    ),
    parts=table(
        **{
            name: table(hour={"type": "integer", "minimum": 0, "maximum": 23}, half={"enum": ["am", "pm"]})
            for name in PARTS_OF_DAY
        }
    ),
    parts_ja={"type": "object", "additionalProperties": {"enum": PARTS_OF_DAY}, "minProperties": 1},
    zones={"type": "object", "additionalProperties": {"type": "number", "minimum": -12, "maximum": 14}},
    zone_names=STRINGS,
    ambiguous_zones=table(names=WORDS, names_ja=WORDS),
)
STATEMENTS = table(
    not_statements=WORDS,
    not_own=WORDS,
    leads={"type": "string", "minLength": 1},
    working=WORDS,
    emphasis=WORDS,
    speech=WORDS,
    contrasts_before=WORDS,
    contrasts_after=WORDS,
    outside=WORDS,
    rules={
        "type": "array",
        "items": table(
            tag={"enum": ["preference", "profile", "fact", "decision"]},
            pattern={"type": "string", "minLength": 1},
        ),
    },
)
ALTERNATIVES = {"type": "object", "additionalProperties": WORDS, "minProperties": 1}
TECHNOLOGIES = table(
    purposes={"type": "object", "additionalProperties": {**STRINGS, "minProperties": 2}},
    several={"type": "object", "additionalProperties": table(purpose=STRING, when=STRING, otherwise=STRING)},
)
NAMES = {"type": "array", "items": STRING, "uniqueItems": True}
TOPICS = table(
    generic=WORDS,
    concepts={"type": "object", "additionalProperties": NAMES, "minProperties": 1},
    topics={"type": "object", "additionalProperties": {"type": "array", "items": WORDS, "minItems": 1}},
    purposes=STRINGS,
    kinds=ALTERNATIVES,
)
NUMBER = {"type": "string", "pattern": r"^\d+(\.\d+)?$"}
QUANTITIES = table(
    units={"type": "array", "items": table(canonical=STRING, factor=NUMBER, names=WORDS)},
    currencies=STRINGS,
    fractions={"type": "object", "additionalProperties": NUMBER},
    words={"type": "object", "additionalProperties": table(value=NUMBER, unit=STRING)},
)
ENTRIES = {
    "type": "array",
    "minItems": 1,
    "items": {"type": "string", "pattern": r"^[a-z0-9 ,-]+: \S+(?: \S+)*$"},
}
KINDS = {
    "type": "array",
    "minItems": 1,
    "items": {"type": "string", "pattern": r"^[a-z0-9 ,-]+: \S+(?: \S+)*(?: \| [a-z0-9 ,-]+: \S+(?: \S+)*)+$"},
}
SCHEMAS = {
    "app/language/dictionary/inflection.toml": table(
        japanese={
            "type": "object",
            "propertyNames": {"pattern": "^[ぁ-ゖ]$"},
            "additionalProperties": {"type": "string", "pattern": "^[うくぐすつぬぶむるい]+$"},
        },
        english={"type": "object", "propertyNames": {"pattern": "^[a-z]+$"}, "additionalProperties": WORDS},
    ),
    "app/language/quantities.toml": QUANTITIES,
    "app/language/technologies.toml": TECHNOLOGIES,
    "app/language/topics.toml": TOPICS,
    "app/language/vocabulary.toml": table(
        concepts={"type": "object", "additionalProperties": NAMES, "minProperties": 1}
    ),
    "app/language/lexicon.toml": table(grammar=NAMES, actions=ENTRIES, attributes=ENTRIES, things=ENTRIES, kinds=KINDS),
    "app/language/person.toml": table(english=WORDS, japanese=WORDS, work=STRING, lead=STRING),
    "app/language/times.toml": TIMES,
    "app/language/times/words.toml": TIME_WORDS,
    "app/memory/extraction/statements.toml": STATEMENTS,
    "app/memory/search/specifications.toml": table(documents=WORDS, no_names=WORDS, generic=WORDS),
    "app/models/classification/english.toml": ALTERNATIVES,
    "app/models/classification/japanese.toml": ALTERNATIVES,
    "app/models/classification/urgency.toml": table(relaxed=WORDS, urgent=WORDS, important=WORDS),
    "app/operations/transfer/records/documents.toml": table(
        statuses=ALTERNATIVES, fields=STRINGS, sections=ALTERNATIVES
    ),
    "app/tools/hand_over.toml": table(common=WORDS),
}
PATTERNS = [path for path in SCHEMAS if path.endswith(("english.toml", "japanese.toml", "urgency.toml"))]


def read(path: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / path).read_text("utf-8"))


@pytest.mark.parametrize("path", SCHEMAS)
def test_each_file_follows_its_schema(path: str) -> None:
    jsonschema.validate(read(path), SCHEMAS[path])


def test_each_file_has_a_schema() -> None:
    packages = ("app/language", "app/memory", "app/models", "app/operations", "app/tools")
    found = {str(path.relative_to(ROOT)) for each in packages for path in (ROOT / each).rglob("*.toml")}
    assert found == set(SCHEMAS)


@pytest.mark.parametrize("path", PATTERNS)
def test_alternatives_are_regular_expressions(path: str) -> None:
    for alternatives in read(path).values():
        for pattern in alternatives:
            assert re.compile(pattern).groups == 0, f"{pattern} would shift the groups of the rule around it"


def test_statement_rules_have_at_most_one_slot_per_alternative() -> None:
    for rule in read("app/memory/extraction/statements.toml")["rules"]:
        assert re.compile(rule["pattern"]).groups <= 2


def test_the_words_of_times_are_regular_expressions_without_groups() -> None:
    words = read("app/language/times/words.toml")
    lists = (words[language][name] for language in ("english", "japanese") for name in ("vague", "soft"))
    for pattern in (pattern for each in lists for pattern in each):
        assert re.compile(pattern).groups == 0, pattern


def test_named_zones_exist() -> None:
    for name in read("app/language/times/words.toml")["zone_names"].values():
        ZoneInfo(name)
