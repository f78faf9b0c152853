"""JWTs of an identity provider: signed with a key of its JWKS, for us, and of today."""

import asyncio
import json
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import structlog

from sql.errors import Unauthenticated, Unavailable

if TYPE_CHECKING:
    from jwt import PyJWK

log = structlog.get_logger()

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
FETCH_SECONDS = 5.0
MAX_BYTES = 1024 * 1024
KEPT_SECONDS = 300.0  # a key that was withdrawn is trusted no longer than this
PAUSE_SECONDS = 10.0  # made-up key ids must not have us ask the provider at every request


class KeySet:
    """The provider's public keys by id, fetched when one is unknown, and anew every five minutes."""

    def __init__(self, url: str, *, pause_seconds: float = PAUSE_SECONDS) -> None:
        self._url = url
        self._pause_seconds = pause_seconds
        self._keys: dict[str, PyJWK] = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._fetching = asyncio.Lock()

    async def get(self, key_id: str) -> "PyJWK | None":
        """Raises Unavailable when the provider has never answered."""
        if self._is_old() or key_id not in self._keys:
            async with self._fetching:
                if self._is_old() or key_id not in self._keys:
                    await self._refresh()
        return self._keys.get(key_id)

    def _is_old(self) -> bool:
        return self._fetched_at is None or monotonic() - self._fetched_at > KEPT_SECONDS

    async def _refresh(self) -> None:
        if self._tried_at is not None and monotonic() - self._tried_at < self._pause_seconds:
            return
        self._tried_at = monotonic()
        try:
            self._keys = await asyncio.to_thread(_fetch, self._url)
            self._fetched_at = monotonic()
        except (OSError, ValueError) as error:
            log.warning("the identity provider's keys cannot be fetched", url=self._url, reason=str(error))
            if self._is_old():
                self._keys = {}
        if not self._keys:
            raise Unavailable("The identity provider cannot be reached; try again in a moment.")


def _fetch(url: str) -> "dict[str, PyJWK]":
    """The signing keys at the address. Raises OSError, ValueError."""
    from jwt import PyJWK
    from jwt.exceptions import InvalidKeyError, PyJWKError

    request = Request(url, headers={"accept": "application/json"})  # noqa: S310 - settings allow http and https only
    with urlopen(request, timeout=FETCH_SECONDS) as response:  # noqa: S310
        entries = json.loads(response.read(MAX_BYTES))["keys"]
    keys: dict[str, PyJWK] = {}
    for entry in entries:
        # A shared secret has no place in a public key set, and encryption keys sign nothing.
        if entry.get("kty") == "oct" or entry.get("use", "sig") != "sig" or "kid" not in entry:
            continue
        try:
            keys[entry["kid"]] = PyJWK(entry)
        except (PyJWKError, InvalidKeyError) as error:
            log.warning("a key of the identity provider cannot be used", kid=entry["kid"], reason=str(error))
    return keys


class IdentityProvider:
    """Reads the JWTs of one issuer that are meant for `audience`; `leeway` seconds of clock skew are forgiven."""

    def __init__(self, issuer: str, audience: str, keys: KeySet, *, leeway: float) -> None:
        self.issuer = issuer
        self.leeway = leeway
        self._audience = audience
        self._keys = keys

    async def claims_of(self, token: str) -> dict[str, Any]:
        """Raises Unauthenticated, with no more detail than whoever holds a good token needs; Unavailable."""
        import jwt  # only where a provider is configured

        try:
            header = jwt.get_unverified_header(token)
            key_id = header.get("kid")
            key = await self._keys.get(key_id) if isinstance(key_id, str) else None
            if key is None:
                raise Unauthenticated("This token is not signed with a key of the identity provider.")
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                audience=self._audience,
                issuer=self.issuer,
                leeway=self.leeway,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except jwt.ExpiredSignatureError:
            raise Unauthenticated("Your token has expired; get a new one.") from None
        except jwt.InvalidTokenError:
            raise Unauthenticated("This token is not good here.") from None
        return claims
