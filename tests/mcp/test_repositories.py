"""An address with the repository or the directory of the agent leads to the project that it is linked with."""

from urllib.parse import quote

import httpx

from app.identity.secrets import TokenScope
from tests.identity.conftest import Backend
from tests.live.backend import Served
from tests.mcp.clients import call, connected

SAVE = """mutation($name: String!, $repositories: [String!]) {
    saveProject(input: {name: $name, repositories: $repositories}) { id slug }
}"""
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
ACCEPT = {"accept": "application/json, text/event-stream"}


async def project(served: Served, name: str, *repositories: str) -> str:
    made: str = (await served.mutate(SAVE, name=name, repositories=list(repositories)))["saveProject"]["id"]
    return made


async def linked(http: httpx.AsyncClient, **parameters: str) -> str | None:
    """What the server says about the repository."""
    answer = await http.post("/mcp", params=parameters, json=PING, headers=ACCEPT)
    assert answer.status_code == 200, answer.text
    found: str | None = answer.headers.get("resonant-project")
    return found


async def test_an_agent_records_into_the_project_of_its_repository(served: Served) -> None:
    shop = await project(served, "Shop", "github.com/acme/shop")
    address = f"/mcp?repository={quote('git@github.com:Acme/shop.git')}&directory={quote('/home/ann/店')}"
    async with connected(served.address, path=address) as agent:
        made = await call(agent, "record_decision", title="Use Redis")
    rows = await served.services.database.pool.fetch("SELECT id::text, project_id::text FROM decisions")
    assert [tuple(row) for row in rows] == [(made["id"], shop)]


async def test_the_remote_or_the_nearest_directory_leads_to_the_project(served: Served) -> None:
    assert await linked(served.http, repository="github.com/acme/shop") is None  # there is one project only
    await project(served, "Shop", "github.com/acme/shop", "/srv")
    await project(served, "Cart", "/srv/shop/cart")
    for parameters, expected in (
        ({"repository": "https://x:y@github.com/acme/shop", "directory": "/srv/shop"}, "shop"),
        ({"repository": "https://x:y@github.com/acme/shop", "directory": "/home"}, "shop"),
        ({"repository": "github.com/acme/other", "directory": "/srv/shop/cart"}, "cart"),
        ({"directory": "/srv/shop/cart/src"}, "cart"),
        ({"directory": "/srv/shop/cartoon"}, "shop"),
        ({"directory": "/home"}, "none"),
        ({"repository": "../shop"}, None),
        ({"project": "cart", "repository": "github.com/acme/shop"}, "cart"),
        ({}, None),
    ):
        assert await linked(served.http, **parameters) == expected, parameters
    headers = {**ACCEPT, "resonant-directory": "/srv/%E5%BA%97", "resonant-repository": "%"}
    answer = await served.http.post("/mcp", json=PING, headers=headers)
    assert answer.headers["resonant-project"] == "shop"


async def test_a_remote_and_a_directory_of_different_projects_are_refused_with_their_names(served: Served) -> None:
    await project(served, "Shop", "/srv/shop")
    await project(served, "Other", "github.com/acme/shop")
    both = {"repository": "github.com/acme/shop", "directory": "/srv/shop/src"}
    answer = await served.http.post("/mcp", params=both, json=PING, headers=ACCEPT)
    assert answer.status_code == 400
    assert "other, shop" in answer.json()["error"]["message"]
    assert await linked(served.http, **both, project="shop") == "shop"


