"""Settings of the service: server, database, authentication, live updates, GraphQL, observability and backups.

Each field has its name, default, limits and meaning; the environment variable is the name of the field in upper case.
Durations are in seconds and sizes in bytes unless the name says otherwise.
"""

from ipaddress import ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from app.settings.base import LOOPBACK, CommaSeparated, SettingsGroup, Unset


class ServerSettings(SettingsGroup):
    """Where the service listens and what it expects in front of it."""

    title = "Server"

    host: str = Field("127.0.0.1", description="Address the backend listens on; loopback only while `AUTH_MODE=local`.")
    port: int = Field(8000, ge=0, le=65535, description="Port the backend listens on; 0 picks a free port.")
    data_dir: Path = Field(
        Path(".resonant"), validation_alias="RESONANT_DATA_DIR", description="Directory of the embedded database."
    )
    server_public_origins: CommaSeparated[str] = Field(
        (),
        description="Other origins whose pages may use the API, separated by commas.",
        examples=["https://resonant.example"],
    )
    server_trusted_proxies: CommaSeparated[str] = Field(
        (),
        description="Networks of the reverse proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are trusted.",
        examples=["10.0.0.0/8"],
    )
    server_drain_seconds: float = Field(
        0.0,
        ge=0,
        le=600,
        description="How long a stopping backend keeps answering while `/ready` returns 503, "
        "so that a load balancer can remove it first.",
    )
    server_max_connections: int = Field(
        12_000,
        ge=1,
        description="Open connections of a backend, live ones included; at most what the limit on open files allows.",
    )
    server_max_connections_per_address: int = Field(
        5_000, ge=1, description="The same for one network address; `SERVER_TRUSTED_PROXIES` are exempt."
    )
    server_max_head_bytes: int = Field(
        64 * 1024, ge=1024, description="Maximum size of the address and the headers of a request."
    )
    server_max_headers: int = Field(100, ge=1, description="Maximum number of headers of a request.")
    server_head_timeout: float = Field(
        10.0, gt=0, description="Time in which the headers of a request must be complete."
    )
    server_idle_timeout: float = Field(75.0, gt=0, description="How long a connection stays open between requests.")
    server_body_timeout: float = Field(
        20.0,
        gt=0,
        description="Time in which the body of a request must be complete, plus one second for each "
        "`SERVER_MIN_BYTES_PER_SECOND` received.",
    )
    server_write_timeout: float = Field(
        60.0,
        gt=0,
        description="A client that reads less than `SERVER_MIN_BYTES_PER_SECOND` for this time is disconnected, "
        "while there is more to read.",
    )
    server_max_unsent_bytes: int = Field(
        256 * 1024 * 1024,
        ge=1024 * 1024,
        description="Maximum size of all responses that clients have not read yet; those with most are disconnected.",
    )
    server_min_bytes_per_second: int = Field(500, ge=1, description="Slowest accepted client.")
    server_timezone: str = Field(
        "UTC", description="Time zone for dates in text, such as 'tomorrow at nine', when the client sends none."
    )

    @field_validator("server_trusted_proxies")
    @classmethod
    def _proxies_are_networks(cls, networks: tuple[str, ...]) -> tuple[str, ...]:
        for network in networks:
            ip_network(network, strict=False)
        return networks


class DatabaseSettings(SettingsGroup):
    """Which database is used, and with how many connections."""

    title = "Database"

    database_url: Unset[str] = Field(
        None,
        description="PostgreSQL 18 or newer with pgvector 0.8 or newer; unset, the embedded database is used.",
        examples=["postgresql://resonant:change-me@db.example/resonant"],
    )
    database_api_url: Unset[str] = Field(
        None,
        description="Read by `migrate`, which creates this login for the backend. The login owns no tables and "
        "row-level security applies to it.",
    )
    database_bridge_url: Unset[str] = Field(
        None,
        description="The same for the bridges; this login cannot read sessions, passwords or tokens. `run` uses it for "
        "the bridges, so that its DATABASE_URL can be the login of the backend.",
    )
    database_start_timeout: float = Field(
        15.0, gt=0, description="How long a start waits for a database that cannot be reached."
    )
    database_pool_min_size: int = Field(1, ge=0, description="Connections that stay open, per process.")
    database_pool_max_size: int = Field(10, ge=2, description="Maximum number of connections, per process.")
    database_statement_timeout: float = Field(5.0, gt=0, description="Maximum duration of one statement.")
    database_acquire_timeout: float = Field(2.0, gt=0, description="How long a request waits for a connection.")
    database_poll_seconds: float = Field(
        2.0, gt=0, description="How often new work and events are looked up when no notification announces them."
    )
    database_trash_days: Unset[float] = Field(
        30.0, gt=0, description="Days that deleted records can be restored; empty keeps them in the trash for ever."
    )


