"""JWTs of an identity provider: verified with the keys of its JWKS, and mapped to users."""

import asyncio
import json
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal

import structlog

from app.language.text import is_storable
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


class UnusableKeySet(Exception):
    """The provider answered, but not with a key set that has a key for signatures."""


class KeySet:
    """The provider's public keys by id, fetched when an id is unknown and every five minutes.

    The id of a key is optional; keys without one have the id None.
    """

    def __init__(self, url: str, *, min_fetch_interval: float = MIN_FETCH_INTERVAL) -> None:
        self._url = url
        self._min_fetch_interval = min_fetch_interval
        self._keys: dict[str | None, list[PyJWK]] = {}
        self._failure = "identity_provider.unavailable"
        self._fetched_at: float | None = None
        self._last_attempt_at: float | None = None
        self._fetching = asyncio.Lock()

    async def find(self, key_id: str | None) -> "list[PyJWK]":
        """The keys that may have signed a token with this key id. Raises Unavailable when there are no keys at all."""
        if self._is_stale() or not self._found(key_id):
            async with self._fetching:
                if self._is_stale() or not self._found(key_id):
                    await self._refresh()
        return self._found(key_id)

    def _found(self, key_id: str | None) -> "list[PyJWK]":
        if key_id is None and len(self._keys) == 1:
            [only] = self._keys.values()
            return only
        return self._keys.get(key_id) or self._keys.get(None, [])

    def _is_stale(self) -> bool:
        return self._fetched_at is None or monotonic() - self._fetched_at > CACHE_SECONDS

    async def _refresh(self) -> None:
        if self._last_attempt_at is None or monotonic() - self._last_attempt_at >= self._min_fetch_interval:
            self._last_attempt_at = monotonic()
            await self._fetch()
        if not self._keys:
            raise Unavailable(self._failure)

    async def _fetch(self) -> None:
        try:
            self._keys = await asyncio.to_thread(_fetch, self._url)
            self._fetched_at = monotonic()
        except (OSError, ValueError, RecursionError, UnusableKeySet) as error:
            log.warning("the identity provider's keys cannot be fetched", url=self._url, reason=str(error))
            unusable = isinstance(error, UnusableKeySet)
            self._failure = "identity_provider.no_keys" if unusable else "identity_provider.unavailable"
            if self._is_stale():
                self._keys = {}


def _fetch(url: str) -> "dict[str | None, list[PyJWK]]":
    """The signing keys of the JWKS at the URL. Raises OSError, ValueError, RecursionError, UnusableKeySet."""
    from urllib.request import Request, urlopen  # a megabyte, for installations with an identity provider only

    request = Request(url, headers={"accept": "application/json"})  # noqa: S310 - settings allow http and https only
    with urlopen(request, timeout=FETCH_SECONDS) as response:  # noqa: S310
        key_set = json.loads(response.read(MAX_BYTES))
    entries = key_set.get("keys") if isinstance(key_set, dict) else None
    if not isinstance(entries, list):
        raise UnusableKeySet("the answer has no list `keys`")
    keys: dict[str | None, list[PyJWK]] = {}
    for entry in entries:
        key = _to_key(entry)
        if key is not None:
            keys.setdefault(entry.get("kid"), []).append(key)
    if not keys:
        raise UnusableKeySet("none of its keys can be used")
    return keys


def _to_key(entry: Any) -> "PyJWK | None":
    """The key of an entry of a JWKS; None for an entry that is no public key for signatures."""
    from jwt import PyJWK
    from jwt.exceptions import PyJWTError

    if not isinstance(entry, dict) or not isinstance(entry.get("kid"), str | None):
        log.warning("an entry in the key set of the identity provider is not a key")
        return None
    # Symmetric keys do not belong in a public key set, and encryption keys do not sign.
    if entry.get("kty") == "oct" or entry.get("use", "sig") != "sig":
        return None
    try:
        return PyJWK(entry)
    except (PyJWTError, ValueError, TypeError, KeyError) as error:
        log.warning("a key of the identity provider cannot be used", kid=entry.get("kid"), reason=repr(error))
        return None


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
            key_id = jwt.get_unverified_header(token).get("kid")
            keys = await self._keys.find(key_id)
            if not keys:
                raise Unauthenticated("token.wrong_key")
            return self._claims_by_any(token, keys)
        except jwt.ExpiredSignatureError:
            raise Unauthenticated("token.expired") from None
        except jwt.InvalidTokenError:
            raise Unauthenticated("token.invalid") from None

    def _claims_by_any(self, token: str, keys: "list[PyJWK]") -> dict[str, Any]:
        """The claims of a token that one of the keys signed. Raises InvalidTokenError."""
        import jwt

        for key in keys[:-1]:
            try:
                return self._claims_by(token, key)
            except (jwt.InvalidSignatureError, jwt.InvalidAlgorithmError):
                continue
        return self._claims_by(token, keys[-1])

    def _claims_by(self, token: str, key: "PyJWK") -> dict[str, Any]:
        import jwt

        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            audience=self._audience,
            issuer=self.issuer,
            leeway=self.leeway,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
        return claims


async def find_or_create_user(
    connection: Connection, issuer: str, claims: dict[str, Any], new_users: NewUsers
) -> UserRow:
    """The user of the verified claims. A new one gets the role `new_users`, or is refused. Raises Unauthenticated."""
    subject = claims["sub"]
    if not subject or len(subject) > MAX_SUBJECT_CHARACTERS or not is_storable(subject):
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
        if isinstance(value, str) and value.strip() and is_storable(value):
            return value.strip()[:MAX_NAME_CHARACTERS]
    raise Unauthenticated("token.no_subject")
