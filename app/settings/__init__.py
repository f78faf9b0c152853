"""All settings, read once from the environment, `.env` and secret files, then passed to the parts that need them."""

import re
from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.settings.assistant import (
    CodeSettings,
    EmbeddingSettings,
    MemorySettings,
    ModelSettings,
    WebhookSettings,
    WorkerSettings,
)
from app.settings.base import LOOPBACK, SettingsGroup
from app.settings.service import (
    AuthSettings,
    BackupSettings,
    DatabaseSettings,
    FileSettings,
    GraphQLSettings,
    ImportSettings,
    LiveSettings,
    ObservabilitySettings,
    ServerSettings,
)

SECRETS = Path("/run/secrets")
GROUPS: tuple[type[SettingsGroup], ...] = (
    ServerSettings,
    DatabaseSettings,
    AuthSettings,
    ModelSettings,
    EmbeddingSettings,
    MemorySettings,
    WorkerSettings,
    WebhookSettings,
    CodeSettings,
    LiveSettings,
    GraphQLSettings,
    FileSettings,
    ObservabilitySettings,
    BackupSettings,
    ImportSettings,
)


class SettingsError(Exception):
    """A setting is wrong; the message is one line that names it and the accepted values."""


class Settings(
    ServerSettings,
    DatabaseSettings,
    AuthSettings,
    ModelSettings,
    EmbeddingSettings,
    MemorySettings,
    WorkerSettings,
    WebhookSettings,
    CodeSettings,
    LiveSettings,
    GraphQLSettings,
    FileSettings,
    ObservabilitySettings,
    BackupSettings,
    ImportSettings,
    BaseSettings,
):
    """Every group in one object, so that a part can take the group it needs as the type of its parameter.

    Only `RESONANT_DATA_DIR` has the prefix RESONANT, because other programs use DATA_DIR.
    """

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True, populate_by_name=True
    )


def load_settings(secrets: Path = SECRETS) -> Settings:
    """Read the settings, or raise `SettingsError` with one line that names everything that is wrong."""
    try:
        # Secret files of a container are named like the settings; environment variables take precedence.
        settings = Settings(_secrets_dir=secrets if secrets.is_dir() else None)
    except ValidationError as error:
        problems = (": ".join(filter(None, (".".join(map(str, e["loc"])).upper(), e["msg"]))) for e in error.errors())
        raise SettingsError("; ".join(problems)) from None
    _check_combinations(settings)
    return settings


def _check_combinations(settings: Settings) -> None:
    if settings.auth_mode == "local" and settings.host not in LOOPBACK:
        raise SettingsError(
            f"HOST={settings.host}: AUTH_MODE=local answers on loopback only; "
            "use HOST=127.0.0.1, or AUTH_MODE=token to let people sign in."
        )
    provider = (settings.auth_jwt_issuer, settings.auth_jwt_audience, settings.auth_jwt_jwks_url)
    if any(provider) and not all(provider):
        raise SettingsError(
            "AUTH_JWT_ISSUER, AUTH_JWT_AUDIENCE and AUTH_JWT_JWKS_URL belong together; set all three or none."
        )
    if any(provider) and settings.auth_mode == "local":
        raise SettingsError("AUTH_JWT_ISSUER: an identity provider needs AUTH_MODE=token.")
    if settings.files_store == "s3" and not re.match("s3://[^/]", settings.backup_destination or ""):
        raise SettingsError(
            "FILES_STORE=s3 stores files in the bucket of the backups; set BACKUP_DESTINATION=s3://bucket/prefix, and "
            "AWS_ENDPOINT_URL_S3, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY for its server."
        )