class AuthSettings(SettingsGroup):
    """Who may use the service."""

    title = "Authentication"

    auth_mode: Literal["local", "token"] = Field(
        "local",
        description="`local`: every user of this machine acts as the owner; `token`: people sign in, "
        "programs use tokens.",
    )
    auth_owner_name: str = Field("Owner", description="Name of the local owner.")
    auth_session_idle_seconds: float = Field(12 * 3600.0, ge=60, description="A session ends after this time unused.")
    auth_session_seconds: float = Field(7 * 24 * 3600.0, ge=60, description="Maximum duration of a session.")
    auth_sign_in_free_attempts: int = Field(
        5, ge=1, description="Failed sign-ins in a row for one account before each further attempt has to wait longer."
    )
    auth_sign_in_free_attempts_by_address: int = Field(
        20, ge=1, description="The same for one network address; raise it where many people share an address."
    )
    auth_sign_in_max_delay: float = Field(300.0, ge=1, description="Maximum wait for an account.")
    auth_sign_in_max_delay_by_address: float = Field(3600.0, ge=1, description="Maximum wait for a network address.")
    auth_jwt_issuer: Unset[str] = Field(
        None,
        description="Identity provider whose JSON Web Tokens are accepted, as in the `iss` claim.",
        examples=["https://id.example"],
    )
    auth_jwt_audience: Unset[str] = Field(
        None, description="Audience the tokens must have, as in the `aud` claim.", examples=["resonant"]
    )
    auth_jwt_jwks_url: Unset[str] = Field(
        None,
        description="Address of the provider's public keys.",
        examples=["https://id.example/.well-known/jwks.json"],
    )
    auth_jwt_leeway: float = Field(30.0, ge=0, le=300, description="Accepted clock difference to the provider.")
    auth_jwt_new_users: Literal["refuse", "viewer", "member"] = Field(
        "refuse", description="What to do with an unknown subject: `refuse` it, or create a `viewer` or `member`."
    )

    @field_validator("auth_jwt_jwks_url")
    @classmethod
    def _keys_are_fetched_safely(cls, url: str | None) -> str | None:
        parts = urlsplit(url or "")
        if url and parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise ValueError("use an https:// address; http:// is accepted for this machine only")
        return url


