"""The door that the settings mean."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeAlias

from app.identity.local_mode import LocalAuthenticator, load_owner
from app.settings import Settings
from sql.pool import Database

if TYPE_CHECKING:
    from app.identity.jwt import IdentityProvider
    from app.identity.token_mode import TokenAuthenticator

Door: TypeAlias = "LocalAuthenticator | TokenAuthenticator"


@asynccontextmanager
async def build_authenticator(database: Database, settings: Settings) -> AsyncIterator[Door]:
    """Watching over those who are connected for as long as the block runs."""
    if settings.auth_mode == "local":
        yield LocalAuthenticator(
            await load_owner(database, settings.auth_owner_name), origins=settings.server_public_origins
        )
        return
    from app.identity.access import Guard
    from app.identity.accounts import SessionLength
    from app.identity.sign_in_throttle import Rule, Rules
    from app.identity.token_mode import TokenAuthenticator

    async with Guard(database, poll_seconds=settings.database_poll_seconds).running() as guard:
        yield TokenAuthenticator(
            database,
            guard,
            SessionLength(settings.auth_session_idle_seconds, settings.auth_session_seconds),
            Rules(
                account=Rule(settings.auth_sign_in_free_attempts, settings.auth_sign_in_max_delay),
                address=Rule(
                    settings.auth_sign_in_free_attempts_by_address, settings.auth_sign_in_max_delay_by_address
                ),
            ),
            origins=settings.server_public_origins,
            provider=_provider(settings),
            new_users=settings.auth_jwt_new_users,
            metrics_token=settings.metrics_token.get_secret_value() if settings.metrics_token else None,
        )


def _provider(settings: Settings) -> "IdentityProvider | None":
    if settings.auth_jwt_issuer is None or settings.auth_jwt_audience is None or settings.auth_jwt_jwks_url is None:
        return None
    from app.identity.jwt import IdentityProvider, KeySet

    keys = KeySet(settings.auth_jwt_jwks_url)
    return IdentityProvider(settings.auth_jwt_issuer, settings.auth_jwt_audience, keys, leeway=settings.auth_jwt_leeway)
