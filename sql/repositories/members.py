"""Members of projects, and the invitations that make a user one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from sql.errors import BadUserInput, Conflict, Forbidden, NotFound
from sql.repositories.projects import NO_PROJECT, get_project, lock_project
from sql.rows import MemberRow, ProjectRow
from sql.statements import Connection, fetch_rows, statements

Role = Literal["admin", "member", "reader"]
NO_INVITATION = "invitation.not_found"
UNKNOWN_USER = "member.unknown_user"
MAX_INVITATIONS = 100


class Written(Protocol):
    """A row with an author and a project."""

    @property
    def user_id(self) -> str: ...

    @property
    def project_id(self) -> UUID: ...


async def list_members(connection: Connection, user_id: str, project_ids: Sequence[UUID]) -> list[MemberRow]:
    """Those of projects that the user sees, the oldest first."""
    return await fetch_rows(
        connection, statements.list_members, MemberRow, user_id=user_id, project_ids=[UUID(str(i)) for i in project_ids]
    )


async def list_former_members(connection: Connection, user_id: str, project_ids: Sequence[UUID]) -> list[MemberRow]:
    """Those who have left, of projects that the user sees."""
    return await fetch_rows(
        connection,
        statements.list_former_members,
        MemberRow,
        user_id=user_id,
        project_ids=[UUID(str(i)) for i in project_ids],
    )


async def find_role(connection: Connection, project_id: UUID, user_id: str) -> Role | None:
    """None for a user who is no member."""
    role: Role | None = await statements.find_member_role(connection, project_id=project_id, user_id=user_id)
    return role


async def has_other_members(connection: Connection, project_id: UUID | None, user_id: str) -> bool:
    """Whether others see the work of the user in the project; False without a project."""
    if project_id is None:
        return False
    return bool(await statements.has_other_members(connection, project_id=project_id, user_id=user_id))


async def list_admins(connection: Connection, project_id: UUID) -> list[str]:
    """The ids of the admins, the oldest first."""
    return [record["user_id"] async for record in statements.list_admins(connection, project_id=project_id)]


async def list_member_names(connection: Connection, project_id: UUID) -> dict[str, str]:
    """The ids of the members by name, case-folded."""
    records = statements.list_member_names(connection, project_id=project_id)
    return {record["name"].casefold(): record["user_id"] async for record in records}


async def check_author(connection: Connection, user_id: str, row: Written, key: str) -> None:
    """Raises Forbidden with the key unless the user wrote the row, or is an admin of its project."""
    if row.user_id != user_id and await find_role(connection, row.project_id, user_id) != "admin":
        raise Forbidden(key)


async def check_assignee(connection: Connection, project_id: UUID, person: str) -> None:
    """Raises BadUserInput when the person is no member of the project."""
    if await find_role(connection, project_id, person) is None:
        raise BadUserInput("intent.assignee_not_found")


async def set_member(
    connection: Connection, user_id: str, project_id: UUID, name: str, role: Role | None
) -> ProjectRow:
    """Give the user with this name a role; None removes them. Anyone may leave; the rest is for admins.

    Returns the project as the viewer sees it now, or saw it before they left. Raises NotFound, Forbidden, Conflict.
    """
    member: str | None = await statements.find_user_by_name(connection, name=name)
    project = await _lock(connection, user_id, project_id, leaves=role is None and member == user_id)
    if member is None:
        raise NotFound(UNKNOWN_USER)
    before = await find_role(connection, project_id, member)
    if before is None and role is None:
        raise NotFound(UNKNOWN_USER)
    if before == role:
        return project
    if project.is_default and project.user_id == member:
        raise Conflict("member.owner_of_default", name=project.name)
    if before == "admin" and not await statements.count_other_admins(connection, project_id=project_id, user_id=member):
        raise Conflict("member.last_admin", name=project.name)
    await statements.set_member_role(connection, project_id=project_id, user_id=member, role=role)
    left = role is None and member == user_id
    return project if left else await get_project(connection, user_id, project_id)


async def _lock(connection: Connection, user_id: str, project_id: UUID, *, leaves: bool) -> ProjectRow:
    if not leaves:
        return await lock_project(connection, user_id, project_id)
    record = await statements.lock_project(connection, user_id=user_id, id=project_id)
    if record is None:
        raise NotFound(NO_PROJECT)
    return ProjectRow(**record)


async def mute_project(connection: Connection, user_id: str, project_id: UUID, muted: bool) -> ProjectRow:
    """Whether the user gets notifications of the project. Raises NotFound."""
    await get_project(connection, user_id, project_id)
    await statements.mute_project(connection, project_id=project_id, user_id=user_id, muted=muted)
    return await get_project(connection, user_id, project_id)


async def insert_invitation(
    connection: Connection, user_id: str, project_id: UUID, *, code: str, role: Role, expires_at: datetime
) -> None:
    """Only for admins of the project. Raises NotFound, Forbidden, Conflict."""
    await lock_project(connection, user_id, project_id)
    await statements.delete_expired_invitations(connection, project_id=project_id)
    if await statements.count_invitations(connection, project_id=project_id) >= MAX_INVITATIONS:
        raise Conflict("invitation.too_many", maximum=MAX_INVITATIONS)
    await statements.insert_invitation(
        connection, code=code, project_id=project_id, user_id=user_id, role=role, expires_at=expires_at
    )


async def accept_invitation(connection: Connection, user_id: str, code: str) -> ProjectRow:
    """Join the project of the invitation. Raises NotFound, or Conflict for a member."""
    record = await statements.accept_invitation(connection, code=code, user_id=user_id)
    if record["project"] is None:
        raise NotFound(NO_INVITATION)
    project = await get_project(connection, user_id, record["project"])
    if not record["joined"]:
        raise Conflict("invitation.already_member", name=project.name)
    return project
