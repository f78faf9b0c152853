"""Members of projects, and invitations."""

from datetime import datetime

import strawberry

from schema.projects import ProjectRole


@strawberry.type(description="A member of a project.")
class ProjectMember:
    user_id: strawberry.ID = strawberry.field(
        description="The id of the user, as in `author`, `actor`, `authorId` and `assigneeId`."
    )
    user_name: str | None = strawberry.field(
        description="The name for `setProjectMember`; null for an account of an identity provider: send the id instead."
    )
    display_name: str = strawberry.field(description="The name that is shown.")
    role: ProjectRole = strawberry.field(description="What the member may do.")
    joined_at: datetime = strawberry.field(description="When the member joined.")


@strawberry.type(description="A user who was a member of a project.")
class FormerMember:
    user_id: strawberry.ID = strawberry.field(
        description="The id of the user, as in `author`, `actor`, `authorId` and `assigneeId`."
    )
    display_name: str = strawberry.field(description="The name that is shown.")


@strawberry.type(description="A link that makes one user a member of a project.")
class Invitation:
    url: str = strawberry.field(
        description="The address to send to the user. It is shown once, works once, and ends with the code for "
        "`acceptInvitation`."
    )
    role: ProjectRole = strawberry.field(description="The role of the new member.")
    expires_at: datetime = strawberry.field(description="Until when it can be accepted.")
