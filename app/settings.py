"""Everything that can be configured, read once from the environment and `.env`, then passed around."""

from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

CodeTool = Literal["Read", "Write", "Edit", "Glob", "Grep", "Bash"]
SECRETS = Path("/run/secrets")
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class SettingsError(Exception):
    """A setting is wrong; the message is one line that names it and says what it may be."""


class Settings(BaseSettings):
    """One field a setting; the environment variable is the field's name in upper case.

    `RESONANT_DATA_DIR` alone carries a prefix, because `DATA_DIR` is everybody's name.
    Durations are seconds, sizes are bytes.
    """

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, populate_by_name=True)

    # Where things are
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    data_dir: Path = Field(Path(".resonant"), validation_alias="RESONANT_DATA_DIR")
    database_url: str | None = None
    api_database_url: str | None = None
    bridge_database_url: str | None = None
    broadcast_url: str | None = None
    public_origins: Annotated[tuple[str, ...], NoDecode] = ()

    # Who may come in
    auth_mode: Literal["local", "token"] = "local"
    owner_name: str = "Owner"
    session_idle_seconds: float = Field(12 * 3600.0, ge=60)
    session_seconds: float = Field(7 * 24 * 3600.0, ge=60)
    sign_in_free_tries: int = Field(5, ge=1)
    sign_in_free_tries_by_address: int = Field(20, ge=1)
    sign_in_longest_delay: float = Field(300.0, ge=1)
    sign_in_longest_delay_by_address: float = Field(3600.0, ge=1)
    jwt_issuer: str | None = None
    jwt_audience: str | None = None
    jwt_jwks_url: str | None = None
    jwt_leeway: float = Field(30.0, ge=0, le=300)
    jwt_new_users: Literal["refuse", "viewer", "member"] = "refuse"
    metrics_token: SecretStr | None = None
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()

    # Claude
    anthropic_api_key: SecretStr | None = None
    anthropic_base_url: str | None = None
    anthropic_model: str = "claude-opus-5-5"
    anthropic_max_tokens: int = Field(4096, ge=1, le=128_000)
    anthropic_temperature: float | None = Field(None, ge=0.0, le=1.0)
    anthropic_timeout: float = Field(60.0, gt=0)
    anthropic_max_retries: int = Field(2, ge=0, le=10)

    # Finding by meaning
    embedder: Literal["wordllama", "hashed", "voyage", "openai"] = "wordllama"
    embedding_model: str | None = None
    embedding_base_url: str | None = None
    embedding_api_key: SecretStr | None = None
    embedding_query_prefix: str = ""
    embedding_passage_prefix: str = ""
    embedding_timeout: float = Field(10.0, gt=0)

    # What is remembered, and how much of it is shown
    context_tokens: int = Field(100_000, ge=1000)
    memory_capacity: int = Field(10_000, ge=10)

    # Work
    lease_seconds: float = Field(30.0, ge=1.0)
    poll_seconds: float = Field(2.0, gt=0)
    bridge_concurrency: int = Field(8, ge=1, le=256)
    max_attempts: int = Field(5, ge=1, le=100)
    contradiction_threshold: float = Field(0.6, ge=0.0, le=1.0)

    # What is kept
    event_retention_days: float | None = Field(90.0, gt=0)

    # Running code
    code_workspace: Path | None = None
    code_tools: Annotated[tuple[CodeTool, ...], NoDecode] = ("Read", "Write", "Edit", "Glob", "Grep")
    code_timeout: float = Field(600.0, gt=0)

    # The database
    pool_min_size: int = Field(1, ge=0)
    pool_max_size: int = Field(10, ge=2)
    statement_timeout: float = Field(5.0, gt=0)
    acquire_timeout: float = Field(2.0, gt=0)

    # Stopping
    drain_seconds: float = Field(0.0, ge=0, le=600)

    # What is measured
    metrics_port: int | None = Field(None, ge=0, le=65535)
    traces_to: str | None = None
    model_price_input: float | None = Field(None, ge=0)
    model_price_output: float | None = Field(None, ge=0)

    # Backups
    backup_to: str | None = None
    backup_every: float = Field(86400.0, ge=60)
    backup_passphrase: SecretStr | None = None

    # What a request may be
    max_body_bytes: int = Field(1024 * 1024, ge=1024)
    max_content_bytes: int = Field(256 * 1024, ge=1)
    max_document_characters: int = Field(64 * 1024, ge=1)
    max_tokens: int = Field(2000, ge=1)
    max_depth: int = Field(12, ge=1)
    max_aliases: int = Field(30, ge=0)
    max_directives: int = Field(50, ge=0)
    max_root_fields: int = Field(20, ge=1)
    max_fragment_spreads: int = Field(100, ge=0)
    max_cost: int = Field(10_000, ge=1)
    max_errors: int = Field(10, ge=1)
    request_timeout: float = Field(15.0, gt=0)
    rate_limit_points: int = Field(100_000, ge=0)  # a minute and viewer; 0 sets no limit
    rate_limit_scarce_points: int = Field(15_000, ge=0)  # of what calls a model or searches

    compiled_operations: bool = True

    # What the endpoint shows of itself
    introspection: bool = True
    suggestions: bool = True
    graphiql: bool = True
    trusted_documents_only: bool = False

    # What the live connections of one process may be
    max_connections: int = Field(10_000, ge=1)
    max_operations: int = Field(100, ge=1)

    # Time and words
    timezone: str = "UTC"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["console", "json"] = "console"

    @field_validator(
        "anthropic_api_key",
        "anthropic_base_url",
        "database_url",
        "api_database_url",
        "bridge_database_url",
        "jwt_issuer",
        "metrics_token",
        "jwt_audience",
        "jwt_jwks_url",
        "broadcast_url",
        "event_retention_days",
        "embedding_model",
        "embedding_base_url",
        "embedding_api_key",
        mode="before",
    )
    @classmethod
    def _blank_is_unset(cls, value: object) -> object:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator(
        "backup_to",
        "backup_passphrase",
        "traces_to",
        "metrics_port",
        "model_price_input",
        "model_price_output",
        mode="before",
    )
    @classmethod
    def _blank_operation_is_unset(cls, value: object) -> object:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator("anthropic_api_key", "embedding_api_key")
    @classmethod
    def _key_fits_a_header(cls, key: SecretStr | None) -> SecretStr | None:
        stripped = key.get_secret_value().strip() if key else ""
        if not stripped.isascii() or not stripped.isprintable() or " " in stripped:
            raise ValueError("a key has only letters, digits and signs, without spaces or line breaks")
        return SecretStr(stripped) if stripped else None

    @field_validator("anthropic_base_url", "embedding_base_url")
    @classmethod
    def _base_url_is_http(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("http://", "https://")):
            raise ValueError("an address begins with http:// or https://")
        return url

    @field_validator("broadcast_url")
    @classmethod
    def _bus_is_known(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(
            ("redis://", "rediss://", "postgresql://", "postgres://", "memory://")
        ):
            raise ValueError(
                "a bus is redis://, rediss://, postgresql:// or memory:// (which reaches no other process)"
            )
        return url

    @field_validator("jwt_jwks_url")
    @classmethod
    def _keys_come_safely(cls, url: str | None) -> str | None:
        parts = urlsplit(url or "")
        if url and parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise ValueError("keys come over https:// only, or from this machine")
        return url

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies_are_networks(cls, networks: tuple[str, ...]) -> tuple[str, ...]:
        for network in networks:
            ip_network(network, strict=False)
        return networks

    @field_validator("public_origins", "trusted_proxies", mode="before")
    @classmethod
    def _split_origins(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _hosted_embedder_is_told_where(self) -> "Settings":
        needed = {
            "voyage": ("embedding_model", "embedding_api_key"),
            "openai": ("embedding_model", "embedding_base_url"),
        }
        for name in needed.get(self.embedder, ()):
            if getattr(self, name) is None:
                raise ValueError(f"EMBEDDER={self.embedder} needs {name.upper()}")
        return self

    @field_validator("code_tools", mode="before")
    @classmethod
    def _split_tools(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("code_workspace", mode="before")
    @classmethod
    def _no_workspace_when_blank(cls, value: object) -> object:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator("code_workspace")
    @classmethod
    def _workspace_is_a_directory(cls, path: Path | None) -> Path | None:
        if path is not None and not path.is_dir():
            raise ValueError(f"{path} is no directory; make it first")
        return None if path is None else path.resolve()

    @property
    def backup_secret(self) -> str | None:
        """What backups are encrypted with; None leaves them plain."""
        return self.backup_passphrase.get_secret_value() if self.backup_passphrase else None

    @property
    def claude_configured(self) -> bool:
        """Whether replies come from Claude; otherwise the offline assistant answers."""
        return self.anthropic_api_key is not None


def load_settings(secrets: Path = SECRETS) -> Settings:
    """Read the settings, or raise `SettingsError` with one line for each thing that is wrong."""
    try:
        # The files of a container's secrets, named like the settings; the environment wins over them.
        settings = Settings(_secrets_dir=secrets if secrets.is_dir() else None)
    except ValidationError as error:
        problems = (": ".join(filter(None, (".".join(map(str, e["loc"])).upper(), e["msg"]))) for e in error.errors())
        raise SettingsError("; ".join(problems)) from None
    if settings.auth_mode == "local" and settings.host not in LOOPBACK:
        raise SettingsError(
            f"HOST={settings.host}: AUTH_MODE=local answers on loopback only; "
            "use HOST=127.0.0.1, or AUTH_MODE=token to let people sign in."
        )
    provider = (settings.jwt_issuer, settings.jwt_audience, settings.jwt_jwks_url)
    if any(provider) and not all(provider):
        raise SettingsError("JWT_ISSUER, JWT_AUDIENCE and JWT_JWKS_URL belong together; set all three or none.")
    if any(provider) and settings.auth_mode == "local":
        raise SettingsError("JWT_ISSUER: an identity provider needs AUTH_MODE=token.")
    return settings
