"""The viewer."""

import strawberry

from resolvers.context import Info
from schema.viewer import AccessKind, Role, Viewer


async def get_viewer(info: Info) -> Viewer:
    user = info.context.viewer
    return Viewer(
        id=strawberry.ID(user.id),
        display_name=user.display_name,
        role=Role(user.role),
        access=AccessKind(info.context.accounts.access_kind),
        assistant=info.context.assistant,
    )
