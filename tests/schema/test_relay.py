"""Relay's own compiler takes the exported SDL: connections, refetching by node, mutations and subscriptions."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from tests.node_scripts import NODE, NODE_DIRECTORY
from tests.timeouts import TIMEOUT

SDL = Path(__file__).parents[2] / "schema/schema.graphql"
COMPILER = NODE_DIRECTORY / "node_modules/relay-compiler/cli.js"


@pytest.mark.node
async def test_relay_compiles_a_client_against_the_exported_sdl(tmp_path: Path) -> None:
    shutil.copytree(NODE_DIRECTORY / "relay", tmp_path / "src")
    shutil.copy(SDL, tmp_path)
    (tmp_path / "made").mkdir()
    config = {"src": "./src", "schema": f"./{SDL.name}", "artifactDirectory": "./made", "language": "javascript"}
    (tmp_path / "relay.config.json").write_text(json.dumps(config))
    process = await asyncio.create_subprocess_exec(
        str(NODE), str(COMPILER), "relay.config.json", cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    async with asyncio.timeout(TIMEOUT):
        printed, _ = await process.communicate()
    assert process.returncode == 0, printed.decode()
    made = {path.name.removesuffix(".graphql.js") for path in (tmp_path / "made").iterdir()}
    assert {"ConversationsPaginationQuery", "ConversationRefetchQuery", "ConversationsNodeQuery"} <= made
    # A conversation is refetched by its id, through `node`.
    assert "node(" in (tmp_path / "made/ConversationRefetchQuery.graphql.js").read_text()
