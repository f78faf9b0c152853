"""Sign-in, tokens and the audit trail."""

from datetime import datetime
from enum import Enum
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from schema.enums import described
from schema.paging import PageInfo
from schema.projects import Project
from schema.relations import Info, awaited
from schema.viewer import Role


@strawberry.input(description="The credentials of a user.")
class SignInInput:
    name: str = strawberry.field(description="The sign-in name.")
    password: str = strawberry.field(description="The password.")


@strawberry.input(description="The first owner of the installation.")
class ClaimOwnershipInput:
    code: str = strawberry.field(description="The code at the end of the link that the server prints on its console.")
    name: str = strawberry.field(description="The sign-in name: at most 64 characters, no spaces.")
    password: str = strawberry.field(description="The password: 12 to 256 characters.")


@strawberry.type(description="A new session. The response sets its cookie.")
class SignInPayload:
    user_id: strawberry.ID = strawberry.field(description="The id of the user.")
    display_name: str = strawberry.field(description="The display name.")
    role: Role = strawberry.field(description="The role of the user.")
    expires_at: datetime = strawberry.field(description="When the session ends if it is not used. Each use extends it.")


@strawberry.input(description="The change of a password.")
class ChangePasswordInput:
    current_password: str = strawberry.field(description="The current password.")
    new_password: str = strawberry.field(description="The new password: 12 to 256 characters.")
    keep_tokens: bool = strawberry.field(
        default=False, description="Keep your tokens valid; otherwise all of them are revoked."
    )


@strawberry.input(description="A token for a program that acts as you.")
class CreateTokenInput:
    name: str = strawberry.field(description="The purpose of the token.")
    expires_at: datetime | None = strawberry.field(default=None, description="When the token expires; null for never.")
    read_only: bool = strawberry.field(default=False, description="Whether the token may read only.")
    project_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The only project that the token may use, over MCP at /mcp alone: the API refuses it. Null for all "
        "projects.",
    )


@strawberry.type(description="A token that lets a program act as you.")
class Token:
    id: strawberry.ID = strawberry.field(description="The id of the token. It is not the secret.")
    name: str = strawberry.field(description="The purpose of the token.")
    hint: str = strawberry.field(description="The first characters of the secret, to recognise it.")
    created_at: datetime = strawberry.field(description="When it was created.")
    last_used_at: datetime | None = strawberry.field(
        description="When it was last used, to the minute; null for never."
    )
    expires_at: datetime | None = strawberry.field(description="When it expires; null for never.")
    read_only: bool = strawberry.field(description="Whether it may read only.")
    one_project: bool = strawberry.field(description="Whether it is for one project only, over MCP at /mcp.")
    project_id: strawberry.Private[UUID | None]

    @strawberry.field(description="Its only project. Null for all projects, or when you see that project no more.")
    def project(self, info: Info) -> Project | None:
        return None if self.project_id is None else awaited(info.context.relations.project(self.project_id))


@strawberry.type(description="A token in a list.")
class TokenEdge:
    cursor: str = strawberry.field(
        description="The position of this edge; send it as `after` to get the edges after it."
    )
    node: Token = strawberry.field(description="The token.")


@strawberry.type(description="A page of tokens.")
class TokenConnection:
    edges: list[TokenEdge] = strawberry.field(description="The tokens of this page.")
    page_info: PageInfo = strawberry.field(description="The position of this page in the list.")


@strawberry.type(description="A new token.")
class CreateTokenPayload:
    token: Token = strawberry.field(description="The token as it is listed.")
    secret: str = strawberry.field(description="The secret for `Authorization: Bearer`. It is shown only once.")


@strawberry.enum(description="The kinds of entries in the audit trail.")
class SecurityEventKind(Enum):
    SIGNED_IN = described("signed_in", "A user signed in.")
    SIGN_IN_FAILED = described("sign_in_failed", "A name or a password was wrong.")
    SIGN_IN_BLOCKED = described("sign_in_blocked", "Too many failures delayed the next attempt.")
    SIGNED_OUT = described("signed_out", "A user signed out.")
    PASSWORD_CHANGED = described(
        "password_changed",
        "A password was changed; the other sessions ended. Revoked tokens have entries of their own.",
    )
    TOKEN_CREATED = described("token_created", "A token was created.")
    TOKEN_REVOKED = described("token_revoked", "A token was revoked.")
    USER_ADDED = described("user_added", "A user was added.")
    USER_DISABLED = described("user_disabled", "A user was disabled.")
    USER_ENABLED = described("user_enabled", "A user was enabled again.")
    ROLE_CHANGED = described("role_changed", "The role of a user was changed.")
    SETUP_LINK_MADE = described("setup_link_made", "A start without an owner printed a one-time link.")


@strawberry.type(description="An entry of the audit trail. Entries cannot be changed or deleted.")
class SecurityEvent:
    id: strawberry.ID = strawberry.field(description="The id of the entry.")
    kind: SecurityEventKind = strawberry.field(description="The kind of entry.")
    user_id: strawberry.ID | None = strawberry.field(description="The id of the account; null for an unknown name.")
    user_name: str | None = strawberry.field(description="The display name of that account; null when it is deleted.")
    actor: str = strawberry.field(
        description="Who did it: the id of a user, `command line`, or `nobody` before sign-in."
    )
    actor_name: str | None = strawberry.field(description="The display name of the actor, if it is a user.")
    address: str | None = strawberry.field(description="The network address of the request.")
    detail: JSON = strawberry.field(description="Further details.")
    created_at: datetime = strawberry.field(description="When it happened.")


@strawberry.type(description="An entry of the audit trail in a list.")
class SecurityEventEdge:
    cursor: str = strawberry.field(
        description="The position of this edge; send it as `after` to get the edges after it."
    )
    node: SecurityEvent = strawberry.field(description="The entry.")


@strawberry.type(description="A page of the audit trail.")
class SecurityEventConnection:
    edges: list[SecurityEventEdge] = strawberry.field(description="The entries of this page.")
    page_info: PageInfo = strawberry.field(description="The position of this page in the list.")
