"""A real PostgreSQL with pgvector: one server per run, and a new database per test.

- `database_url`: the address of a new, migrated database, cloned from a template in milliseconds.
- `database`: a `Database` (pool) on it.
- `connection`: a connection to it, outside of any transaction.
- `server`: the server, for tests that create databases.
- `own_server`: another server, which the test may stop and start.
- `bucket`: the name of a new bucket of a local S3 server, whose variables are set.

Tests that a machine cannot run (no Chromium, not root) are skipped; with CI=true a skipped test fails.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Generator, Iterator
from uuid import uuid4

import asyncpg
import pytest

from app.database.connect import prepare_database
from app.database.embedded import EmbeddedDatabase
from sql.pool import Database, create_pool
from sql.statements import Connection
from tests.homes import NOT_DURABLE, new_directory

TEMPLATE = "template_for_tests"
OPTIONS = {**NOT_DURABLE, "max_connections": "300"}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"CI must run every test, but this one was skipped: {report.longreprtext}"
    return report


async def create_database(server: EmbeddedDatabase, name: str, template: str = "template1") -> str:
    """Create a database and return its address."""
    admin = await asyncpg.connect(server.dsn("postgres"))
    try:
        await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    finally:
        await admin.close()
    return server.dsn(name)


async def drop_database(server: EmbeddedDatabase, name: str) -> None:
    """Drop a database and close its connections."""
    admin = await asyncpg.connect(server.dsn("postgres"))
    try:
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await admin.close()


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedDatabase]:
    """One PostgreSQL for each worker of pytest-xdist; its data is deleted afterwards."""
    home = new_directory("test")
    embedded = EmbeddedDatabase(home, say=lambda line: None, options=OPTIONS)
    embedded.start()

    async def make_template() -> None:
        await prepare_database(await create_database(embedded, TEMPLATE))

    asyncio.run(make_template())
    yield embedded
    embedded.stop()
    shutil.rmtree(home)


@pytest.fixture
def own_server() -> Iterator[EmbeddedDatabase]:
    """A server that the test may stop and start."""
    home = new_directory("own")
    embedded = EmbeddedDatabase(home, say=lambda line: None)
    embedded.start()
    yield embedded
    embedded.stop()
    shutil.rmtree(home)


@pytest.fixture(scope="session")
def object_server() -> Iterator[None]:
    """One S3 server for each worker of pytest-xdist; the AWS variables are set for it."""
    from moto.server import ThreadedMotoServer  # few tests need it

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {
            "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{port}",
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_DEFAULT_REGION": "us-east-1",
        }.items():
            environment.setenv(name, value)
        yield
    server.stop()


@pytest.fixture
def bucket(object_server: None) -> str:
    import boto3

    name = f"test-{uuid4().hex}"
    boto3.client("s3").create_bucket(Bucket=name)
    return name


@pytest.fixture
async def database_url(server: EmbeddedDatabase) -> AsyncIterator[str]:
    name = f"test_{uuid4().hex}"
    yield await create_database(server, name, TEMPLATE)
    await drop_database(server, name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    pool = await create_pool(
        database_url, application="test", min_size=1, max_size=10, statement_timeout=5, acquire_timeout=5
    )
    opened = Database(pool, acquire_timeout=5)
    yield opened
    await opened.close()


@pytest.fixture
async def connection(database: Database) -> AsyncIterator[Connection]:
    async with database.connection() as acquired:
        yield acquired
