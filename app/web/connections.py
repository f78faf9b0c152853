"""The open connections of a process: how many there may be, and which make no progress and are closed.

Every connection is checked a few times per second by the server, instead of having timers of its own: a request would
otherwise set and cancel several.
"""

import asyncio
import resource
import struct
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from socket import IPPROTO_TCP
from typing import Any, Protocol

import structlog

from app.settings import Settings

log = structlog.get_logger()

TCP_INFO = 11
BYTES_ACKNOWLEDGED = struct.Struct("=120xQ")  # tcpi_bytes_acked in struct tcp_info, Linux 4.1 and newer
CHECKS_PER_TICK = 500
LOG_SECONDS = 5.0  # between two lines about closed connections
OTHER_FILES = 128  # connections to the database, files and libraries
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Sizes in bytes, times in seconds; settings.md has their meanings."""

    connections: int
    per_address: int
    exempt: tuple[Network, ...]
    head_bytes: int
    headers: int
    head_seconds: float
    idle_seconds: float
    body_seconds: float
    write_seconds: float
    bytes_per_second: int
    unsent_bytes: int
    body_bytes: int
    init_bytes: int
    control_frames: int
    fragments: int

    @classmethod
    def of(cls, settings: Settings) -> "ConnectionLimits":
        return cls(
            connections=open_file_limit(settings.server_max_connections),
            per_address=settings.server_max_connections_per_address,
            exempt=tuple(ip_network(each, strict=False) for each in settings.server_trusted_proxies),
            head_bytes=settings.server_max_head_bytes,
            headers=settings.server_max_headers,
            head_seconds=settings.server_head_timeout,
            idle_seconds=settings.server_idle_timeout,
            body_seconds=settings.server_body_timeout,
            write_seconds=settings.server_write_timeout,
            bytes_per_second=settings.server_min_bytes_per_second,
            unsent_bytes=settings.server_max_unsent_bytes,
            body_bytes=settings.graphql_max_body_bytes,
            init_bytes=settings.live_max_init_bytes,
            control_frames=settings.live_max_control_frames,
            fragments=settings.live_max_fragments,
        )


def open_file_limit(wanted: int) -> int:
    """How many of the wanted connections the limit on open files allows; it is raised first, as far as possible."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    target = wanted + OTHER_FILES if hard == resource.RLIM_INFINITY else min(hard, wanted + OTHER_FILES)
    if soft != resource.RLIM_INFINITY and soft < target:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (target, hard))
            soft = target
        except (ValueError, OSError) as error:
            log.debug("the limit on open files cannot be raised", reason=str(error))
    return wanted if soft == resource.RLIM_INFINITY else max(1, min(wanted, soft - OTHER_FILES))


class Connection(Protocol):
    """A protocol of the server, HTTP or WebSocket."""

    transport: asyncio.Transport
    client: tuple[str, int] | None

    def check(self, now: float) -> str | None:
        """Close the connection if its client made no progress, and return why."""

    def make_room(self) -> None:
        """Close the connection, which waits for a request, for a new one."""


