"""The model that a local owner enters: stored for the owner only, never shown, tried with one request."""

import stat
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.models.configuration import ModelConfiguration
from app.models.ports import AssistantError
from app.settings import Settings, SettingsError, load_settings
from resolvers.ports import EnteredModel
from sql.errors import BadUserInput, Conflict
from tests.fakes.messages_api import MessagesApi, Scripted

LOCAL = EnteredModel("sk-entered", "http://127.0.0.1:11434", "qwen3")


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory without .env, whose data directory the settings use."""
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "ANTHROPIC_MODEL", "AUTH_MODE", "HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RESONANT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "data"


def test_what_is_saved_is_used_from_the_next_start_on_and_readable_by_its_owner_only(environment: Path) -> None:
    configuration = ModelConfiguration(load_settings())
    assert (configuration.state().has_key, configuration.state().restart_needed) == (False, False)
    configuration.save(LOCAL)
    assert stat.S_IMODE((environment / "model.json").stat().st_mode) == 0o600
    state = configuration.state()
    assert (state.base_url, state.model, state.has_key) == ("http://127.0.0.1:11434", "qwen3", True)
    assert state.restart_needed
    assert "sk-entered" not in repr(state)
    settings = load_settings()
    assert (settings.anthropic_model, settings.anthropic_base_url) == ("qwen3", "http://127.0.0.1:11434")
    assert settings.anthropic_api_key == SecretStr("sk-entered")
    assert not ModelConfiguration(settings).state().restart_needed


def test_the_environment_takes_precedence_and_its_key_is_not_sent_to_a_stored_address(
    environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ModelConfiguration(load_settings()).save(LOCAL)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-environment")
    settings = load_settings()
    assert (settings.anthropic_api_key, settings.anthropic_base_url) == (SecretStr("sk-environment"), None)
    configuration = ModelConfiguration(settings)
    assert configuration.state().from_environment
    with pytest.raises(Conflict, match="set_by_environment"):
        configuration.save(LOCAL)


def test_a_key_is_kept_for_its_own_address_only(environment: Path) -> None:
    configuration = ModelConfiguration(load_settings())
    with pytest.raises(BadUserInput, match="key_needed"):
        configuration.save(EnteredModel(None, None, "claude"))
    configuration.save(LOCAL)
    configuration.save(EnteredModel(None, LOCAL.base_url, "other"))
    assert load_settings().anthropic_model == "other"
    with pytest.raises(BadUserInput, match="key_needed"):
        configuration.save(EnteredModel(None, "http://elsewhere.example", "other"))
    for wrong in (EnteredModel("two words", None, "m"), EnteredModel("k", "ftp://x", "m")):
        with pytest.raises(BadUserInput, match="setting_invalid"):
            configuration.save(wrong)


def test_a_damaged_file_stops_the_start_with_its_name_and_without_its_content(environment: Path) -> None:
    environment.mkdir()
    (environment / "model.json").write_text('{"anthropic_api_key": "sk secret"}')
    with pytest.raises(SettingsError, match=r"model\.json") as failure:
        load_settings()
    assert "secret" not in str(failure.value)


async def test_a_trial_sends_one_tiny_request_and_says_what_is_wrong(api: MessagesApi, tmp_path: Path) -> None:
    configuration = ModelConfiguration(Settings(_env_file=None, data_dir=tmp_path))
    entered = EnteredModel("sk-entered", api.url, "qwen3")
    assert await configuration.test(entered) == "qwen3"
    [asked] = api.requests
    assert (asked["model"], asked["max_tokens"], asked["headers"]["authorization"]) == (
        "qwen3",
        1,
        "Bearer sk-entered",
    )
    api.script(Scripted(status=401))
    with pytest.raises(AssistantError, match="key_rejected"):
        await configuration.test(entered)
    assert not (tmp_path / "model.json").exists()
