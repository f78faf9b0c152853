"""A backend with AUTH_MODE=local, one with AUTH_MODE=token, and Claude Code."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.messages_api import messages_api
from tests.identity.conftest import Backend, run_backend
from tests.live.backend import Served, open_served
from tests.mcp.claude_code import ClaudeCode


@pytest.fixture
async def served(database_url: str) -> AsyncIterator[Served]:
    async with open_served(database_url, embedder="hashed") as opened:
        yield opened


@pytest.fixture
async def backend(database_url: str) -> AsyncIterator[Backend]:
    async with run_backend(database_url, embedder="hashed") as opened:
        yield opened


@pytest.fixture
async def claude(tmp_path: Path) -> AsyncIterator[ClaudeCode]:
    """Claude Code with a scripted Messages API."""
    home, project = tmp_path / "home", tmp_path / "project"
    home.mkdir()
    project.mkdir()
    async with messages_api() as api:
        yield ClaudeCode(home, project, api)
