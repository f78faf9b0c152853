"""The person or program that asks."""

from enum import Enum

import strawberry

from schema.assistant import AssistantInfo
from schema.enums import described
from schema.relations import Info


@strawberry.enum(description="What a user may do.")
class Role(Enum):
    OWNER = described("owner", "Everything, and sees operations.")
    MEMBER = described("member", "Reads and writes what is their own.")
    VIEWER = described("viewer", "Reads only.")


@strawberry.enum(description="What a request came in with.")
class AccessKind(Enum):
    LOCAL = described("local", "Nothing: it comes from the owner's own machine (AUTH_MODE=local).")
    SESSION = described("session", "A session that a password began, in a cookie.")
    TOKEN = described("token", "A token of this server.")
    JWT = described("jwt", "A JSON Web Token of the identity provider.")


@strawberry.type(description="The user on whose behalf this request runs.")
class Viewer:
    id: strawberry.ID = strawberry.field(description="The user id that owns the rows.")
    display_name: str = strawberry.field(description="The name to show.")
    role: Role = strawberry.field(description="What this user may do.")
    access: AccessKind = strawberry.field(description="What this request came in with.")
    assistant: AssistantInfo = strawberry.field(description="The assistant that answers this user.")

    @strawberry.field(description="How many notifications are not read yet.")
    async def unread_notification_count(self, info: Info) -> int:
        return await info.context.relations.unread_notification_count()
