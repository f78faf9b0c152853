"""Settings of the assistant: model, embedder, memory, workers and code execution.

Each field has its name, default, limits and meaning; the environment variable is the name of the field in upper case.
Durations are in seconds and sizes in bytes unless the name says otherwise.
"""

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator, model_validator

from app.settings.base import CommaSeparated, SettingsGroup, Unset, header_safe, http_address

CodeTool = Literal["Read", "Write", "Edit", "Glob", "Grep", "Bash"]
API_PATH = re.compile(r"(?:/v1(?:/messages)?)?/*$")
REQUIRED = {
    "voyage": ("embedding_model", "embedding_api_key"),
    "openai": ("embedding_model", "embedding_base_url"),
}


class ModelSettings(SettingsGroup):
    """The language model: Claude, or any server that implements the Messages API."""

    title = "Model"

    anthropic_api_key: Unset[SecretStr] = Field(None, description="API key; setting it switches Claude on.")
    anthropic_base_url: Unset[str] = Field(
        None, description="Address of another server that implements the Messages API."
    )
    anthropic_model: str = Field("claude-opus-5-5", description="Model that answers.")
    anthropic_models: CommaSeparated[str] = Field(
        (), description="Further models of the same provider that a person can choose for a conversation."
    )
    anthropic_max_tokens: int = Field(
        8192,
        ge=1,
        le=128_000,
        description="Maximum length of an answer, in tokens. A longer reply is cut off and can be continued; longer "
        "work is tried once more with twice as much.",
    )
    anthropic_temperature: Unset[float] = Field(
        None, ge=0.0, le=1.0, description="Temperature, 0 to 1; unset, the provider's default applies."
    )
    anthropic_timeout: float = Field(60.0, gt=0, description="How long the provider may send nothing.")
    anthropic_max_retries: int = Field(2, ge=0, le=10, description="How often a failed call is repeated immediately.")
    model_max_rounds: int = Field(
        12, ge=1, le=100, description="How often the model may be asked for one reply; each round may call tools."
    )
    model_max_reply_tokens: int = Field(
        500_000,
        ge=1000,
        description="Tokens, read and written, after which a reply is ended without further calls of tools.",
    )
    model_pdf_blocks: bool = Field(
        True, description="Whether the model reads PDF files; otherwise it is given their text."
    )
    model_price_input: Unset[float] = Field(
        None, ge=0, description="US dollars per million input tokens, for the cost metrics."
    )
    model_price_output: Unset[float] = Field(
        None, ge=0, description="US dollars per million output tokens, for the cost metrics."
    )

    @field_validator("anthropic_api_key")
    @classmethod
    def _key_fits_a_header(cls, key: SecretStr | None) -> SecretStr | None:
        return header_safe(key)

    @field_validator("anthropic_base_url")
    @classmethod
    def _base_url_is_http(cls, url: str | None) -> str | None:
        """Without the path of the API, which servers name in their documentation and which the client adds."""
        return None if (address := http_address(url)) is None else API_PATH.sub("", address.strip())

    @property
    def claude_configured(self) -> bool:
        """Whether replies come from Claude; otherwise the offline assistant answers."""
        return self.anthropic_api_key is not None

    @property
    def available_models(self) -> tuple[str, ...]:
        """The models that can answer, the default one first; none when offline."""
        return tuple(dict.fromkeys([self.anthropic_model, *self.anthropic_models])) if self.claude_configured else ()


