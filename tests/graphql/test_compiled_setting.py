"""COMPILED_OPERATIONS=false: the backend works without importing app.graphql.compiled."""

import json
import os
import subprocess
import sys

import pytest

from tests.processes import ROOT

SERVE_ONE_QUERY = """
import asyncio, json, sys

import httpx

from app.asgi import open_backend
from app.services import open_services
from app.settings import Settings

async def main(dsn):
    async with (
        open_services(Settings(_env_file=None), dsn, name="test") as services,
        open_backend(services) as app,
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client,
    ):
        for _ in range(3):
            response = await client.post("/graphql", json={"query": "{ viewer { id } }"})
    imported = sorted(name for name in sys.modules if name.startswith("app.graphql.compiled"))
    print(json.dumps({"response": response.json(), "imported": imported}))

asyncio.run(main(sys.argv[1]))
"""


@pytest.mark.parametrize("compiled", [True, False])
def test_the_package_is_imported_only_when_compiled_operations_are_enabled(database_url: str, compiled: bool) -> None:
    environment = {**os.environ, "COMPILED_OPERATIONS": str(compiled).lower()}
    done = subprocess.run(
        [sys.executable, "-c", SERVE_ONE_QUERY, database_url], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout.splitlines()[-1])
    assert printed["response"] == {"data": {"viewer": {"id": "owner"}}}
    assert bool(printed["imported"]) is compiled
