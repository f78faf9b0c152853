"""`project link` with a directory or a remote, and `mcp` with the repository and the directory as options."""

import subprocess
from pathlib import Path

from app.commands.agents import parameters_for
from tests.identity.test_commands import command, succeed
from tests.live.backend import Served

STORED = "SELECT repositories FROM projects WHERE slug = 'shop'"


async def test_a_project_is_linked_with_a_directory_or_with_a_remote(
    served: Served, database_url: str, tmp_path: Path
) -> None:
    await served.mutate('mutation { saveProject(input: {name: "Shop"}) { id } }')
    for remote in ("git@github.com:Acme/shop.git", "https://user:secret@git.example.com/acme/cart", str(tmp_path)):
        printed = await succeed(database_url, f"project link shop {remote}")
        assert "Shop" in printed
        assert "secret" not in printed
    linked = await served.services.database.pool.fetchval(STORED)
    assert linked == ["github.com/acme/shop", "git.example.com/acme/cart", str(tmp_path)]
    await succeed(database_url, "project link shop https://github.com/acme/shop.git --undo")
    linked = await served.services.database.pool.fetchval(STORED)
    assert linked == ["git.example.com/acme/cart", str(tmp_path)]
    for wrong in ("nowhere", "/no/such/directory"):
        code, _, errors = await command(database_url, f"project link shop {wrong}")
        assert code == 1
        assert wrong in errors
    assert await served.services.database.pool.fetchval(STORED) == linked


def test_options_replace_what_is_found(tmp_path: Path) -> None:
    subprocess.run(["git", "-C", str(tmp_path), "init", "-q"], check=True)
    subprocess.run(["git", "-C", str(tmp_path), "remote", "add", "origin", "git@github.com:acme/shop.git"], check=True)
    found = {"directory": str(tmp_path), "repository": "github.com/acme/shop"}
    assert parameters_for(None, tmp_path, None, None) == found
    assert parameters_for(None, Path("/"), None, tmp_path) == found
    given = parameters_for(None, tmp_path, "https://x:secret@example.com/a/b.git", Path("/srv/shop"))
    assert given == {"directory": "/srv/shop", "repository": "example.com/a/b"}
    assert parameters_for("shop", tmp_path, "example.com/a/b", None) == {"project": "shop"}