class LiveSettings(SettingsGroup):
    """Subscriptions over WebSocket and server-sent events."""

    title = "Live updates"

    live_broadcast_url: Unset[str] = Field(
        None,
        description="How processes notify each other: `postgresql://` (by default the database itself), `redis://`, "
        "or `memory://` within one process.",
        examples=["redis://localhost:6379"],
    )
    live_max_connections: int = Field(10_000, ge=1, description="WebSockets and event streams per process.")
    live_max_connections_per_user: int = Field(5_000, ge=1, description="The same for one user.")
    live_max_init_bytes: int = Field(
        64 * 1024, ge=1024, description="What a WebSocket may receive before its `connection_init` was accepted."
    )
    live_max_control_frames: int = Field(
        100, ge=10, description="Pings and pongs of a WebSocket in ten seconds; before `connection_init` a tenth."
    )
    live_max_fragments: int = Field(
        1_000, ge=10, description="Fragments of a WebSocket message; before `connection_init` a tenth."
    )
    live_max_operations: int = Field(100, ge=1, description="Operations per WebSocket.")
    live_event_retention_days: Unset[float] = Field(
        90.0, gt=0, description="Days that events, and cursors to them, are kept; empty keeps them for ever."
    )

    @field_validator("live_broadcast_url")
    @classmethod
    def _bus_is_known(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(
            ("redis://", "rediss://", "postgresql://", "postgres://", "memory://")
        ):
            raise ValueError("use redis://, rediss://, postgresql:// or memory:// (one process only)")
        return url


class GraphQLSettings(SettingsGroup):
    """Limits of a request, and what the endpoint exposes."""

    title = "GraphQL"

    graphql_max_body_bytes: int = Field(
        1024 * 1024, ge=1024, description="Maximum size of a request and of a WebSocket message."
    )
    graphql_max_content_bytes: int = Field(256 * 1024, ge=1, description="Maximum length of a message or description.")
    graphql_max_document_characters: int = Field(64 * 1024, ge=1, description="Maximum length of a document.")
    graphql_max_tokens: int = Field(2000, ge=1, description="Maximum number of tokens in a document.")
    graphql_max_depth: int = Field(12, ge=1, description="Maximum nesting of fields, fragments included.")
    graphql_max_aliases: int = Field(
        30, ge=0, description="Maximum number of aliases and repeated fields, fragments included."
    )
    graphql_max_directives: int = Field(50, ge=0, description="Maximum number of directives.")
    graphql_max_root_fields: int = Field(20, ge=1, description="Maximum number of root fields.")
    graphql_max_fragment_spreads: int = Field(100, ge=0, description="Maximum number of fragment spreads.")
    graphql_max_cost: int = Field(
        10_000,
        ge=1,
        description="Maximum cost of an operation: one point per field (five for a long text), "
        "times the page sizes above it.",
    )
    graphql_max_response_bytes: int = Field(
        32 * 1024 * 1024,
        ge=64 * 1024,
        description="Maximum size of a response. The rows that are read for it may be twice as large.",
    )
    graphql_max_errors: int = Field(10, ge=1, description="Errors reported for an invalid document.")
    graphql_request_timeout: float = Field(15.0, gt=0, description="Deadline of a request.")
    graphql_rate_limit_points: int = Field(
        100_000, ge=0, description="Cost points per viewer and minute, over all processes; 0 sets no limit."
    )
    graphql_rate_limit_expensive_points: int = Field(
        15_000,
        ge=0,
        description="The same for fields that call a model (50 points) or search (20 points); 0 sets no limit.",
    )
    compiled_operations: bool = Field(True, description="`false` runs every query with the standard executor.")
    graphql_introspection: bool = Field(True, description="`false` hides the schema, for production.")
    graphql_suggestions: bool = Field(True, description='`false` removes "Did you mean" from errors.')
    graphql_graphiql: bool = Field(True, description="`false` switches the GraphiQL page off.")
    graphql_trusted_documents_only: bool = Field(
        False, description="`true` accepts only the documents of the built web client."
    )


class FileSettings(SettingsGroup):
    """Files that people attach to messages."""

    title = "Files"

    files_store: Literal["database", "s3"] = Field(
        "database",
        description="Where new files go: `database`, or `s3` for the bucket of `BACKUP_DESTINATION`. Files that are "
        "stored already stay readable; `python -m app files move` moves them.",
    )
    files_prefix: str = Field(
        "files",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$",
        max_length=200,
        description="Folder of the files in that bucket, next to that of the backups.",
    )

    files_max_bytes: int = Field(
        20 * 1024 * 1024, ge=1024 * 1024, le=200 * 1024 * 1024, description="Largest file that can be attached."
    )
    files_per_message: int = Field(10, ge=1, le=50, description="Most files of one message.")
    files_max_bytes_per_user: int = Field(
        2 * 2**30, ge=1024 * 1024, description="Most that all files of a user take together."
    )


class ObservabilitySettings(SettingsGroup):
    """Logs, metrics and traces."""

    title = "Observability"

    build_version: str = Field("local", description="Version that the metrics show; the images set it.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="`debug`, `info`, `warning` or `error`."
    )
    log_format: Literal["console", "json"] = Field(
        "console", description="`console` for people, `json` for log collectors."
    )
    metrics_port: Unset[int] = Field(
        None,
        ge=0,
        le=65535,
        description="Port of `/metrics` for a bridge that runs alone; the backend serves it on its own port.",
    )
    metrics_token: Unset[SecretStr] = Field(
        None, description="Bearer token with which another machine may read `/metrics` in `AUTH_MODE=token`."
    )
    traces_url: Unset[str] = Field(
        None,
        description="OpenTelemetry collector (OTLP over HTTP), such as `http://localhost:4318`; unset, no traces.",
    )


class ImportSettings(SettingsGroup):
    """How large an import may be."""

    title = "Import"

    import_max_bytes: int = Field(
        2 * 2**30,
        ge=2**20,
        description="Largest size of the conversations in an archive of Claude or ChatGPT, unpacked. "
        "They are read one at a time, so this limits the duration of an import and not its memory.",
    )


class BackupSettings(SettingsGroup):
    """Scheduled backups."""

    title = "Backup"

    backup_destination: Unset[str] = Field(
        None,
        description="Where scheduled backups go: a directory or `s3://bucket/prefix`; unset, none are made. "
        "`FILES_STORE=s3` uses the same bucket.",
    )
    backup_interval: float = Field(86400.0, ge=60, description="Time between scheduled backups.")
    backup_passphrase: Unset[SecretStr] = Field(
        None, description="Encrypts backups; without it they cannot be restored."
    )

    @property
    def backup_secret(self) -> str | None:
        """The passphrase for backups as plain text; None writes them unencrypted."""
        return self.backup_passphrase.get_secret_value() if self.backup_passphrase else None
