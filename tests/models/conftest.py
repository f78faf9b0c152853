"""A local Messages API and a client of Claude for it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.models.claude import ClaudeAssistant
from app.models.client import ClaudeClient
from app.settings import Settings
from tests.fakes.messages_api import MessagesApi, messages_api

KEY = "sk-local-secret"


def settings_for(url: str, **changes: Any) -> Settings:
    values: dict[str, Any] = {
        "anthropic_api_key": KEY,
        "anthropic_base_url": url,
        "anthropic_max_retries": 0,
        "anthropic_timeout": 5,
        "anthropic_model": "local-model",
        **changes,
    }
    return Settings(_env_file=None, **values)


@pytest.fixture
async def api() -> AsyncIterator[MessagesApi]:
    async with messages_api() as running:
        yield running


@pytest.fixture
async def client(api: MessagesApi) -> AsyncIterator[ClaudeClient]:
    made = ClaudeClient(settings_for(api.url))
    yield made
    await made.close()


@pytest.fixture
def claude(client: ClaudeClient) -> ClaudeAssistant:
    return ClaudeAssistant(client)
