"""Builds the authenticator for AUTH_MODE."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeAlias

from app.identity.local_mode import LocalAuthenticator, load_owner
from app.settings import Settings
from app.settings.service import AuthSettings
from sql.pool import Database

if TYPE_CHECKING:
    from app.identity.jwt import IdentityProvider
    from app.identity.token_mode import TokenAuthenticator

Authenticator: TypeAlias = "LocalAuthenticator | TokenAuthenticator"


@asynccontextmanager
async def build_authenticator(database: Database, settings: Settings) -> AsyncIterator[Authenticator]:
    """The authenticator; in token mode it checks connected clients while the block runs."""
    if settings.auth_mode == "local":
        yield LocalAuthenticator(
            await load_owner(database, settings.auth_owner_name), origins=settings.server_public_origins
        )
        return
    # Imported here because local mode does not need them, and their libraries take time to load.
    from app.identity.access import AccessChecker
    from app.identity.accounts import SessionLifetime
    from app.identity.sign_in_throttle import ThrottleRule, ThrottleRules
    from app.identity.token_mode import TokenAuthenticator

    async with AccessChecker(database, poll_seconds=settings.database_poll_seconds).running() as checker:
        yield TokenAuthenticator(
            database,
            checker,
            SessionLifetime(settings.auth_session_idle_seconds, settings.auth_session_seconds),
            ThrottleRules(
                account=ThrottleRule(settings.auth_sign_in_free_attempts, settings.auth_sign_in_max_delay),
                address=ThrottleRule(
                    settings.auth_sign_in_free_attempts_by_address, settings.auth_sign_in_max_delay_by_address
                ),
            ),
            origins=settings.server_public_origins,
            provider=_provider(settings),
            new_users=settings.auth_jwt_new_users,
            metrics_token=settings.metrics_token.get_secret_value() if settings.metrics_token else None,
        )


def _provider(settings: AuthSettings) -> "IdentityProvider | None":
    if settings.auth_jwt_issuer is None or settings.auth_jwt_audience is None or settings.auth_jwt_jwks_url is None:
        return None
    from app.identity.jwt import IdentityProvider, KeySet

    keys = KeySet(settings.auth_jwt_jwks_url)
    return IdentityProvider(settings.auth_jwt_issuer, settings.auth_jwt_audience, keys, leeway=settings.auth_jwt_leeway)