async def test_a_project_that_the_agent_cannot_see_neither_gets_its_records_nor_is_named(backend: Backend) -> None:
    for user in ("ann", "bob"):
        await backend.add_user(user)
    await backend.execute("UPDATE projects SET repositories = '{github.com/acme/shop}' WHERE user_id = 'ann'")
    await backend.execute("UPDATE projects SET repositories = '{/srv/shop}', slug = 'of-bob' WHERE user_id = 'bob'")
    address = "/mcp?repository=github.com/acme/shop&directory=/srv/shop"
    program = backend.program(await backend.token("bob"), **ACCEPT)
    assert (await program.post(address, json=PING)).headers["resonant-project"] == "of-bob"
    join = "INSERT INTO project_members (project_id, user_id, role) SELECT id, 'bob', 'member' FROM projects "
    await backend.execute(
        f"{join} WHERE user_id = 'ann'"
    )  # invited: now the records of bob could go to a project of ann
    refused = await program.post(address, json=PING)
    assert refused.status_code == 400
    assert "of-bob" in refused.text


async def test_a_token_of_a_project_is_told_its_project_and_never_to_link_the_repository(backend: Backend) -> None:
    await backend.add_user("bob")
    insert = "INSERT INTO projects (user_id, name, slug) VALUES ('bob', $1, $1) RETURNING id"
    mine, _ = [await backend.value(insert, slug) for slug in ("mine", "other")]
    token = await backend.token("bob", scope=TokenScope(False, mine))
    answer = await backend.program(token, **ACCEPT).post("/mcp?directory=/srv/a", json=PING)
    assert (answer.status_code, answer.headers["resonant-project"]) == (200, "mine")
    assert "resonant-project" not in (await backend.program(token, **ACCEPT).post("/mcp", json=PING)).headers


async def test_a_repository_of_two_projects_is_refused_with_their_names(served: Served) -> None:
    for name in ("Shop", "Store"):
        await project(served, name, "github.com/acme/shop")
    answer = await served.http.post("/mcp", params={"repository": "github.com/acme/shop"}, json=PING, headers=ACCEPT)
    assert answer.status_code == 400
    assert "shop, store" in answer.json()["error"]["message"]


async def test_only_own_projects_are_found_and_a_token_of_one_keeps_to_it(backend: Backend) -> None:
    for user in ("ann", "bob"):
        await backend.add_user(user)
        await backend.execute("UPDATE projects SET repositories = '{/srv}' WHERE user_id = $1", user)
    address = "/mcp?directory=/srv/a"
    slug = await backend.value("SELECT slug FROM projects WHERE user_id = 'bob'")
    answer = await backend.program(await backend.token("bob"), **ACCEPT).post(address, json=PING)
    assert answer.headers["resonant-project"] == slug
    other = await backend.value("INSERT INTO projects (user_id, name, slug) VALUES ('bob', 'x', 'x') RETURNING id")
    token = await backend.token("bob", "other", scope=TokenScope(False, other))
    assert (await backend.program(token, **ACCEPT).post(address, json=PING)).status_code == 403


async def test_a_token_of_one_project_is_told_of_no_other_with_its_repository(backend: Backend) -> None:
    await backend.add_user("bob")
    insert = "INSERT INTO projects (user_id, name, slug, repositories) VALUES ('bob', $1, $1, '{/srv}') RETURNING id"
    ids = {slug: await backend.value(insert, slug) for slug in ("mine", "hidden", "secret")}
    token = await backend.token("bob", scope=TokenScope(False, ids["mine"]))
    own = await backend.program(token, **ACCEPT).post("/mcp?directory=/srv/a", json=PING)
    assert (own.status_code, own.headers["resonant-project"]) == (200, "mine")
    other = await backend.value("INSERT INTO projects (user_id, name, slug) VALUES ('bob', 'x', 'x') RETURNING id")
    token = await backend.token("bob", "other", scope=TokenScope(False, other))
    refused = await backend.program(token, **ACCEPT).post("/mcp?directory=/srv/a", json=PING)
    assert refused.status_code == 403
    assert "hidden" not in refused.text


async def test_a_name_with_control_characters_is_that_of_no_project(backend: Backend) -> None:
    await backend.add_user("bob")
    program = backend.program(await backend.token("bob"), **ACCEPT)
    for given in ("%00", "a%0Ab", "shop%E2%80%AE"):
        assert (await program.post(f"/mcp?project={given}", json=PING)).status_code == 404, given
