"""JWTs of an identity provider: verified with the keys of its JWKS, and mapped to users."""

import asyncio
import json
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal
from urllib.request import Request, urlopen

import structlog

from sql.errors import Unauthenticated, Unavailable
from sql.repositories.accounts import find_account_by_subject, insert_account, to_user
from sql.repositories.security_events import insert_security_event
from sql.rows import UserRow
from sql.statements import Connection

if TYPE_CHECKING:
    from jwt import PyJWK

log = structlog.get_logger()

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
FETCH_SECONDS = 5.0
MAX_BYTES = 1024 * 1024
CACHE_SECONDS = 300.0  # a withdrawn key is trusted for at most this long
MIN_FETCH_INTERVAL = 10.0  # unknown key ids must not cause a fetch for every request
NewUsers = Literal["refuse", "viewer", "member"]
MAX_SUBJECT_CHARACTERS = 255
MAX_NAME_CHARACTERS = 200


class KeySet:
    """The provider's public keys by id, fetched when an id is unknown and every five minutes."""

    def __init__(self, url: str, *, min_fetch_interval: float = MIN_FETCH_INTERVAL) -> None:
        self._url = url
        self._min_fetch_interval = min_fetch_interval
        self._keys: dict[str, PyJWK] = {}
        self._fetched_at: float | None = None
        self._last_attempt_at: float | None = None
        self._fetching = asyncio.Lock()

    async def get(self, key_id: str) -> "PyJWK | None":
        """The key, or None when the provider does not have it. Raises Unavailable when no keys could be fetched."""
        if self._is_stale() or key_id not in self._keys:
            async with self._fetching:
                if self._is_stale() or key_id not in self._keys:
                    await self._refresh()
        return self._keys.get(key_id)

    def _is_stale(self) -> bool:
        return self._fetched_at is None or monotonic() - self._fetched_at > CACHE_SECONDS

    async def _refresh(self) -> None:
        if self._last_attempt_at is not None and monotonic() - self._last_attempt_at < self._min_fetch_interval:
            return
        self._last_attempt_at = monotonic()
        try:
            self._keys = await asyncio.to_thread(_fetch, self._url)
            self._fetched_at = monotonic()
        except (OSError, ValueError) as error:
            log.warning("the identity provider's keys cannot be fetched", url=self._url, reason=str(error))
            if self._is_stale():
                self._keys = {}
        if not self._keys:
            raise Unavailable("identity_provider.unavailable")


def _fetch(url: str) -> "dict[str, PyJWK]":
    """The signing keys of the JWKS at the URL. Raises OSError, ValueError."""
    from jwt import PyJWK
    from jwt.exceptions import InvalidKeyError, PyJWKError

    request = Request(url, headers={"accept": "application/json"})  # noqa: S310 - settings allow http and https only
    with urlopen(request, timeout=FETCH_SECONDS) as response:  # noqa: S310
        entries = json.loads(response.read(MAX_BYTES))["keys"]
    keys: dict[str, PyJWK] = {}
    for entry in entries:
        # Symmetric keys do not belong in a public key set, and encryption keys do not sign.
        if entry.get("kty") == "oct" or entry.get("use", "sig") != "sig" or "kid" not in entry:
            continue
        try:
            keys[entry["kid"]] = PyJWK(entry)
        except (PyJWKError, InvalidKeyError) as error:
            log.warning("a key of the identity provider cannot be used", kid=entry["kid"], reason=str(error))
    return keys


class IdentityProvider:
    """Verifies JWTs of one issuer for one audience; `leeway` is the tolerated clock skew in seconds."""

    def __init__(self, issuer: str, audience: str, keys: KeySet, *, leeway: float) -> None:
        self.issuer = issuer
        self.leeway = leeway
        self._audience = audience
        self._keys = keys

    async def claims_of(self, token: str) -> dict[str, Any]:
        """The verified claims. Raises Unavailable, or Unauthenticated with no detail that helps an attacker."""
        import jwt  # expensive, and needed only when a provider is configured

        try:
            header = jwt.get_unverified_header(token)
            key_id = header.get("kid")
            key = await self._keys.get(key_id) if isinstance(key_id, str) else None
            if key is None:
                raise Unauthenticated("token.wrong_key")
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
            raise Unauthenticated("token.expired") from None
        except jwt.InvalidTokenError:
            raise Unauthenticated("token.invalid") from None
        return claims


async def find_or_create_user(
    connection: Connection, issuer: str, claims: dict[str, Any], new_users: NewUsers
) -> UserRow:
    """The user of the verified claims. A new one gets the role `new_users`, or is refused. Raises Unauthenticated."""
    subject = claims["sub"]
    if not subject or len(subject) > MAX_SUBJECT_CHARACTERS or "\x00" in subject:
        raise Unauthenticated("token.no_subject")
    account = await find_account_by_subject(connection, issuer, subject)
    if account is None:
        if new_users == "refuse":
            raise Unauthenticated("account.unknown")
        account = await insert_account(
            connection,
            name=None,
            display_name=_display_name(claims),
            role=new_users,
            issuer=issuer,
            subject=subject,
        )
        await insert_security_event(
            connection, "user_added", user_id=account.id, actor=account.id, role=new_users, by="identity provider"
        )
    if account.disabled_at is not None:
        raise Unauthenticated("account.disabled")
    return to_user(account)


def _display_name(claims: dict[str, Any]) -> str:
    for claim in ("name", "preferred_username", "email", "sub"):
        value = claims.get(claim)
        if isinstance(value, str) and value.strip() and "\x00" not in value:
            return value.strip()[:MAX_NAME_CHARACTERS]
    raise Unauthenticated("token.no_subject")
