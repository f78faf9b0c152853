"""A separate database server, for objects that exist once per server, such as roles."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from app.database.embedded import EmbeddedDatabase
from tests.conftest import NOT_DURABLE


@pytest.fixture
def untouched() -> Iterator[EmbeddedDatabase]:
    """A server without additional roles."""
    home = Path(mkdtemp(prefix="resonant-test-"))
    server = EmbeddedDatabase(home, say=lambda line: None, options=NOT_DURABLE)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(home)
