"""The viewer."""

import strawberry

from resolvers.checks import checked_line, checked_zone
from resolvers.context import Info
from schema.viewer import AccessKind, Role, UpdateViewerInput, Viewer
from sql.repositories.accounts import update_user
from sql.rows import UserRow

MAX_NAME_CHARACTERS = 100


def _to_viewer(info: Info, user: UserRow) -> Viewer:
    return Viewer(
        id=strawberry.ID(user.id),
        display_name=user.display_name,
        role=Role(user.role),
        access=AccessKind(info.context.accounts.access_kind),
        assistant=info.context.assistant,
        available_models=list(info.context.models),
    )


async def get_viewer(info: Info) -> Viewer:
    return _to_viewer(info, info.context.viewer)


async def update_viewer(info: Info, input: UpdateViewerInput) -> Viewer:
    """A user of any role may change their own data."""
    name = None if input.display_name is None else checked_line(input.display_name, "displayName", MAX_NAME_CHARACTERS)
    chosen = None if input.timezone is None else checked_zone(input.timezone).key
    device = None if input.device_timezone is None else checked_zone(input.device_timezone).key
    viewer = info.context.viewer
    async with info.context.database.connection() as connection:
        user = await update_user(
            connection,
            viewer.id,
            timezone=chosen,
            follow_device=input.follow_device,
            device_timezone=device,
            display_name=name,
        )
    return _to_viewer(info, user or viewer)
