"""The model that is in use: that of the environment, or the one that the owner has stored last, without a restart."""

import asyncio
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import structlog

from app.models.factory import Models
from app.settings import Settings, SettingsError
from app.settings.stored_model import StoredModelError, read_stored_model, stamp_of, stored_values

log = structlog.get_logger()


class ModelInUse:
    """The settings with the stored model. Each process reads the file again when it has changed.

    `environment`: the settings without the file. `directory`: where the owner of a local installation stores a model;
    None when only the environment sets one.
    """

    def __init__(self, environment: Settings, directory: Path | None = None) -> None:
        """Raises StoredModelError."""
        self.environment = environment
        self.directory = directory
        self._stamp = stamp_of(directory)
        self._settings = self._read()

    @classmethod
    def of_installation(cls, environment: Settings) -> "ModelInUse":
        """With what the owner of a local installation has entered; nobody else enters a model. Raises SettingsError."""
        try:
            return cls(environment, environment.data_dir if environment.auth_mode == "local" else None)
        except StoredModelError as failure:
            raise SettingsError(str(failure)) from None

    @property
    def settings(self) -> Settings:
        """The same object until another model is stored. A file that cannot be read changes nothing."""
        if (stamp := stamp_of(self.directory)) != self._stamp:
            self._stamp = stamp
            try:
                self._settings = self._read()
            except StoredModelError as failure:
                log.error("the stored model cannot be used; the one before stays in use", reason=str(failure))
        return self._settings

    def _read(self) -> Settings:
        stored = None if self.directory is None else read_stored_model(self.directory)
        return self.environment.model_copy(update=stored_values(self.environment, stored))


class ModelsInUse:
    """Implements app.models.factory.ModelSource: builds the models again when another one is stored.

    What runs with earlier models ends with them, so their clients are closed at the end only.
    """

    def __init__(self, model: ModelInUse, build: Callable[[Settings], Models]) -> None:
        self._model = model
        self._build = build
        self._lock = asyncio.Lock()
        self._built: list[tuple[Settings, Models]] = []

    async def current(self) -> Models:
        async with self._lock:
            settings = self._model.settings
            if not self._built or self._built[-1][0] is not settings:
                if settings.claude_configured:
                    # The client imports the SDK, which takes more than a second: other work goes on meanwhile.
                    await asyncio.to_thread(import_module, "anthropic")
                self._built.append((settings, self._build(settings)))
            return self._built[-1][1]

    async def close(self) -> None:
        for _, models in self._built:
            await models.assistant.close()
