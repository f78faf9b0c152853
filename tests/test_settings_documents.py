"""docs/settings.md and .env.example are generated from the settings and name all of them."""

import re
from pathlib import Path

import pytest

from app.commands.generate import EXAMPLE, REFERENCE, documents, environment_name, shown_default
from app.settings import GROUPS, Settings

ESTABLISHED = {"HOST", "PORT", "RESONANT_DATA_DIR", "EMBEDDER", "COMPILED_OPERATIONS", "BUILD_VERSION"}
PREFIXES = {
    "SERVER_", "DATABASE_", "AUTH_", "ANTHROPIC_", "MODEL_", "EMBEDDING_", "MEMORY_", "WORKER_", "CODE_", "LIVE_",
    "WEBHOOK_", "GRAPHQL_", "FILES_", "LOG_", "METRICS_", "TRACES_", "BACKUP_", "IMPORT_",
}  # fmt: skip
FIELDS = Settings.model_fields
DEFAULTS = {environment_name(name, field): shown_default(field) for name, field in FIELDS.items()}


@pytest.mark.parametrize("path", [REFERENCE, EXAMPLE], ids=lambda path: path.name)
def test_generated_document_is_current(path: Path) -> None:
    assert path.read_text("utf-8") == documents()[path], "run `python -m app settings`"


def test_reference_lists_every_setting_with_its_default() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| (?:`([^`]*)` )?\| .+ \|$", REFERENCE.read_text("utf-8"), re.MULTILINE)
    assert dict(rows) == DEFAULTS


def test_example_file_lists_every_setting_with_its_default() -> None:
    written = dict(re.findall(r"^#([A-Z_]+)=(.*)$", EXAMPLE.read_text("utf-8"), re.MULTILINE))
    examples = {environment_name(name, field) for name, field in FIELDS.items() if field.examples}
    assert {name: "" if name in examples else value for name, value in written.items()} == DEFAULTS


@pytest.mark.parametrize("line", EXAMPLE.read_text("utf-8").splitlines())
def test_unedited_example_file_changes_nothing(line: str) -> None:
    assert not line or line.startswith("#")


@pytest.mark.parametrize("name", DEFAULTS)
def test_setting_has_the_prefix_of_its_group(name: str) -> None:
    assert name in ESTABLISHED or name.startswith(tuple(PREFIXES))


def test_every_setting_belongs_to_one_group_and_has_a_description() -> None:
    grouped = [name for group in GROUPS for name in group.model_fields]
    assert sorted(grouped) == sorted(FIELDS)
    assert all(field.description for field in FIELDS.values())
