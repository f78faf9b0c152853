"""The base of the groups of settings, and the types and checks that several groups use."""

from typing import Annotated, ClassVar, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, SecretStr
from pydantic_settings import NoDecode

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
ValueT = TypeVar("ValueT")


def _split_at_commas(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _blank_is_unset(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


CommaSeparated = Annotated[tuple[ValueT, ...], NoDecode, BeforeValidator(_split_at_commas)]
Unset = Annotated[ValueT | None, BeforeValidator(_blank_is_unset)]


class SettingsGroup(BaseModel):
    """Settings that belong together; all but a few established names share a prefix."""

    model_config = ConfigDict(frozen=True)
    title: ClassVar[str]


def header_safe(key: SecretStr | None) -> SecretStr | None:
    """The key without surrounding blanks, None when nothing is left. Raises ValueError when no header can carry it."""
    stripped = key.get_secret_value().strip() if key else ""
    if not stripped.isascii() or not stripped.isprintable() or " " in stripped:
        raise ValueError("a key contains only letters, digits and signs, no spaces or line breaks")
    return SecretStr(stripped) if stripped else None


def http_address(url: str | None) -> str | None:
    """The address as it is. Raises ValueError unless it is HTTP or HTTPS."""
    if url is not None and not url.startswith(("http://", "https://")):
        raise ValueError("an address begins with http:// or https://")
    return url
