"""The model that the owner enters in the settings page: stored in the data directory, and tried with one request."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from pydantic import SecretStr, ValidationError

from app.models.claude import ClaudeAssistant
from app.models.client import ClaudeClient, no_messages_api
from app.models.in_use import ModelInUse
from app.models.offline import OfflineAssistant
from app.settings.assistant import ModelSettings
from app.settings.stored_model import FIELDS, delete_stored_model, is_from_environment, write_stored_model
from resolvers.ports import EnteredModel, ModelState
from schema.assistant import AssistantInfo
from sql.errors import BadUserInput, Conflict

TRIAL_SECONDS = 30.0
INVALID = {"anthropic_api_key": "model.key_invalid", "anthropic_base_url": "model.address_invalid"}


def to_assistant_info(model: ModelSettings) -> AssistantInfo:
    """The assistant that answers with these settings."""
    if not model.claude_configured:
        return AssistantInfo(name=OfflineAssistant.name, model=None, offline=True)
    return AssistantInfo(name=ClaudeAssistant.name, model=model.anthropic_model, offline=False)


class ModelConfiguration:
    """Implements resolvers.ports.ModelConfigurator. What is saved applies from the next reply on."""

    def __init__(self, model: ModelInUse) -> None:
        self._model = model
        self._directory = model.directory or model.environment.data_dir

    @property
    def _from_environment(self) -> bool:
        return is_from_environment(self._model.environment)

    def state(self) -> ModelState:
        used = self._model.settings
        return ModelState(
            base_url=used.anthropic_base_url,
            model=used.anthropic_model,
            further_models=list(used.anthropic_models),
            has_key=used.anthropic_api_key is not None,
            from_environment=self._from_environment,
        )

    def save(self, entered: EnteredModel) -> None:
        self._check_changeable()
        with _failures_translated():
            write_stored_model(self._directory, self._to_settings(entered))

    def remove(self) -> None:
        self._check_changeable()
        with _failures_translated():
            delete_stored_model(self._directory)

    def _check_changeable(self) -> None:
        if self._from_environment:
            raise Conflict("model.set_by_environment")

    async def test(self, entered: EnteredModel) -> str:
        chosen = self._to_settings(entered)
        # The client imports the SDK, which takes more than a second: other requests go on meanwhile.
        await asyncio.to_thread(import_module, "anthropic")
        client = ClaudeClient(self._model.environment.model_copy(update=_values(chosen)))
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
        try:
            chosen = ModelSettings(
                anthropic_api_key=SecretStr(entered.api_key or ""),
                anthropic_base_url=entered.base_url,
                anthropic_model=entered.model,
                anthropic_models=tuple(entered.further_models),
            )
        except ValidationError as error:
            # The first location is the field; the message may contain the key, so it is not shown.
            raise BadUserInput(INVALID[str(error.errors()[0]["loc"][0])]) from None
        if chosen.anthropic_api_key is not None:
            return chosen
        return chosen.model_copy(update={"anthropic_api_key": self._kept_key(chosen.anthropic_base_url)})

    def _kept_key(self, base_url: str | None) -> SecretStr:
        """The key that is already known, but never for another address than its own."""
        known = self._model.settings
        if known.anthropic_api_key is None or known.anthropic_base_url != base_url:
            raise BadUserInput("model.key_needed")
        return known.anthropic_api_key


@contextmanager
def _failures_translated() -> Iterator[None]:
    try:
        yield
    except OSError as failure:
        raise Conflict("model.not_stored", path=str(failure.filename), reason=failure.strerror) from failure


def _values(model: ModelSettings) -> dict[str, Any]:
    return {name: getattr(model, name) for name in FIELDS}
