"""Sign-in, passwords, tokens and the audit trail."""

import strawberry
from strawberry.scalars import JSON

from resolvers.checks import checked_id, checked_line, checked_time
from resolvers.context import Info
from resolvers.paging import id_cursor, id_from_cursor, page_size, to_page
from resolvers.ports import SignedIn
from resolvers.projects import checked_visible_project
from schema.identity import (
    ChangePasswordInput,
    ClaimOwnershipInput,
    CreateTokenInput,
    CreateTokenPayload,
    SecurityEvent,
    SecurityEventConnection,
    SecurityEventEdge,
    SecurityEventKind,
    SignInInput,
    SignInPayload,
    Token,
    TokenConnection,
    TokenEdge,
)
from schema.viewer import Role
from sql.errors import Forbidden
from sql.paging import LAST_ID
from sql.repositories import credentials, security_events
from sql.repositories.credentials import NO_TOKEN
from sql.service_rows import SecurityEventRow, TokenRow

MAX_TOKEN_NAME_CHARACTERS = 100


def to_token(row: TokenRow) -> Token:
    return Token(
        id=strawberry.ID(str(row.id)),
        name=row.name,
        hint=row.hint,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
        expires_at=row.expires_at,
        read_only=row.read_only,
        one_project=row.project_id is not None,
        project_id=row.project_id,
    )


def to_security_event(row: SecurityEventRow) -> SecurityEvent:
    return SecurityEvent(
        id=strawberry.ID(str(row.id)),
        kind=SecurityEventKind(row.kind),
        user_id=None if row.user_id is None else strawberry.ID(row.user_id),
        user_name=row.user_name,
        actor=row.actor,
        actor_name=row.actor_name,
        address=row.address,
        detail=JSON(row.detail),
        created_at=row.created_at,
    )


def _to_payload(signed_in: SignedIn) -> SignInPayload:
    user = signed_in.user
    return SignInPayload(
        user_id=strawberry.ID(user.id),
        display_name=user.display_name,
        role=Role(user.role),
        expires_at=signed_in.expires_at,
    )


async def sign_in(info: Info, input: SignInInput) -> SignInPayload:
    return _to_payload(await info.context.accounts.sign_in(input.name, input.password))


async def claim_ownership(info: Info, input: ClaimOwnershipInput) -> SignInPayload:
    return _to_payload(await info.context.accounts.claim_ownership(input.code, input.name, input.password))


async def sign_out(info: Info) -> bool:
    return await info.context.accounts.sign_out()


async def change_password(info: Info, input: ChangePasswordInput) -> bool:
    await info.context.accounts.change_password(
        input.current_password, input.new_password, keep_tokens=input.keep_tokens
    )
    return True


async def create_token(info: Info, input: CreateTokenInput) -> CreateTokenPayload:
    name = checked_line(input.name, "name", MAX_TOKEN_NAME_CHARACTERS)
    row, secret = await info.context.accounts.create_token(
        name,
        checked_time(input.expires_at),
        read_only=input.read_only,
        project_id=await checked_visible_project(info, input.project_id),
    )
    return CreateTokenPayload(token=to_token(row), secret=secret)


async def revoke_token(info: Info, id: strawberry.ID) -> Token:
    return to_token(await info.context.accounts.revoke_token(checked_id(id, NO_TOKEN)))


async def list_tokens(info: Info, first: int | None = None, after: str | None = None) -> TokenConnection:
    size = page_size(first)
    before = LAST_ID if after is None else id_from_cursor(after)
    async with info.context.database.connection() as connection:
        rows = await credentials.list_tokens(connection, info.context.viewer.id, count=size + 1, before=before)
    edges, page_info = to_page(
        rows,
        size,
        lambda row: TokenEdge(cursor=id_cursor(row.id), node=to_token(row)),
        has_previous=after is not None,
    )
    return TokenConnection(edges=edges, page_info=page_info)


async def list_security_events(
    info: Info, kinds: list[SecurityEventKind] | None = None, first: int | None = None, after: str | None = None
) -> SecurityEventConnection:
    if info.context.viewer.role != "owner":
        raise Forbidden("forbidden.owner_only")
    size = page_size(first)
    before = LAST_ID if after is None else id_from_cursor(after)
    wanted = None if kinds is None else [kind.value for kind in kinds]
    async with info.context.database.connection() as connection:
        rows = await security_events.list_security_events(connection, count=size + 1, before=before, kinds=wanted)
    edges, page_info = to_page(
        rows,
        size,
        lambda row: SecurityEventEdge(cursor=id_cursor(row.id), node=to_security_event(row)),
        has_previous=after is not None,
    )
    return SecurityEventConnection(edges=edges, page_info=page_info)
