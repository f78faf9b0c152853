"""Signing in, the tokens of programs, and the audit trail."""

from datetime import datetime
from enum import Enum

import strawberry
from strawberry.scalars import JSON

from schema.enums import described
from schema.paging import PageInfo
from schema.viewer import Role


@strawberry.input(description="Who signs in.")
class SignInInput:
    name: str = strawberry.field(description="The name that you sign in with.")
    password: str = strawberry.field(description="The password.")


@strawberry.input(description="Who becomes the first owner.")
class ClaimOwnershipInput:
    code: str = strawberry.field(description="The code at the end of the link that the console of the server shows.")
    name: str = strawberry.field(description="The name that you want to sign in with; up to 64 characters, no spaces.")
    password: str = strawberry.field(description="A password of 12 to 256 characters.")


@strawberry.type(description="A session has begun: the response sets its cookie.")
class SignInPayload:
    user_id: strawberry.ID = strawberry.field(description="The user who has signed in.")
    display_name: str = strawberry.field(description="The name to show.")
    role: Role = strawberry.field(description="What this user may do.")
    expires_at: datetime = strawberry.field(description="When the session ends if it is not used; use moves it on.")


@strawberry.input(description="A new password.")
class ChangePasswordInput:
    current_password: str = strawberry.field(description="The password that holds now.")
    new_password: str = strawberry.field(description="The one that is to hold, of 12 to 256 characters.")


@strawberry.input(description="A token for a program that is to come in as you.")
class CreateTokenInput:
    name: str = strawberry.field(description="What the token is for.")
    expires_at: datetime | None = strawberry.field(default=None, description="When it ends; for good when null.")


@strawberry.type(description="A token with which a program comes in as you.")
class Token:
    id: strawberry.ID = strawberry.field(description="The token's id; of no use for coming in.")
    name: str = strawberry.field(description="What the token is for.")
    hint: str = strawberry.field(description="How the token begins, so that you know it again.")
    created_at: datetime = strawberry.field(description="When it was made.")
    last_used_at: datetime | None = strawberry.field(description="When it was last used, to the minute.")
    expires_at: datetime | None = strawberry.field(description="When it ends; null when never.")


@strawberry.type(description="A token in a list.")
class TokenEdge:
    cursor: str = strawberry.field(description="Where this token stands in the list.")
    node: Token = strawberry.field(description="The token.")


@strawberry.type(description="A page of tokens.")
class TokenConnection:
    edges: list[TokenEdge] = strawberry.field(description="The tokens of this page.")
    page_info: PageInfo = strawberry.field(description="Where this page stands.")


@strawberry.type(description="A token that has just been made.")
class CreateTokenPayload:
    token: Token = strawberry.field(description="The token, as it is listed from now on.")
    secret: str = strawberry.field(description="What the program sends as `Authorization: Bearer`; shown this once.")


@strawberry.enum(description="What happened at the door.")
class SecurityEventKind(Enum):
    SIGNED_IN = described("signed_in", "Somebody signed in.")
    SIGN_IN_FAILED = described("sign_in_failed", "A name or a password was wrong.")
    SIGN_IN_BLOCKED = described("sign_in_blocked", "After many failures the next try has to wait.")
    SIGNED_OUT = described("signed_out", "Somebody signed out.")
    PASSWORD_CHANGED = described("password_changed", "A password was changed; other sessions have ended.")
    TOKEN_CREATED = described("token_created", "A token was made.")
    TOKEN_REVOKED = described("token_revoked", "A token was revoked.")
    USER_ADDED = described("user_added", "A user was added.")
    USER_DISABLED = described("user_disabled", "A user is let in no more.")
    USER_ENABLED = described("user_enabled", "A user is let in again.")
    ROLE_CHANGED = described("role_changed", "What a user may do was changed.")
    SETUP_LINK_MADE = described("setup_link_made", "A start without an owner printed a one-time link.")


@strawberry.type(description="An entry of the audit trail; nobody can change or delete one.")
class SecurityEvent:
    id: strawberry.ID = strawberry.field(description="The entry's id.")
    kind: SecurityEventKind = strawberry.field(description="What happened.")
    user_id: strawberry.ID | None = strawberry.field(
        description="Whose account it is about; null for a name that nobody has."
    )
    user_name: str | None = strawberry.field(description="The name to show of that account; null once it is deleted.")
    actor: str = strawberry.field(description="Who did it: a user's id, `command line`, or `nobody` before signing in.")
    actor_name: str | None = strawberry.field(description="The name to show of who did it, where that is a user.")
    address: str | None = strawberry.field(description="The network address it came from.")
    detail: JSON = strawberry.field(description="What else is known of it.")
    created_at: datetime = strawberry.field(description="When it happened.")


@strawberry.type(description="An entry of the audit trail in a list.")
class SecurityEventEdge:
    cursor: str = strawberry.field(description="Where this entry stands in the list.")
    node: SecurityEvent = strawberry.field(description="The entry.")


@strawberry.type(description="A page of the audit trail.")
class SecurityEventConnection:
    edges: list[SecurityEventEdge] = strawberry.field(description="The entries of this page.")
    page_info: PageInfo = strawberry.field(description="Where this page stands.")
