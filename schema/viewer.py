"""The user who sends the request."""

from enum import Enum

import strawberry

from schema.assistant import AssistantInfo
from schema.enums import described
from schema.projects import Project
from schema.relations import Info


@strawberry.enum(description="The roles of users.")
class Role(Enum):
    OWNER = described("owner", "May do everything, and reads the audit trail.")
    MEMBER = described("member", "Reads and writes their own records.")
    VIEWER = described("viewer", "Reads their own records.")


@strawberry.enum(description="How a request is authenticated.")
class AccessKind(Enum):
    LOCAL = described("local", "Without a credential, from the owner's own machine (AUTH_MODE=local).")
    SESSION = described("session", "A session cookie.")
    TOKEN = described("token", "A token of this server.")
    JWT = described("jwt", "A JSON Web Token of the identity provider.")


@strawberry.type(description="The user who sends the request.")
class Viewer:
    id: strawberry.ID = strawberry.field(description="The id of the user.")
    display_name: str = strawberry.field(description="The display name.")
    role: Role = strawberry.field(description="The role of the user.")
    access: AccessKind = strawberry.field(description="How this request is authenticated.")
    assistant: AssistantInfo = strawberry.field(description="The assistant that writes the replies.")
    available_models: list[str] = strawberry.field(
        description="The models that a conversation can choose from, the default one first; empty when offline."
    )

    @strawberry.field(description='The time zone of your dates (IANA name), for example of "yesterday" in a search.')
    async def timezone(self, info: Info) -> str:
        return await info.context.relations.timezone() or info.context.timezone

    @strawberry.field(description="The time zone that you have chosen (IANA name); null: that of your device is used.")
    async def chosen_timezone(self, info: Info) -> str | None:
        return await info.context.relations.chosen_timezone()

    @strawberry.field(description="The project of what you create without naming a project.")
    async def default_project(self, info: Info) -> Project:
        return await info.context.relations.default_project()

    @strawberry.field(description="The number of unread notifications.")
    async def unread_notification_count(self, info: Info) -> int:
        return await info.context.relations.unread_notification_count()


@strawberry.input(description="Changes of your own data. What is null stays as it is.")
class UpdateViewerInput:
    timezone: str | None = strawberry.field(
        default=None, description="The time zone of your dates that you choose, as an IANA name such as Asia/Tokyo."
    )
    follow_device: bool = strawberry.field(
        default=False, description="Forget the time zone that you have chosen: that of your device is used again."
    )
    device_timezone: str | None = strawberry.field(
        default=None,
        description="The time zone of the device in use (IANA name). It counts while you have chosen none.",
    )
    display_name: str | None = strawberry.field(default=None, description="The name that others see.")