class EmbeddingSettings(SettingsGroup):
    """The embedder that turns text into vectors for search."""

    title = "Embeddings"

    embedder: Literal["multilingual", "wordllama", "hashed", "voyage", "openai"] = Field(
        "wordllama",
        description="`multilingual`, `wordllama` and `hashed` work offline, and `multilingual` finds texts of other "
        "languages; `voyage` is hosted; `openai` is any server with `/v1/embeddings`.",
    )
    embedding_model: Unset[str] = Field(None, description="Model of the hosted embedder.")
    embedding_base_url: Unset[str] = Field(None, description="Address of the hosted embedder.")
    embedding_api_key: Unset[SecretStr] = Field(None, description="API key of the hosted embedder.")
    embedding_query_prefix: str = Field("", description="Text the model expects before a query.")
    embedding_passage_prefix: str = Field("", description="Text the model expects before a passage.")
    embedding_timeout: float = Field(10.0, gt=0, description="Maximum duration of one call.")

    @field_validator("embedding_api_key")
    @classmethod
    def _embedding_key_fits_a_header(cls, key: SecretStr | None) -> SecretStr | None:
        return header_safe(key)

    @field_validator("embedding_base_url")
    @classmethod
    def _embedding_url_is_http(cls, url: str | None) -> str | None:
        return http_address(url)

    @model_validator(mode="after")
    def _hosted_embedder_is_complete(self) -> "EmbeddingSettings":
        for name in REQUIRED.get(self.embedder, ()):
            if getattr(self, name) is None:
                raise ValueError(f"EMBEDDER={self.embedder} needs {name.upper()}")
        return self


class MemorySettings(SettingsGroup):
    """How much is remembered and given to the model."""

    title = "Memory"

    memory_context_tokens: int = Field(
        100_000, ge=1000, description="Size of the model's context window, in tokens; at most 80 % of it is filled."
    )
    memory_capacity: int = Field(
        10_000, ge=10, description="Memories per user; above it, the least important ones are archived."
    )


class WorkerSettings(SettingsGroup):
    """How the intent bridge and the message bridge claim and process work."""

    title = "Workers"

    worker_lease_seconds: float = Field(
        30.0, ge=1.0, description="How long a claim lasts without renewal; then another bridge takes the work over."
    )
    worker_concurrency: int = Field(8, ge=1, le=256, description="Jobs that one bridge processes at the same time.")
    worker_max_attempts: int = Field(5, ge=1, le=100, description="Attempts before a job fails.")
    worker_contradiction_threshold: float = Field(
        0.6,
        ge=0.0,
        le=1.0,
        description="Minimum confidence, 0 to 1, of a contradiction that holds an intent until a person settles it.",
    )


class WebhookSettings(SettingsGroup):
    """How the events of projects are sent to their webhooks."""

    title = "Webhooks"

    webhook_allow_private: bool = Field(
        False,
        description="`true` also sends to private, loopback and link-local addresses. Any project admin can then reach "
        "the services of this network.",
    )
    webhook_timeout: float = Field(15.0, gt=0, le=120, description="Maximum duration of one request.")
    webhook_retry_days: float = Field(
        3.0,
        ge=0,
        le=30,
        description="Days for which a delivery is tried again, with growing pauses, before it is dead.",
    )
    webhook_concurrency: int = Field(16, ge=1, le=256, description="Requests at the same time, per process.")
    webhook_concurrency_per_receiver: int = Field(
        4, ge=1, le=64, description="The same for one webhook, over all processes."
    )


class CodeSettings(SettingsGroup):
    """Code execution by the assistant."""

    title = "Code execution"

    code_workspace: Unset[Path] = Field(
        None, description="The only directory in which code may run; unset, code execution is off."
    )
    code_tools: CommaSeparated[CodeTool] = Field(
        ("Read", "Write", "Edit", "Glob", "Grep"),
        description="Tools the session may use. `Bash` runs commands; the kernel confines them to the directory "
        "and keeps them off every network (Linux 6.2 or newer, otherwise `Bash` is refused).",
    )
    code_timeout: float = Field(600.0, gt=0, description="Maximum duration of a session.")
    code_max_processes: int = Field(256, ge=64, description="Processes and threads of a session, all together.")
    code_max_memory_bytes: int = Field(
        1024**3, ge=512 * 1024**2, description="Memory of a session, all processes together."
    )
    code_max_open_files: int = Field(1024, ge=256, description="Files that one process of a session may have open.")
    code_max_file_bytes: int = Field(1024**3, ge=1024**2, description="Size of a file that a session writes.")

    @field_validator("code_workspace")
    @classmethod
    def _workspace_is_a_directory(cls, path: Path | None) -> Path | None:
        if path is not None and not path.is_dir():
            raise ValueError(f"{path} is not a directory; create it first")
        return None if path is None else path.resolve()
