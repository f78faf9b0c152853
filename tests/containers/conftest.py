"""An installation in containers, shared by the tests of a module; all are skipped where no engine can run."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.containers.base_images import provide_base_images
from tests.containers.engine import Engine, NoEngine, open_engine
from tests.containers.installation import Installation


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    # Not below a folder of pytest, because the path of a socket has at most 107 characters.
    folder = Path(mkdtemp(prefix="resonant-engine-"))
    try:
        opened = open_engine(folder)
    except NoEngine as reason:
        pytest.skip(f"No containers: {reason}.")
    try:
        provide_base_images(opened, folder)
        yield opened
    except NoEngine as reason:
        pytest.skip(f"No containers: {reason}.")
    finally:
        opened.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def installation(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Built and started once; each test leaves it running."""
    made = Installation(engine, tmp_path_factory.mktemp("installation"))
    made.create()
    made.remove()
    made.compose("build")
    try:
        made.compose("up", "--detach")
        yield made
    finally:
        made.remove()
