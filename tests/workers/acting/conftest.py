"""A bridge whose model is the local Messages API, through the real SDK."""

from collections.abc import AsyncIterator

import pytest

from app.models.claude import ClaudeAssistant
from app.models.client import ClaudeClient
from tests.fakes.messages_api import MessagesApi, messages_api
from tests.models.conftest import settings_for
from tests.workers.conftest import Workshop


@pytest.fixture
async def api(workshop: Workshop) -> AsyncIterator[MessagesApi]:
    async with messages_api() as running:
        client = ClaudeClient(settings_for(running.url, anthropic_timeout=5))
        workshop.assistant = ClaudeAssistant(client)  # type: ignore[assignment]
        yield running
        await client.close()
