"""The model that a local owner enters: stored for the owner only, never shown, tried with one request."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.models.configuration import ModelConfiguration
from app.models.factory import build_models
from app.models.in_use import ModelInUse, ModelsInUse
from app.models.ports import AssistantError
from app.settings import Settings, SettingsError, load_settings
from resolvers.ports import EnteredModel
from sql.errors import BadUserInput, Conflict
from tests.fakes.messages_api import MessagesApi, Scripted

LOCAL = EnteredModel("sk-entered", "http://127.0.0.1:11434", "qwen3", ["small"])


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory without .env, whose data directory the settings use."""
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "ANTHROPIC_MODEL", "AUTH_MODE", "HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RESONANT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "data"


def opened() -> tuple[ModelInUse, ModelConfiguration]:
    model = ModelInUse.of_installation(load_settings())
    return model, ModelConfiguration(model)


def test_what_is_saved_is_used_at_once_in_every_process_and_readable_by_its_owner_only(environment: Path) -> None:
    model, configuration = opened()
    other_process, _ = opened()
    assert (configuration.state().has_key, other_process.settings.claude_configured) == (False, False)
    configuration.save(LOCAL)
    assert stat.S_IMODE((environment / "model.json").stat().st_mode) == 0o600
    state = configuration.state()
    assert (state.base_url, state.model, state.has_key) == ("http://127.0.0.1:11434", "qwen3", True)
    assert state.further_models == ["small"]
    assert "sk-entered" not in repr(state)
    for each in (model, other_process, opened()[0]):
        settings = each.settings
        assert (settings.anthropic_model, settings.anthropic_base_url) == ("qwen3", "http://127.0.0.1:11434")
        assert settings.anthropic_api_key == SecretStr("sk-entered")
        assert settings.available_models == ("qwen3", "small")
        assert each.settings is settings
    configuration.save(replace(LOCAL, api_key=None, model="other"))
    assert other_process.settings.anthropic_model == "other"
    configuration.remove()
    assert not (environment / "model.json").exists()
    assert not configuration.state().has_key
    assert not other_process.settings.claude_configured
    configuration.remove()


def test_the_environment_takes_precedence_and_its_key_is_not_sent_to_a_stored_address(
    environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened()[1].save(LOCAL)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-environment")
    model, configuration = opened()
    assert (model.settings.anthropic_api_key, model.settings.anthropic_base_url) == (SecretStr("sk-environment"), None)
    assert configuration.state().from_environment
    with pytest.raises(Conflict, match="set_by_environment"):
        configuration.save(LOCAL)
    with pytest.raises(Conflict, match="set_by_environment"):
        configuration.remove()
    monkeypatch.setenv("AUTH_MODE", "token")
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    assert not ModelInUse.of_installation(load_settings()).settings.claude_configured


def test_a_key_is_kept_for_its_own_address_only(environment: Path) -> None:
    model, configuration = opened()
    with pytest.raises(BadUserInput, match="key_needed"):
        configuration.save(EnteredModel(None, None, "claude"))
    configuration.save(LOCAL)
    configuration.save(EnteredModel(None, f"{LOCAL.base_url}/v1/", "other"))
    assert (model.settings.anthropic_model, model.settings.anthropic_base_url) == ("other", LOCAL.base_url)
    with pytest.raises(BadUserInput, match="key_needed"):
        configuration.save(EnteredModel(None, "http://elsewhere.example", "other"))
    for wrong, key in ((EnteredModel("two words", None, "m"), "key"), (EnteredModel("k", "ftp://x", "m"), "address")):
        with pytest.raises(BadUserInput, match=f"model.{key}_invalid"):
            configuration.save(wrong)


def test_a_damaged_file_stops_the_start_and_changes_nothing_while_running(environment: Path) -> None:
    model, configuration = opened()
    configuration.save(LOCAL)
    assert model.settings.claude_configured
    (environment / "model.json").write_text('{"anthropic_api_key": "sk secret"}')
    with pytest.raises(SettingsError, match=r"model\.json") as failure:
        opened()
    assert "secret" not in str(failure.value)
    assert model.settings.anthropic_api_key == SecretStr("sk-entered")
    (environment / "model.json").unlink()
    (environment / "model.json").mkdir()
    with pytest.raises(Conflict, match="not_stored"):
        configuration.save(LOCAL)


async def test_models_are_built_again_when_another_is_stored_and_work_keeps_the_ones_it_began_with(
    environment: Path,
) -> None:
    model, configuration = opened()
    models = ModelsInUse(model, build_models)
    first = await models.current()
    assert first.assistant.offline
    assert await models.current() is first
    configuration.save(LOCAL)
    second = await models.current()
    assert (second.assistant.offline, second.assistant.model, first.assistant.offline) == (False, "qwen3", True)
    configuration.remove()
    assert (await models.current()).assistant.offline
    assert second.client is not None
    assert not second.client.sdk.is_closed()
    await models.close()
    assert second.client.sdk.is_closed()


async def test_a_trial_sends_one_tiny_request_and_says_what_is_wrong(api: MessagesApi, tmp_path: Path) -> None:
    configuration = ModelConfiguration(ModelInUse(Settings(_env_file=None, data_dir=tmp_path), tmp_path))
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
