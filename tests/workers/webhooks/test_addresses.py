"""Which addresses a webhook is sent to: the one that is connected to is the one that was checked."""

import asyncio
import ssl
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpcore2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.workers.webhooks.addresses import is_public
from app.workers.webhooks.client import BODY_SECONDS, MAX_RESPONSE_BYTES, CheckedBackend, Resolve, WebhookClient
from app.workers.webhooks.results import Result
from tests.fakes.webhook_receiver import HANGS, Answer, Receiver, receiver
from tests.workers.webhooks.test_requests import claim

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PUBLIC = ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
PRIVATE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "::1",
    "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "ff0e::1", "fec0::1", "2001:db8::1", "100::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1",
    "2002:7f00:1::", "2002:a00:1::1", "2001::1", "2001:20::1", "3fff::1", "5f00::1", "localhost", "",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_address_is_accepted(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_other_address_is_refused(address: str) -> None:
    assert not is_public(address)


def resolving(*answers: list[str]) -> tuple[Resolve, list[str]]:
    """A resolver with these answers in turn, the last one for all further look-ups; and the hosts that it was asked."""
    asked: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return answers[min(len(asked), len(answers)) - 1]

    return resolve, asked


class RecordedNetwork(httpcore2.AsyncMockBackend):
    """Answers 204 and records the addresses that were connected to."""

    def __init__(self) -> None:
        super().__init__([b"HTTP/1.1 204 No Content\r\n\r\n"])
        self.connected: list[str] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        self.connected.append(host)
        return await super().connect_tcp(host, port, timeout, local_address, socket_options)


async def sent(client: WebhookClient, url: str) -> Result:
    try:
        return await client.send(claim(url=url), {"webhook-id": "1"}, b"{}", NOW)
    finally:
        await client.close()


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["1.1.1.1", "10.0.0.1"], ["::ffff:127.0.0.1"]])
async def test_host_with_a_private_address_gets_no_connection(target: Receiver, addresses: list[str]) -> None:
    resolve, _ = resolving(addresses)
    client = WebhookClient(timeout=5, allow_private=False, resolve=resolve)
    result = await sent(client, f"http://harmless.example:{target.port}/")
    assert (result.failure, result.http_status) == ("webhook.failed_address", None)
    assert target.received == []


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "127.1", "[::ffff:7f00:1]"]
)
async def test_every_spelling_of_this_machine_is_refused(target: Receiver, host: str) -> None:
    result = await sent(WebhookClient(timeout=5, allow_private=False), f"http://{host}:{target.port}/")
    assert result.failure in ("webhook.failed_address", "webhook.failed_host")
    assert target.received == []


async def test_answer_of_a_second_look_up_is_not_used() -> None:
    resolve, asked = resolving(["93.184.216.34"], ["127.0.0.1"])
    backend, network = CheckedBackend(resolve, allow_private=False), RecordedNetwork()
    backend.network = network
    client = WebhookClient(timeout=5, allow_private=False, backend=backend)
    assert (await client.send(claim(url="http://rebound.example/"), {}, b"{}", NOW)).http_status == 204
    assert (asked, network.connected) == (["rebound.example"], ["93.184.216.34"])
    assert (await sent(client, "http://rebound.example/")).failure == "webhook.failed_address"
    assert network.connected == ["93.184.216.34"]


async def test_second_address_is_tried_when_the_first_one_fails(target: Receiver) -> None:
    resolve, _ = resolving(["127.0.0.2", "127.0.0.1"])
    result = await sent(
        WebhookClient(timeout=5, allow_private=True, resolve=resolve), f"http://two.example:{target.port}/"
    )
    assert result.succeeded


async def test_unknown_host_is_named() -> None:
    result = await sent(WebhookClient(timeout=30, allow_private=False), "http://no-such-host.invalid/")
    assert (result.failure, result.params) == ("webhook.failed_host", {"host": "no-such-host.invalid"})


