"""A separate database server, for objects that exist once per server, such as roles."""

import shutil
from collections.abc import Iterator

import pytest

from app.database.embedded import EmbeddedDatabase
from tests.homes import NOT_DURABLE, new_directory


@pytest.fixture
def untouched() -> Iterator[EmbeddedDatabase]:
    """A server without additional roles."""
    home = new_directory("test")
    server = EmbeddedDatabase(home, say=lambda line: None, options=NOT_DURABLE)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(home)
