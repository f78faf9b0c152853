"""JSON Web Tokens of an identity provider; a local server publishes and rotates its keys."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.identity import jwt as provider
from app.identity.jwt import IdentityProvider, KeySet
from sql.errors import Unauthenticated, Unavailable
from tests.asgi_server import serve
from tests.identity.conftest import VIEWER, Backend, ask, code_of, run_backend, wait_until_closed

ISSUER, AUDIENCE = "https://id.example", "resonant"
HS_SECRET = "a secret that both sides would have to share"


@dataclass
class Issuer:
    """An identity provider with one key at a time; `requests` counts fetches of its keys."""

    url: str = ""
    key_id: str = "first"
    key: Any = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    requests: int = 0
    down: bool = False
    published: Any = None
    """What is published in the place of the key set."""

    def jwks(self) -> dict[str, Any]:
        elliptic = isinstance(self.key, ec.EllipticCurvePrivateKey)
        algorithm: Any = ECAlgorithm if elliptic else RSAAlgorithm
        public = json.loads(algorithm.to_jwk(self.key.public_key()))
        shared = {"kty": "oct", "kid": "shared", "k": "YSBzZWNyZXQ", "alg": "HS256"}
        return {"keys": [{**public, "kid": self.key_id, "use": "sig"}, shared, {"kty": "odd", "kid": "odd"}]}

    async def answer(self, request: Request) -> Response:
        self.requests += 1
        return (
            JSONResponse({}, 503)
            if self.down
            else JSONResponse(self.jwks() if self.published is None else self.published)
        )

    def token(self, *, algorithm: str = "RS256", key: Any = None, headers: dict[str, Any] | None = None,
              **claims: Any) -> str:  # fmt: skip
        now = int(time.time())
        filled = {"iss": ISSUER, "aud": AUDIENCE, "sub": "7", "iat": now, "exp": now + 60, **claims}
        present = {name: value for name, value in filled.items() if value is not None}
        ids = {"kid": self.key_id, **(headers or {})}
        shown = {name: value for name, value in ids.items() if value is not None}
        return jwt.encode(present, self.key if key is None else key, algorithm, shown)


@asynccontextmanager
async def running(issuer: Issuer) -> AsyncIterator[Issuer]:
    async with serve(Starlette(routes=[Route("/jwks", issuer.answer)])) as address:
        issuer.url = f"{address}/jwks"
        yield issuer


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with running(Issuer()) as opened:
        yield opened


def provider_for(issuer: Issuer, *, leeway: float = 30, pause: float = 0) -> IdentityProvider:
    return IdentityProvider(ISSUER, AUDIENCE, KeySet(issuer.url, min_fetch_interval=pause), leeway=leeway)


async def test_only_valid_tokens_for_this_audience_are_accepted(issuer: Issuer) -> None:
    verifier = provider_for(issuer)
    now = int(time.time())
    assert (await verifier.claims_of(issuer.token()))["sub"] == "7"
    assert (await verifier.claims_of(issuer.token(aud=["other", AUDIENCE])))["sub"] == "7"
    another = rsa.generate_private_key(65537, 2048)
    good = issuer.token()
    head, body, signature = good.split(".")
    wrong = {
        "another issuer": issuer.token(iss="https://id.example/"),
        "another audience": issuer.token(aud="other"),
        "expired": issuer.token(exp=now - 60),
        "not yet": issuer.token(nbf=now + 60),
        "from the future": issuer.token(iat=now + 60),
        "no expiry": issuer.token(exp=None),
        "no subject": issuer.token(sub=None),
        "no audience": issuer.token(aud=None),
        "no issuer": issuer.token(iss=None),
        "another key": issuer.token(key=another),
        "an unknown key id": issuer.token(headers={"kid": "unknown"}),
        "no key id": jwt.encode({"sub": "7"}, issuer.key, "RS256"),
        "a symmetric key": issuer.token(algorithm="HS256", key=HS_SECRET, headers={"kid": "shared"}),
        "our key as a secret": issuer.token(algorithm="HS256", key=HS_SECRET),
        "an embedded key": issuer.token(key=another, headers={"jku": "http://evil.example", "jwk": {}}),
        "no signature": f"{head}.{body}.",
        "algorithm none": issuer.token(algorithm="none", key=""),
        "a changed body": f"{head}.{body[:-2]}xx.{signature}",
        "no JWT": "a.b.c",
    }  # fmt: skip
    for case, token in wrong.items():
        with pytest.raises(Unauthenticated):
            await verifier.claims_of(token)
            pytest.fail(f"accepted: {case}")


async def test_clock_skew_up_to_the_leeway_is_tolerated(issuer: Issuer) -> None:
    now = int(time.time())
    for skew, fits in ((20, True), (40, False)):
        skewed: list[dict[str, Any]] = [{"exp": now - skew}, {"nbf": now + skew, "exp": now + 600}]
        for claims in skewed:
            if fits:
                await provider_for(issuer).claims_of(issuer.token(**claims))
            else:
                with pytest.raises(Unauthenticated):
                    await provider_for(issuer).claims_of(issuer.token(**claims))


async def test_new_key_is_fetched_and_the_old_one_is_no_longer_trusted(issuer: Issuer) -> None:
    verifier = provider_for(issuer)
    old = issuer.token()
    await verifier.claims_of(old)
    assert issuer.requests == 1
    issuer.key, issuer.key_id = ec.generate_private_key(ec.SECP256R1()), "second"
    assert (await verifier.claims_of(issuer.token(algorithm="ES256")))["sub"] == "7"
    assert issuer.requests == 2
    with pytest.raises(Unauthenticated):
        await verifier.claims_of(old)


async def test_unknown_key_ids_do_not_cause_a_fetch_each(issuer: Issuer) -> None:
    verifier = provider_for(issuer, pause=60)
    await verifier.claims_of(issuer.token())
    for number in range(20):
        with pytest.raises(Unauthenticated):
            await verifier.claims_of(issuer.token(headers={"kid": f"made-up-{number}"}))
    assert issuer.requests == 1


@pytest.mark.parametrize(
    ("key_set", "key"),
    [
        ([], "no_keys"),
        ({}, "no_keys"),
        ({"keys": None}, "no_keys"),
        ({"keys": {}}, "no_keys"),
        ({"keys": []}, "no_keys"),
        ({"keys": [None, 7, "x", [], {}, {"kty": "RSA"}, {"kid": [], "kty": "RSA"}, {"kid": "first"}]}, "no_keys"),
        ({"keys": [{"kid": "first", "kty": "RSA", "n": 7, "e": "!"}]}, "no_keys"),
        ({"keys": [{"kid": "first", "kty": "EC", "crv": {}, "x": "AA", "y": None}]}, "no_keys"),
        ("text", "no_keys"),
    ],
)
async def test_a_key_set_without_a_usable_key_is_reported(issuer: Issuer, key_set: Any, key: str) -> None:
    token = issuer.token()
    issuer.published = key_set
    with pytest.raises(Unavailable) as refused:
        await provider_for(issuer).claims_of(token)
    assert refused.value.key == f"identity_provider.{key}"


async def test_keys_without_an_id_verify_tokens_with_and_without_one(issuer: Issuer) -> None:
    own = issuer.jwks()["keys"][0]
    other = Issuer().jwks()["keys"][0]
    without_id = [{name: value for name, value in key.items() if name != "kid"} for key in (other, own)]
    issuer.published = {"keys": without_id}
    verifier = provider_for(issuer)
    assert (await verifier.claims_of(issuer.token()))["sub"] == "7"
    assert (await verifier.claims_of(issuer.token(headers={"kid": None})))["sub"] == "7"
    with pytest.raises(Unauthenticated):
        await verifier.claims_of(issuer.token(key=rsa.generate_private_key(65537, 2048)))


async def test_cached_keys_are_used_while_the_provider_is_down(issuer: Issuer) -> None:
    verifier = provider_for(issuer)
    await verifier.claims_of(issuer.token())
    issuer.down = True
    await verifier.claims_of(issuer.token())
    with pytest.raises(Unavailable):
        await provider_for(issuer).claims_of(issuer.token())
    assert provider.CACHE_SECONDS <= 300


@asynccontextmanager
async def backend_for(issuer: Issuer, database_url: str, **settings: Any) -> AsyncIterator[Backend]:
    names = {"auth_jwt_issuer": ISSUER, "auth_jwt_audience": AUDIENCE, "auth_jwt_jwks_url": issuer.url}
    async with run_backend(database_url, **names, **settings) as backend:
        yield backend


async def test_known_subject_signs_in_and_unknown_one_is_refused(issuer: Issuer, database_url: str) -> None:
    async with backend_for(issuer, database_url) as backend:
        await backend.add_user("ann", "owner")
        stranger = await ask(backend.program(issuer.token()), VIEWER)
        assert stranger["errors"][0]["extensions"]["key"] == "account.unknown"
        await backend.execute("UPDATE users SET issuer = $1, subject = '7'", ISSUER)
        known = backend.program(issuer.token())
        assert (await ask(known, VIEWER))["data"]["viewer"] == {"id": "ann", "role": "OWNER", "access": "JWT"}
        assert await code_of(known, 'mutation { createToken(input: {name: "x"}) { secret } }') == "FORBIDDEN"
        await backend.execute("UPDATE users SET disabled_at = now()")
        assert await code_of(known, VIEWER) == "UNAUTHENTICATED"


async def test_new_subject_is_created_once_with_the_configured_role(issuer: Issuer, database_url: str) -> None:
    async with backend_for(issuer, database_url, auth_jwt_new_users="viewer") as backend:
        for _ in range(2):
            program = backend.program(issuer.token(name="Ada Lovelace"))
            viewer = (await ask(program, "{ viewer { displayName role } }"))["data"]["viewer"]
            assert viewer == {"displayName": "Ada Lovelace", "role": "VIEWER"}
        assert await backend.value("SELECT count(*) FROM users") == 1
        for subject in ("", "x" * 300, "a\x00b", "a\ud800b"):
            assert await code_of(backend.program(issuer.token(sub=subject)), VIEWER) == "UNAUTHENTICATED"
        named = backend.program(
            issuer.token(sub="8", name="a\ud800b", preferred_username="a\x00b", email="ada@example")
        )
        assert (await ask(named, "{ viewer { displayName } }"))["data"]["viewer"] == {"displayName": "ada@example"}


async def test_socket_closes_when_its_jwt_expires_or_its_user_is_disabled(issuer: Issuer, database_url: str) -> None:
    async with backend_for(issuer, database_url, auth_jwt_new_users="member", auth_jwt_leeway=0) as backend:
        async with backend.socket(issuer.token(exp=int(time.time()) + 3)) as socket:
            assert await wait_until_closed(socket) == (4403, "Your token has expired; get a new one.")
        async with backend.socket(issuer.token()) as socket:
            await backend.execute("UPDATE users SET disabled_at = now()")
            assert await wait_until_closed(socket) == (4403, "This account is disabled.")


async def test_jwt_is_refused_without_a_provider(issuer: Issuer, backend: Backend) -> None:
    assert await code_of(backend.program(issuer.token()), VIEWER) == "UNAUTHENTICATED"
