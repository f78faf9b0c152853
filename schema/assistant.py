"""The assistant that writes the replies."""

import strawberry


@strawberry.type(description="The assistant that writes the replies of this installation.")
class AssistantInfo:
    name: str = strawberry.field(description="The assistant's name.")
    model: str | None = strawberry.field(description="The language model in use; null when offline.")
    offline: bool = strawberry.field(
        description="True when no model is configured: replies then come from memory and local rules only."
    )
