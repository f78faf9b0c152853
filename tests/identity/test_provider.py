"""JSON Web Tokens of an identity provider, whose keys a local server gives out and changes."""

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
from tests.identity.conftest import VIEWER, House, ask, closing, code_of, open_house

ISSUER, AUDIENCE = "https://id.example", "resonant"
HS_SECRET = "a secret that both sides would have to share"


@dataclass
class Issuer:
    """An identity provider with one key at a time."""

    url: str = ""
    key_id: str = "first"
    key: Any = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    asked: int = 0
    down: bool = False

    def jwks(self) -> dict[str, Any]:
        elliptic = isinstance(self.key, ec.EllipticCurvePrivateKey)
        algorithm: Any = ECAlgorithm if elliptic else RSAAlgorithm
        public = json.loads(algorithm.to_jwk(self.key.public_key()))
        shared = {"kty": "oct", "kid": "shared", "k": "YSBzZWNyZXQ", "alg": "HS256"}
        return {"keys": [{**public, "kid": self.key_id, "use": "sig"}, shared, {"kty": "odd", "kid": "odd"}]}

    async def answer(self, request: Request) -> Response:
        self.asked += 1
        return JSONResponse({}, 503) if self.down else JSONResponse(self.jwks())

    def token(self, *, algorithm: str = "RS256", key: Any = None, headers: dict[str, Any] | None = None,
              **claims: Any) -> str:  # fmt: skip
        now = int(time.time())
        filled = {"iss": ISSUER, "aud": AUDIENCE, "sub": "7", "iat": now, "exp": now + 60, **claims}
        present = {name: value for name, value in filled.items() if value is not None}
        return jwt.encode(present, self.key if key is None else key, algorithm, {"kid": self.key_id, **(headers or {})})


@asynccontextmanager
async def running(issuer: Issuer) -> AsyncIterator[Issuer]:
    async with serve(Starlette(routes=[Route("/jwks", issuer.answer)])) as address:
        issuer.url = f"{address}/jwks"
        yield issuer


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with running(Issuer()) as opened:
        yield opened


def trusting(issuer: Issuer, *, leeway: float = 30, pause: float = 0) -> IdentityProvider:
    return IdentityProvider(ISSUER, AUDIENCE, KeySet(issuer.url, min_fetch_interval=pause), leeway=leeway)


async def test_a_token_for_us_is_read_and_any_other_is_refused(issuer: Issuer) -> None:
    reading = trusting(issuer)
    now = int(time.time())
    assert (await reading.claims_of(issuer.token()))["sub"] == "7"
    assert (await reading.claims_of(issuer.token(aud=["other", AUDIENCE])))["sub"] == "7"
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
        "a shared secret": issuer.token(algorithm="HS256", key=HS_SECRET, headers={"kid": "shared"}),
        "our key as a secret": issuer.token(algorithm="HS256", key=HS_SECRET),
        "a key of its own": issuer.token(key=another, headers={"jku": "http://evil.example", "jwk": {}}),
        "no signature": f"{head}.{body}.",
        "algorithm none": issuer.token(algorithm="none", key=""),
        "a changed body": f"{head}.{body[:-2]}xx.{signature}",
        "nothing of it": "a.b.c",
    }  # fmt: skip
    for what, token in wrong.items():
        with pytest.raises(Unauthenticated):
            await reading.claims_of(token)
            pytest.fail(f"let in: {what}")


async def test_clocks_may_differ_by_the_leeway_and_no_more(issuer: Issuer) -> None:
    now = int(time.time())
    for skew, fits in ((20, True), (40, False)):
        skewed: list[dict[str, Any]] = [{"exp": now - skew}, {"nbf": now + skew, "exp": now + 600}]
        for claims in skewed:
            if fits:
                await trusting(issuer).claims_of(issuer.token(**claims))
            else:
                with pytest.raises(Unauthenticated):
                    await trusting(issuer).claims_of(issuer.token(**claims))


