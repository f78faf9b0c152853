"""The data files of the local rules have the documented structure."""

import re
import tomllib
from typing import Any

import jsonschema

from tests.processes import ROOT

FOLDER = ROOT / "app/workers/intents/contradictions"
TEXT = {"type": "string", "minLength": 1}
TEXTS = {"type": "array", "items": TEXT, "minItems": 1}
TEXT_BY_NAME = {"type": "object", "additionalProperties": TEXT}


def strict(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


WORDING = strict(
    stop=TEXTS,
    generic_japanese=TEXTS,
    artefacts=TEXTS,
    negation=TEXT,
    synonyms=TEXT_BY_NAME,
    actions={"type": "object", "additionalProperties": TEXTS},
    axes={"type": "object", "additionalProperties": strict(one=TEXTS, other=TEXTS)},
    absolute_claims=strict(
        english=TEXTS,
        english_exceptions=TEXT,
        absolute=TEXT,
        japanese_rule=TEXT,
        japanese_event=TEXT,
        japanese_deadline=TEXT,
    ),
)


def load(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text("utf-8"))


def test_the_word_lists_have_their_structure_and_valid_patterns() -> None:
    data = load("wording.toml")
    jsonschema.validate(data, WORDING)
    for patterns in [*data["actions"].values(), *(end for axis in data["axes"].values() for end in axis.values())]:
        for pattern in patterns:
            re.compile(pattern)
