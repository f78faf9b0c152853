"""README.md and .env.example name every setting, with the default that it has."""

import re
from pathlib import Path
from typing import Any

import pytest

from app.settings import Settings

ROOT = Path(__file__).parents[1]


def environment_name(field: str) -> str:
    return str(Settings.model_fields[field].validation_alias or field).upper()


def shown(default: Any) -> str:
    """The default as both documents write it: nothing for what is unset."""
    if default is None:
        return ""
    if isinstance(default, tuple):
        return ",".join(default)
    if isinstance(default, bool):
        return str(default).lower()
    return f"{default:g}" if isinstance(default, float) else str(default)


DEFAULTS = {environment_name(name): shown(field.default) for name, field in Settings.model_fields.items()}
EXAMPLES_WITHOUT_DEFAULT = {
    "DATABASE_URL", "BROADCAST_URL", "PUBLIC_ORIGINS", "JWT_ISSUER", "JWT_AUDIENCE", "JWT_JWKS_URL", "TRUSTED_PROXIES"
}  # fmt: skip


def test_the_readme_lists_every_setting_with_its_default() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| (?:`([^`]*)`)? ?\| .+ \|$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert dict(rows) == DEFAULTS


def test_the_example_file_lists_every_setting_with_its_default() -> None:
    written = dict(re.findall(r"^#([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    examples = {name: "" if name in EXAMPLES_WITHOUT_DEFAULT else value for name, value in written.items()}
    assert examples == DEFAULTS


@pytest.mark.parametrize("line", (ROOT / ".env.example").read_text().splitlines())
def test_the_example_file_changes_nothing_as_it_stands(line: str) -> None:
    assert not line or line.startswith("#")
