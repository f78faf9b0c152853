"""Users that an identity provider vouches for."""

from typing import Any, Literal

from sql.errors import Unauthenticated
from sql.repositories.accounts import find_account_by_subject, insert_account, to_user
from sql.repositories.security_events import insert_security_event
from sql.rows import UserRow
from sql.statements import Connection

NewUsers = Literal["refuse", "viewer", "member"]
MAX_SUBJECT_CHARACTERS = 255
MAX_NAME_CHARACTERS = 200


async def user_of(connection: Connection, issuer: str, claims: dict[str, Any], new_users: NewUsers) -> UserRow:
    """The user behind verified claims, made with the role `new_users` if need be. Raises Unauthenticated."""
    subject = claims["sub"]
    if not subject or len(subject) > MAX_SUBJECT_CHARACTERS or "\x00" in subject:
        raise Unauthenticated("This token names nobody.")
    account = await find_account_by_subject(connection, issuer, subject)
    if account is None:
        if new_users == "refuse":
            raise Unauthenticated("You are not known here; ask an owner to add you (`user add --subject`).")
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
        raise Unauthenticated("This account is no longer let in.")
    return to_user(account)


def _display_name(claims: dict[str, Any]) -> str:
    for claim in ("name", "preferred_username", "email", "sub"):
        value = claims.get(claim)
        if isinstance(value, str) and value.strip() and "\x00" not in value:
            return value.strip()[:MAX_NAME_CHARACTERS]
    raise Unauthenticated("This token names nobody.")
