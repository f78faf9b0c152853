"""Finds servers of language models on this machine that implement the Messages API, to suggest them."""

import asyncio
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

SECONDS = 1.0
MOST_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A server that may listen on this machine."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A server that answers; `model` is the first one that it lists."""

    server: LocalServer
    model: str | None

    @property
    def advice(self) -> str:
        """How to use it."""
        model = self.model or "the name of its model"
        return (
            f"{self.server.name} answers at {self.server.url}: to use it, set ANTHROPIC_BASE_URL={self.server.url}, "
            f"ANTHROPIC_API_KEY=local and ANTHROPIC_MODEL={model}"
        )


KNOWN_SERVERS = (
    LocalServer("Ollama", "http://127.0.0.1:11434"),
    LocalServer("llama.cpp", "http://127.0.0.1:8080"),
)


async def find_local_servers(servers: Sequence[LocalServer] = KNOWN_SERVERS) -> list[FoundServer]:
    """Those that implement the Messages API; each is asked for at most a few seconds. Nothing is generated."""
    found = await asyncio.gather(*(asyncio.to_thread(_probe, server) for server in servers))
    return [each for each in found if each is not None]


def _probe(server: LocalServer) -> FoundServer | None:
    # A request without messages is refused in the format of the API, whatever model is loaded.
    refusal = _ask(f"{server.url}/v1/messages", b"{}")
    if not isinstance(refusal, dict) or refusal.get("type") != "error" or not isinstance(refusal.get("error"), dict):
        return None
    models = _ask(f"{server.url}/v1/models")
    listed = models.get("data") if isinstance(models, dict) else None
    first = listed[0] if isinstance(listed, list) and listed else None
    name = first.get("id") if isinstance(first, dict) else None
    return FoundServer(server, name if isinstance(name, str) else None)


def _ask(url: str, body: bytes | None = None) -> Any:
    """The JSON of the answer, also of a refusal; None when there is none. Proxies are not used."""
    request = urllib.request.Request(url, body, {"content-type": "application/json"})  # noqa: S310 - loopback only
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        try:
            with opener.open(request, timeout=SECONDS) as answer:
                return orjson.loads(answer.read(MOST_BYTES))
        except urllib.error.HTTPError as refusal:
            with refusal:
                return orjson.loads(refusal.read(MOST_BYTES))
    except (OSError, ValueError, urllib.error.URLError):
        return None
