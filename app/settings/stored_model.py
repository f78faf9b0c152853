"""The model that the owner of a local installation entered in the settings page, in a file of the data directory."""

import os
from pathlib import Path

import orjson
from pydantic import ValidationError

from app.settings.assistant import ModelSettings

FILE_NAME = "model.json"
FIELDS = ("anthropic_api_key", "anthropic_base_url", "anthropic_model", "anthropic_models")
# A key is only sent to the address that it was entered for, so the two come from the same place.
PROVIDER = frozenset({"anthropic_api_key", "anthropic_base_url"})


class StoredModelError(Exception):
    """The file cannot be read as settings of a model."""


def stamp_of(directory: Path | None) -> tuple[int, ...] | None:
    """What changes whenever the file is replaced or deleted; None when there is none."""
    try:
        found = None if directory is None else (directory / FILE_NAME).stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found and (found.st_ino, found.st_mtime_ns, found.st_size)


def read_stored_model(directory: Path) -> ModelSettings | None:
    """What was entered; None when nothing was. Raises StoredModelError."""
    path = directory / FILE_NAME
    try:
        stored = orjson.loads(path.read_bytes())
        return ModelSettings(**{name: stored[name] for name in FIELDS if stored.get(name) is not None})
    except (FileNotFoundError, NotADirectoryError):
        return None  # a directory that is none is reported when it is written
    except (OSError, ValueError, ValidationError, TypeError, AttributeError):
        # The cause may contain the key.
        raise StoredModelError(f"{path} cannot be read; correct it or delete it") from None


def write_stored_model(directory: Path, model: ModelSettings) -> None:
    """Replace the file; only its owner can read it."""
    key = model.anthropic_api_key
    values = {
        "anthropic_api_key": key.get_secret_value() if key else None,
        "anthropic_base_url": model.anthropic_base_url,
        "anthropic_model": model.anthropic_model,
        "anthropic_models": model.anthropic_models,
    }
    directory.mkdir(parents=True, exist_ok=True)
    temporary = directory / f"{FILE_NAME}.{os.getpid()}"
    temporary.unlink(missing_ok=True)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(orjson.dumps(values))
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(directory / FILE_NAME)


def delete_stored_model(directory: Path) -> None:
    """Forget the model and its key."""
    (directory / FILE_NAME).unlink(missing_ok=True)


def is_from_environment(model: ModelSettings) -> bool:
    """Whether the environment sets the provider; then what was entered is not used."""
    return any(getattr(model, name) is not None for name in PROVIDER & model.model_fields_set)


def stored_values(model: ModelSettings, stored: ModelSettings | None) -> dict[str, object]:
    """The stored settings that apply; the environment takes precedence."""
    if stored is None or is_from_environment(model):
        return {}
    free = [name for name in FIELDS if name in PROVIDER or name not in model.model_fields_set]
    return {name: getattr(stored, name) for name in free if name in stored.model_fields_set}
