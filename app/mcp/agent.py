"""The coding agent that sends a request, and on whose behalf."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import Any
from uuid import UUID

from app.language.catalogue import Language
from sql.rows import UserRow

CLIENT_INFO = "io.modelcontextprotocol/clientInfo"
"""The entry of a request's `_meta` that names the client, since protocol version 2026-07-28."""
MAX_NAME = 40
PREFIX = "agent:"
NOT_IN_NAME = re.compile(r"[^a-z0-9._-]+")
SCOPE_KEY = "resonant.agent"
"""Key of the Agent in the ASGI scope."""


@dataclass(frozen=True, slots=True)
class Agent:
    """`name` is what the client calls itself. `project_id`: all that it reads and records; None for all projects.

    `bound`: its token is for this project alone, so it may not use records of another one by their ids either.
    `token_id` is None without a token, for example with AUTH_MODE=local.
    """

    viewer: UserRow
    name: str
    project_id: UUID | None = None
    language: Language = "en"
    bound: bool = False
    token_id: UUID | None = None

    @property
    def actor(self) -> str:
        """With a prefix, so that no client can give itself the name of a user or of a service."""
        return f"{PREFIX}{self.name}"


def agent_name(given: object) -> str:
    """The name of a client, reduced to what is safe everywhere; `agent` for a client without one."""
    text = given if isinstance(given, str) else ""
    return NOT_IN_NAME.sub("-", text[: 4 * MAX_NAME].lower()).strip("-.")[:MAX_NAME] or "agent"


def name_in_message(message: Mapping[str, Any]) -> str | None:
    """The client that the message names: `initialize` does, and every message since 2026-07-28."""
    parameters = message.get("params")
    if not isinstance(parameters, dict):
        return None
    meta = parameters.get("_meta")
    info = parameters.get("clientInfo") if message.get("method") == "initialize" else None
    info = info or (meta.get(CLIENT_INFO) if isinstance(meta, dict) else None)
    return agent_name(info.get("name")) if isinstance(info, dict) else None


def session_id_for(name: str) -> str:
    """The session id of a client. It carries the name, so that any process can answer the next request."""
    return f"{name}~{token_hex(8)}"


def name_in_session_id(session_id: str | None) -> str | None:
    return agent_name(session_id.rpartition("~")[0]) if session_id else None