class Connections:
    """Counts the connections, and closes those that wait for a request when a new one needs their place."""

    def __init__(self, limits: ConnectionLimits) -> None:
        self.limits = limits
        self._by_address: dict[str, dict[Connection, None]] = defaultdict(dict)
        self._open: dict[Connection, None] = {}
        # The connections that wait for a request, the longest waiting first.
        self._waiting: dict[Connection, None] = {}
        self._checking: Iterator[Connection] = iter(())
        self._closed: Counter[str] = Counter()
        self._log_at = 0.0

    def __len__(self) -> int:
        return len(self._open)

    def admit(self, connection: Connection) -> bool:
        """Count a new connection, which waits for its first request; False when there is no place for it."""
        address = self._address_of(connection)
        if address and len(self._by_address[address]) >= self.limits.per_address:
            if not self._make_room(each for each in self._by_address[address] if each in self._waiting):
                return False
        elif len(self._open) >= self.limits.connections and not self._make_room(iter(self._waiting)):
            return False
        self._add(connection)
        self._waiting[connection] = None
        return True

    def waits(self, connection: Connection) -> None:
        """The connection waits for its next request from now on."""
        if connection in self._open:
            self._waiting.pop(connection, None)
            self._waiting[connection] = None

    def works(self, connection: Connection) -> None:
        """The connection has a request, and is not closed for others."""
        self._waiting.pop(connection, None)

    def replace(self, old: Connection, new: Connection) -> None:
        """The connection is served by another protocol from now on."""
        if old in self._open:
            self.remove(old)
            self._add(new)
            self._waiting[new] = None

    def remove(self, connection: Connection) -> None:
        """Also for a connection that is not counted."""
        self._open.pop(connection, None)
        self._waiting.pop(connection, None)
        address = self._address_of(connection)
        if address in self._by_address:
            self._by_address[address].pop(connection, None)
            if not self._by_address[address]:
                del self._by_address[address]

    def check_some(self, now: float) -> None:
        """Check the next connections. Called often, so that all are checked within seconds."""
        for _ in range(CHECKS_PER_TICK):
            connection = next(self._checking, None)
            if connection is None:
                self._closed["too_much_unsent"] += self._bound_unsent()
                self._checking = iter(list(self._open))
                break
            if connection in self._open and (reason := connection.check(now)):
                self._closed[reason] += 1
        if now >= self._log_at and (closed := +self._closed):
            self._closed.clear()
            self._log_at = now + LOG_SECONDS
            log.info("closed connections whose clients made no progress", **closed)

    def _bound_unsent(self) -> int:
        """Abort the connections with the most unsent bytes until the rest is within the limit; returns their number."""
        sizes = {each: each.transport.get_write_buffer_size() for each in self._open}
        excess = sum(sizes.values()) - self.limits.unsent_bytes
        aborted = 0
        for connection in sorted(sizes, key=sizes.__getitem__, reverse=True) if excess > 0 else ():
            if excess <= 0:
                break
            connection.transport.abort()
            excess -= sizes[connection]
            aborted += 1
        return aborted

    def _add(self, connection: Connection) -> None:
        self._open[connection] = None
        if address := self._address_of(connection):
            self._by_address[address][connection] = None

    def _make_room(self, candidates: Iterator[Connection]) -> bool:
        oldest = next(candidates, None)
        if oldest is None:
            return False
        self.remove(oldest)
        oldest.make_room()
        return True

    def _address_of(self, connection: Connection) -> str:
        """The address to count for; empty for a proxy, because it connects for many clients."""
        host = connection.client[0] if connection.client else ""
        if host and self.limits.exempt:
            address = ip_address(host)
            if any(address in network for network in self.limits.exempt):
                return ""
        return host


class WriteProgress:
    """Tells whether a client reads what is written to it.

    Acknowledged bytes are counted, because a large buffer of the kernel hides the progress of a slow client.
    """

    __slots__ = ("_acknowledged", "_limits", "_since")

    def __init__(self, limits: ConnectionLimits) -> None:
        self._limits = limits
        self._since: float | None = None
        self._acknowledged = 0

    def is_stalled(self, transport: asyncio.Transport, now: float) -> bool:
        """Whether less than the minimum rate was read for `write_seconds`, while there was more to read."""
        unsent = transport.get_write_buffer_size()
        if not unsent:
            self._since = None
            return False
        acknowledged = _acknowledged(transport, unsent)
        if self._since is None:
            self._since, self._acknowledged = now, acknowledged
            return False
        seconds = now - self._since
        if seconds < self._limits.write_seconds:
            return False
        if acknowledged - self._acknowledged < seconds * self._limits.bytes_per_second:
            return True
        self._since, self._acknowledged = now, acknowledged
        return False


def _acknowledged(transport: asyncio.Transport, unsent: int) -> int:
    """Bytes that the client acknowledged; where the kernel does not count them, a number that grows with them."""
    socket: Any = transport.get_extra_info("socket")
    if sys.platform == "linux":
        try:
            return int(BYTES_ACKNOWLEDGED.unpack(socket.getsockopt(IPPROTO_TCP, TCP_INFO, BYTES_ACKNOWLEDGED.size))[0])
        except (OSError, struct.error):  # an old kernel
            return -unsent
    return -unsent
