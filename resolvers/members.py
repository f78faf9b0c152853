"""Members of projects, and invitations."""

import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import cast

import strawberry

from resolvers.checks import checked_id, checked_time
from resolvers.context import Info
from resolvers.projects import to_project
from resolvers.views import Column, EnumColumn, view
from schema.members import FormerMember, Invitation, ProjectMember
from schema.projects import Project, ProjectRole
from sql.errors import BadUserInput, NotFound
from sql.repositories import members as repository
from sql.repositories.members import NO_INVITATION, Role
from sql.repositories.projects import NO_PROJECT

DEFAULT_LIFETIME, LONGEST_LIFETIME = timedelta(days=7), timedelta(days=30)
PREFIX = "rei_"  # lets secret scanners recognise it
CODE = re.compile(PREFIX + r"[A-Za-z0-9_-]{43}")

to_member = view(ProjectMember, role=EnumColumn("role", ProjectRole))
to_former_member = view(FormerMember, user_id=Column("user_id"))


def new_code() -> str:
    """A new code of an invitation: 256 random bits."""
    return PREFIX + secrets.token_urlsafe(32)


async def create_invitation(
    info: Info, project_id: strawberry.ID, role: ProjectRole, expires_at: datetime | None = None
) -> Invitation:
    context, now = info.context, datetime.now(UTC)
    context.require_person()
    until = checked_time(expires_at) or now + DEFAULT_LIFETIME
    if until <= now:
        raise BadUserInput("input.past", field="expiresAt")
    if until > now + LONGEST_LIFETIME:
        raise BadUserInput("invitation.too_long", maximum=LONGEST_LIFETIME.days)
    code = new_code()
    async with context.writing() as connection:
        await repository.insert_invitation(
            connection,
            context.viewer.id,
            checked_id(project_id, NO_PROJECT),
            code=code,
            role=cast(Role, role.value),
            expires_at=until,
        )
    return Invitation(url=f"{context.origin}/invite/{code}", role=role, expires_at=until)


async def accept_invitation(info: Info, code: str) -> Project:
    info.context.require_person()
    async with info.context.writing() as connection:
        if not CODE.fullmatch(code):
            raise NotFound(NO_INVITATION)
        row = await repository.accept_invitation(connection, info.context.viewer.id, code)
    return to_project(row)


async def set_project_member(
    info: Info, project_id: strawberry.ID, user_name: str, role: ProjectRole | None = None
) -> Project:
    context, id = info.context, checked_id(project_id, NO_PROJECT)
    context.require_person()
    name, given = context.accounts.stored_name(user_name), cast(Role | None, role and role.value)
    async with context.writing() as connection:
        row = await repository.set_member(connection, context.viewer.id, id, name, given)
    return to_project(row)


async def mute_project(info: Info, id: strawberry.ID, muted: bool | None = True) -> Project:
    context, project_id = info.context, checked_id(id, NO_PROJECT)
    async with context.writing() as connection:
        row = await repository.mute_project(connection, context.viewer.id, project_id, muted is not False)
    return to_project(row)
