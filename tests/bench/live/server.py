"""Our backend for many viewers; the client names its viewer. `python -m tests.bench.live.server PORT`."""

import asyncio
import sys
from typing import Any

import uvloop
from starlette.requests import HTTPConnection

from app.asgi import Backend
from app.identity.local_mode import LocalAccess, LocalAuthenticator
from app.live.hub import EventHub
from app.live.replies import ReplyStreams
from app.services import open_services
from app.settings import Settings
from app.web.server import listen, serving
from sql.rows import UserRow


class OpenDoor(LocalAuthenticator):
    """Accepts the viewer of connection_init without a check."""

    async def authenticate(self, connection: HTTPConnection, parameters: dict[str, Any]) -> LocalAccess:
        return LocalAccess(UserRow(parameters.get("user", "owner"), "Somebody", "owner"))


async def main(port: int) -> None:
    settings = Settings(
        port=port,
        server_max_connections=25_000,
        server_max_connections_per_address=25_000,
        live_max_connections=20_000,
        live_max_connections_per_user=20_000,
    )
    assert settings.database_url is not None
    door = OpenDoor(UserRow("owner", "Owner", "owner"))
    listener = listen(settings)
    async with (
        open_services(settings, settings.database_url, name="bench") as services,
        EventHub(services.database, services.bus, poll_seconds=settings.database_poll_seconds).running() as events,
        ReplyStreams(services.database, services.bus, poll_seconds=settings.database_poll_seconds).running() as replies,
        serving(Backend(services, door, events, replies).app(), listener, settings),
    ):
        print("ready", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
