"""The assistant that the settings select; an offline installation does not import the SDK."""

import subprocess
import sys

import pytest

from app.models.factory import build_models
from app.settings import Settings
from tests.models.conftest import settings_for


def test_an_offline_installation_never_imports_the_sdk() -> None:
    program = (
        "import sys, app.run; from app.models.factory import build_models; from app.settings import Settings;"
        "assert build_models(Settings(_env_file=None, anthropic_api_key=None)).assistant.offline;"
        "assert not {'anthropic', 'httpx2', 'httpx'} & set(sys.modules), 'imported'"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


async def test_a_key_switches_claude_on() -> None:
    models = build_models(settings_for("http://127.0.0.1:9"))
    assert (models.assistant.model, models.assistant.offline) == ("local-model", False)
    await models.assistant.close()


@pytest.mark.parametrize("key", ["鍵", "two words", "line\nbreak"])
def test_a_key_that_fits_no_header_is_refused_at_the_start(key: str) -> None:
    with pytest.raises(ValueError, match="a key contains only"):
        settings_for("http://127.0.0.1:9", anthropic_api_key=key)


def test_a_key_keeps_no_space_around_it() -> None:
    key = settings_for("http://127.0.0.1:9", anthropic_api_key=" sk-x\n").anthropic_api_key
    assert key is not None
    assert key.get_secret_value() == "sk-x"


def test_an_address_without_a_scheme_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="http://"):
        Settings(_env_file=None, anthropic_base_url="localhost:9")
