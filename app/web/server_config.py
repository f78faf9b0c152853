"""The configuration of uvicorn, with our protocols and the limits of their connections."""

from typing import Any

from starlette.types import ASGIApp
from uvicorn.config import Config

from app.settings import Settings
from app.web.connections import ConnectionLimits, Connections

GRACE_SECONDS = 5


class ServerConfig(Config):
    """A configuration whose protocols share `connections`."""

    def __init__(self, app: ASGIApp, connections: Connections, **options: Any) -> None:
        super().__init__(app, **options)
        self.connections = connections


def connections_of(config: Config) -> Connections:
    """The connections that the protocols of this configuration share."""
    if not isinstance(config, ServerConfig):
        raise TypeError("this protocol needs a ServerConfig")
    return config.connections


def config_for(app: ASGIApp, settings: Settings) -> ServerConfig:
    # Imported here because the protocols use the configuration.
    from app.web.http_protocol import LiveHTTPProtocol
    from app.web.websocket_protocol import LiveWebSocketProtocol

    return ServerConfig(
        app,
        Connections(ConnectionLimits.of(settings)),
        http=LiveHTTPProtocol,
        ws=LiveWebSocketProtocol,
        ws_per_message_deflate=False,  # it would take 30 KB per connection, and time for each small message
        ws_max_size=2 * settings.graphql_max_body_bytes,  # our own limit is lower and closes with 4400
        ws_ping_interval=None,  # graphql-transport-ws has its own pings
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        # Only configured proxies may set the client address; the default of uvicorn trusts every local process.
        proxy_headers=bool(settings.server_trusted_proxies),
        forwarded_allow_ips=list(settings.server_trusted_proxies),
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
