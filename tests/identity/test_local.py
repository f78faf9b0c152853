"""AUTH_MODE=local: whoever reaches the machine is the owner, so no other name and no other page gets through a door."""

import json

import pytest
from websockets.exceptions import InvalidStatus

from tests.identity.conftest import VIEWER, House, ask, code_of, open_house

LOCAL = ("127.0.0.1", "127.0.0.1:8000", "localhost", "LOCALHOST:3000", "[::1]:8000")
# A page can point its own name at 127.0.0.1 (DNS rebinding); the browser then says that name.
REBOUND = ("rebound.example", "rebound.example:8000", "127.0.0.1.rebound.example", "localhost.rebound.example",
           "192.168.0.7", "", "[::2]", "[", "127.0.0.1@rebound.example")  # fmt: skip
ELSEWHERE = ("https://elsewhere.example", "null", "http://127.0.0.1.elsewhere.example", "http://[")
PATHS = ("/", "/graphql", "/graphiql", "/metrics", "/health", "/assets/none.js")


async def refused_everywhere(house: House, headers: dict[str, str]) -> None:
    client = house.program(**headers)
    for path in PATHS:
        assert (await client.get(path, params={"query": VIEWER})).status_code == 403, path
    for accept in ("application/json", "text/event-stream"):
        response = await client.post("/graphql", json={"query": VIEWER}, headers={"accept": accept})
        assert response.status_code == 403
        assert response.text.startswith("AUTH_MODE=local answers only to ")
        assert "owner" not in response.text.lower()


async def test_a_request_for_another_host_is_refused(database_url: str) -> None:
    async with open_house(database_url, auth_mode="local") as house:
        for host in REBOUND:
            await refused_everywhere(house, {"host": host})


async def test_a_request_of_another_page_is_refused(database_url: str) -> None:
    async with open_house(database_url, auth_mode="local") as house:
        for origin in ELSEWHERE:
            await refused_everywhere(house, {"origin": origin})
            with pytest.raises(InvalidStatus, match="403"):
                async with house.socket(origin=origin):
                    pass


async def test_a_socket_for_another_host_is_refused(database_url: str) -> None:
    async with open_house(database_url, auth_mode="local") as house:
        port = int(house.url.rpartition(":")[2])
        elsewhere = House("http://rebound.example", house.services)
        with pytest.raises(InvalidStatus, match="403"):
            async with elsewhere.socket(host="127.0.0.1", port=port):
                pass


async def test_this_machine_by_any_of_its_names_is_the_owner_at_every_door(database_url: str) -> None:
    async with open_house(database_url, auth_mode="local") as house:
        for host in LOCAL:
            answer = await ask(house.program(host=host, origin=f"http://{host}"), VIEWER)
            assert answer["data"]["viewer"] == {"id": "owner", "role": "OWNER", "access": "LOCAL"}
        async with house.socket() as socket:
            await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": VIEWER}}))
            assert json.loads(await socket.recv())["payload"]["data"]["viewer"]["id"] == "owner"
        # There is nobody to sign in as, and no token that would outlive the mode.
        assert await code_of(house.program(), 'mutation { createToken(input: {name: "x"}) { secret } }') == (
            "BAD_USER_INPUT"
        )
