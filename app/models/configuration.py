"""The model that the owner enters in the settings page: stored in the data directory, and tried with one request."""

import asyncio
from importlib import import_module
from typing import Any

from pydantic import SecretStr, ValidationError

from app.models.client import ClaudeClient, no_messages_api
from app.settings import Settings
from app.settings.assistant import ModelSettings
from app.settings.stored_model import read_stored_model, write_stored_model
from resolvers.ports import EnteredModel, ModelState
from sql.errors import BadUserInput, Conflict

TRIAL_SECONDS = 30.0


class ModelConfiguration:
    """Implements resolvers.ports.ModelConfigurator. What is saved applies from the next start on."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        stored = read_stored_model(settings.data_dir)
        provider = (settings.anthropic_api_key, settings.anthropic_base_url)
        entered = (None, None) if stored is None else (stored.anthropic_api_key, stored.anthropic_base_url)
        self._from_environment = any(provider) and provider != entered

    def state(self) -> ModelState:
        running = self._settings
        stored = None if self._from_environment else read_stored_model(running.data_dir)
        shown: ModelSettings = stored or running
        return ModelState(
            base_url=shown.anthropic_base_url,
            model=shown.anthropic_model,
            has_key=shown.anthropic_api_key is not None,
            from_environment=self._from_environment,
            restart_needed=stored is not None and _values(stored) != _values(running),
        )

    def save(self, entered: EnteredModel) -> None:
        if self._from_environment:
            raise Conflict("model.set_by_environment")
        write_stored_model(self._settings.data_dir, self._to_settings(entered))

    async def test(self, entered: EnteredModel) -> str:
        chosen = self._to_settings(entered)
        # The client imports the SDK, which takes more than a second: other requests go on meanwhile.
        await asyncio.to_thread(import_module, "anthropic")
        client = ClaudeClient(self._settings.model_copy(update=_values(chosen)))
        try:
            answer: Any = await client.create(
                retries=0,
                timeout=TRIAL_SECONDS,
                model=chosen.anthropic_model,
                max_tokens=1,
                messages=[{"role": "user", "content": "Hi"}],
            )
        finally:
            await client.close()
        if getattr(answer, "type", None) != "message":
            raise no_messages_api()
        return chosen.anthropic_model

    def _to_settings(self, entered: EnteredModel) -> ModelSettings:
        """What was entered, with the stored key when none was. Raises BadUserInput."""
        key = SecretStr(entered.api_key) if entered.api_key else self._kept_key(entered.base_url)
        try:
            return ModelSettings(
                anthropic_api_key=key, anthropic_base_url=entered.base_url, anthropic_model=entered.model
            )
        except ValidationError as error:
            # The first location is the field; the message may contain the key, so it is not shown.
            field = str(error.errors()[0]["loc"][0]).upper()
            raise BadUserInput("model.setting_invalid", setting=field) from None

    def _kept_key(self, base_url: str | None) -> SecretStr:
        """The key that is already known, but never for another address than its own."""
        known: ModelSettings = read_stored_model(self._settings.data_dir) or self._settings
        if known.anthropic_api_key is None or known.anthropic_base_url != base_url:
            raise BadUserInput("model.key_needed")
        return known.anthropic_api_key


def _values(model: ModelSettings) -> dict[str, Any]:
    return {
        "anthropic_api_key": model.anthropic_api_key,
        "anthropic_base_url": model.anthropic_base_url,
        "anthropic_model": model.anthropic_model,
    }
