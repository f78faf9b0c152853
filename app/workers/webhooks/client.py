"""The HTTP client of deliveries. Imported with the first delivery, because its library takes megabytes."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any

import httpcore2

from app.workers.webhooks.addresses import is_public
from app.workers.webhooks.results import Result, result_of_response
from sql.repositories.webhook_deliveries import DeliveryClaim

MAX_RESPONSE_BYTES = 16 * 1024
MAX_DETAIL = 200
CONNECT_SECONDS = 5.0
"""How long one address may take to connect, so that there is time for the next one."""
BODY_SECONDS = 1.0
Resolve = Callable[[str, int], Awaitable[list[str]]]
"""The IP addresses of a host name."""

NETWORK_FAILURES = (
    httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.UnsupportedProtocol, httpcore2.TimeoutException,
    OSError, ValueError,
)  # fmt: skip


class RefusedAddressError(Exception):
    """The host has an address that is not public; the message is the address."""


class UnknownHostError(Exception):
    """The host name has no address."""


async def resolve(host: str, port: int) -> list[str]:
    """By the resolver of the system. Raises UnknownHostError."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=1)  # SOCK_STREAM
    except (OSError, UnicodeError) as error:
        raise UnknownHostError(host) from error
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class CheckedBackend(httpcore2.AsyncNetworkBackend):
    """Resolves a host, checks all its addresses and connects to one of those that were checked.

    The library sends the name of the host as `Host` and verifies the certificate for it, so another answer of a later
    look-up (DNS rebinding) changes nothing.
    """

    def __init__(self, resolve: Resolve, *, allow_private: bool, connect_seconds: float = CONNECT_SECONDS) -> None:
        self._resolve = resolve
        self._allow_private = allow_private
        self.connect_seconds = connect_seconds
        self.network: httpcore2.AsyncNetworkBackend = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        addresses = await self._resolve(host, port)
        for address in addresses:
            if not self._allow_private and not is_public(address):
                raise RefusedAddressError(address)
        failure: Exception = UnknownHostError(host)
        for address in addresses:
            try:
                return await self.network.connect_tcp(
                    address, port, self.connect_seconds, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(self, *arguments: Any, **options: Any) -> httpcore2.AsyncNetworkStream:
        raise NotImplementedError("webhooks are sent over TCP")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class WebhookClient:
    """Sends one request per connection: to no proxy, without cookies, and following no redirect."""

    def __init__(
        self,
        *,
        timeout: float,
        allow_private: bool,
        resolve: Resolve = resolve,
        ssl_context: ssl.SSLContext | None = None,
        backend: CheckedBackend | None = None,
    ) -> None:
        self._timeout = timeout
        self.backend = backend or CheckedBackend(
            resolve, allow_private=allow_private, connect_seconds=min(CONNECT_SECONDS, timeout)
        )
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=ssl_context or httpcore2.default_ssl_context(),
            max_connections=None,
            max_keepalive_connections=0,
            network_backend=self.backend,
        )

    async def send(self, claim: DeliveryClaim, headers: dict[str, str], body: bytes, now: datetime) -> Result:
        """The result of one attempt; every failure of the network is one too, until the status has arrived."""
        answered: list[Result] = []
        try:
            async with asyncio.timeout(self._timeout):
                await self._send(claim.url, headers, body, now, answered)
        except Exception as failure:  # whatever happens after the status does not change the result
            return answered[0] if answered else self._result_of_failure(failure)
        return answered[0]

    async def _send(
        self, url: str, headers: dict[str, str], body: bytes, now: datetime, answered: list[Result]
    ) -> None:
        async with self._pool.stream("POST", url, headers=list(headers.items()), content=body) as response:
            received = {name.lower(): value for name, value in response.headers}
            answered.append(
                result_of_response(
                    response.status, _text(received.get(b"retry-after")), _text(received.get(b"location")), now
                )
            )
            await _read_beginning(response)

    def _result_of_failure(self, failure: Exception) -> Result:
        """Raises the failure again when it is none of the network."""
        match failure:
            case RefusedAddressError():
                return Result(failure="webhook.failed_address", params={"address": str(failure)})
            case UnknownHostError():
                return Result(failure="webhook.failed_host", params={"host": str(failure)[:MAX_DETAIL]})
            case httpcore2.ConnectTimeout():
                return Result(failure="webhook.failed_timeout", params={"seconds": self.backend.connect_seconds})
            case TimeoutError():
                return Result(failure="webhook.failed_timeout", params={"seconds": self._timeout})
            case _ if isinstance(failure, NETWORK_FAILURES):
                detail = str(failure) or type(failure).__name__
                return Result(failure="webhook.failed_connection", params={"detail": detail[:MAX_DETAIL]})
            case _:
                raise failure

    async def close(self) -> None:
        await self._pool.aclose()


async def _read_beginning(response: httpcore2.Response) -> None:
    """Read a short body, so that the receiver sees no broken connection; the status counts without it."""
    read = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in response.aiter_stream():
                read += len(part)
                if read >= MAX_RESPONSE_BYTES:
                    return
    except (TimeoutError, httpcore2.NetworkError, httpcore2.ProtocolError):
        return


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("latin-1")