async def test_a_new_key_is_fetched_when_it_is_first_seen_and_the_old_one_is_gone(issuer: Issuer) -> None:
    reading = trusting(issuer)
    old = issuer.token()
    await reading.claims_of(old)
    assert issuer.asked == 1
    issuer.key, issuer.key_id = ec.generate_private_key(ec.SECP256R1()), "second"
    assert (await reading.claims_of(issuer.token(algorithm="ES256")))["sub"] == "7"
    assert issuer.asked == 2
    with pytest.raises(Unauthenticated):
        await reading.claims_of(old)


async def test_made_up_key_ids_do_not_have_the_provider_asked_each_time(issuer: Issuer) -> None:
    reading = trusting(issuer, pause=60)
    await reading.claims_of(issuer.token())
    for number in range(20):
        with pytest.raises(Unauthenticated):
            await reading.claims_of(issuer.token(headers={"kid": f"made-up-{number}"}))
    assert issuer.asked == 1


async def test_a_provider_that_is_away_costs_nothing_while_its_keys_are_fresh(issuer: Issuer) -> None:
    reading = trusting(issuer)
    await reading.claims_of(issuer.token())
    issuer.down = True
    await reading.claims_of(issuer.token())
    with pytest.raises(Unavailable):
        await trusting(issuer).claims_of(issuer.token())
    assert provider.CACHE_SECONDS <= 300


@asynccontextmanager
async def house_of(issuer: Issuer, database_url: str, **settings: Any) -> AsyncIterator[House]:
    names = {"auth_jwt_issuer": ISSUER, "auth_jwt_audience": AUDIENCE, "auth_jwt_jwks_url": issuer.url}
    async with open_house(database_url, **names, **settings) as house:
        yield house


async def test_who_is_known_comes_in_and_who_is_not_is_told_what_to_do(issuer: Issuer, database_url: str) -> None:
    async with house_of(issuer, database_url) as house:
        await house.person("ann", "owner")
        stranger = await ask(house.program(issuer.token()), VIEWER)
        assert stranger["errors"][0]["extensions"]["key"] == "account.unknown"
        await house.execute("UPDATE users SET issuer = $1, subject = '7'", ISSUER)
        known = house.program(issuer.token())
        assert (await ask(known, VIEWER))["data"]["viewer"] == {"id": "ann", "role": "OWNER", "access": "JWT"}
        assert await code_of(known, 'mutation { createToken(input: {name: "x"}) { secret } }') == "FORBIDDEN"
        await house.execute("UPDATE users SET disabled_at = now()")
        assert await code_of(known, VIEWER) == "UNAUTHENTICATED"


async def test_a_new_subject_becomes_what_the_setting_says_once(issuer: Issuer, database_url: str) -> None:
    async with house_of(issuer, database_url, auth_jwt_new_users="viewer") as house:
        for _ in range(2):
            program = house.program(issuer.token(name="Ada Lovelace"))
            viewer = (await ask(program, "{ viewer { displayName role } }"))["data"]["viewer"]
            assert viewer == {"displayName": "Ada Lovelace", "role": "VIEWER"}
        assert await house.value("SELECT count(*) FROM users") == 1
        for subject in ("", "x" * 300, "a\x00b"):
            assert await code_of(house.program(issuer.token(sub=subject)), VIEWER) == "UNAUTHENTICATED"


async def test_a_socket_ends_when_its_token_does_and_when_its_user_is_disabled(
    issuer: Issuer, database_url: str
) -> None:
    async with house_of(issuer, database_url, auth_jwt_new_users="member", auth_jwt_leeway=0) as house:
        async with house.socket(issuer.token(exp=int(time.time()) + 3)) as socket:
            assert await closing(socket) == (4403, "Your token has expired; connect again with a new one.")
        async with house.socket(issuer.token()) as socket:
            await house.execute("UPDATE users SET disabled_at = now()")
            assert await closing(socket) == (4403, "This account is disabled.")


async def test_without_a_provider_no_jwt_is_good(issuer: Issuer, house: House) -> None:
    assert await code_of(house.program(issuer.token()), VIEWER) == "UNAUTHENTICATED"
