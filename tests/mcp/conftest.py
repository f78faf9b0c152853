"""A backend with AUTH_MODE=local, and one with AUTH_MODE=token."""

from collections.abc import AsyncIterator

import pytest

from tests.identity.conftest import Backend, run_backend
from tests.live.backend import Served, open_served


@pytest.fixture
async def served(database_url: str) -> AsyncIterator[Served]:
    async with open_served(database_url, embedder="hashed") as opened:
        yield opened


@pytest.fixture
async def backend(database_url: str) -> AsyncIterator[Backend]:
    async with run_backend(database_url, embedder="hashed") as opened:
        yield opened
