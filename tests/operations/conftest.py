"""A database server of one's own, for what is made once for a whole server."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from app.database.embedded import EmbeddedDatabase
from tests.conftest import NOT_DURABLE


@pytest.fixture
def untouched() -> Iterator[EmbeddedDatabase]:
    """A server in which nobody has made any role."""
    home = Path(mkdtemp(prefix="resonant-test-"))
    server = EmbeddedDatabase(home, say=lambda line: None, options=NOT_DURABLE)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(home)