async def test_proxy_of_the_environment_is_not_used(target: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert (await sent(WebhookClient(timeout=5, allow_private=True), target.url)).succeeded


async def test_long_or_stalled_body_of_a_response_does_not_count(target: Receiver) -> None:
    target.decide = lambda request: Answer(200, {}, b"x" * 50 * MAX_RESPONSE_BYTES)
    assert (await sent(WebhookClient(timeout=5, allow_private=True), target.url)).succeeded
    target.decide = lambda request: Answer(200, {"content-length": "1000"})
    assert (await sent(WebhookClient(timeout=5, allow_private=True), target.url)).succeeded


ENDLESS = [
    Answer(200, {"content-length": "1000"}, b"", endless=True),  # sends nothing more
    Answer(200, {"content-length": "1000000000"}, b"x", endless=True),
    Answer(200, {"transfer-encoding": "chunked"}, b"1\r\nx\r\n", endless=True),
]


@pytest.mark.parametrize("answer", ENDLESS)
async def test_success_counts_when_its_body_outlasts_the_timeout(target: Receiver, answer: Answer) -> None:
    target.decide = lambda request: answer
    result = await sent(WebhookClient(timeout=0.9 * BODY_SECONDS, allow_private=True), target.url)
    assert (result.succeeded, result.http_status) == (True, 200)


async def test_failure_keeps_its_status_when_its_body_outlasts_the_timeout(target: Receiver) -> None:
    target.decide = lambda request: Answer(503, {"content-length": "1000", "retry-after": "60"}, endless=True)
    result = await sent(WebhookClient(timeout=0.9 * BODY_SECONDS, allow_private=True), target.url)
    assert (result.http_status, result.failure, result.retry_after) == (503, "webhook.failed_status", 60.0)


class HangingNetwork(RecordedNetwork):
    """Connections to the first address are not answered."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        self.connected.append(host)
        if host == "1.1.1.1":
            await asyncio.sleep(60 if timeout is None else timeout)
            raise httpcore2.ConnectTimeout
        return await httpcore2.AsyncMockBackend([b"HTTP/1.1 204 No Content\r\n\r\n"]).connect_tcp(host, port)


async def test_address_that_does_not_answer_leaves_time_for_the_next_one() -> None:
    resolve, _ = resolving(["1.1.1.1", "93.184.216.34"])
    backend, network = CheckedBackend(resolve, allow_private=False, connect_seconds=0.1), HangingNetwork()
    backend.network = network
    client = WebhookClient(timeout=5, allow_private=False, backend=backend)
    assert (await sent(client, "http://two.example/")).succeeded
    assert network.connected == ["1.1.1.1", "93.184.216.34"]


@pytest.mark.parametrize(("timeout", "seconds"), [(15.0, 5.0), (2.0, 2.0)])
async def test_connection_to_one_address_gets_five_seconds_or_the_timeout(timeout: float, seconds: float) -> None:
    class Timed(RecordedNetwork):
        async def connect_tcp(
            self, host: str, port: int, timeout: float | None = None, *others: Any
        ) -> httpcore2.AsyncNetworkStream:
            raise httpcore2.ConnectTimeout(f"after {timeout}")

    resolve, _ = resolving(["1.1.1.1"])
    client = WebhookClient(timeout=timeout, allow_private=False, resolve=resolve)
    client.backend.network = Timed()
    result = await sent(client, "http://one.example/")
    assert (result.failure, result.params) == ("webhook.failed_timeout", {"seconds": seconds})


async def test_receiver_that_does_not_answer_costs_the_timeout(target: Receiver) -> None:
    target.decide = lambda request: HANGS
    result = await sent(WebhookClient(timeout=0.2, allow_private=True), target.url)
    assert (result.failure, result.params) == ("webhook.failed_timeout", {"seconds": 0.2})


def certificate(directory: Path, host: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The contexts of a server with a new certificate for the host, and of a client that trusts it."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = made.public_bytes(serialization.Encoding.PEM)
    (directory / "server.pem").write_bytes(private + public)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(directory / "server.pem")
    return server, ssl.create_default_context(cadata=public.decode())


async def test_certificate_is_verified_for_the_name_of_the_host(tmp_path: Path) -> None:
    server, trusting = certificate(tmp_path, "receiver.example")
    resolve, _ = resolving(["127.0.0.1"])
    asked: list[str | None] = []
    server.sni_callback = lambda connection, name, context: asked.append(name)
    async with receiver(tls=server) as target:

        def client(context: ssl.SSLContext | None) -> WebhookClient:
            return WebhookClient(timeout=5, allow_private=True, resolve=resolve, ssl_context=context)

        assert (await sent(client(trusting), f"https://receiver.example:{target.port}/")).succeeded
        other = await sent(client(trusting), f"https://other.example:{target.port}/")
        untrusted = await sent(client(None), f"https://receiver.example:{target.port}/")
    assert (other.failure, untrusted.failure) == ("webhook.failed_connection", "webhook.failed_connection")
    assert asked[:2] == ["receiver.example", "other.example"]
    [request] = target.received
    assert request.headers["host"] == f"receiver.example:{target.port}"
