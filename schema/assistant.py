"""The assistant that writes the replies."""

import strawberry


@strawberry.type(description="The assistant that writes the replies of this installation.")
class AssistantInfo:
    name: str = strawberry.field(description="The assistant's name.")
    model: str | None = strawberry.field(description="The language model in use; null when offline.")
    offline: bool = strawberry.field(
        description="True when no model is configured: replies then come from memory and local rules only."
    )


@strawberry.type(description="The model of a local installation. Its key is never returned.")
class ModelConfiguration:
    base_url: str | None = strawberry.field(
        description="The address of a server that implements the Messages API; null for Anthropic."
    )
    model: str = strawberry.field(description="The model that answers by default.")
    further_models: list[str] = strawberry.field(
        description="Further models of the same provider that a person can choose for a conversation."
    )
    has_key: bool = strawberry.field(description="Whether an API key is set.")
    from_environment: bool = strawberry.field(
        description="Whether the environment sets it; then it cannot be changed here."
    )


@strawberry.input(description="A model to use.")
class ModelConfigurationInput:
    model: str = strawberry.field(description="The name of the model.")
    further_models: list[str] = strawberry.field(
        default_factory=list, description="Further models that a person can choose for a conversation, at most 20."
    )
    base_url: str | None = strawberry.field(
        default=None, description="The address of a server that implements the Messages API; null for Anthropic."
    )
    api_key: str | None = strawberry.field(
        default=None, description="The API key; null keeps the known one, as long as the address stays the same."
    )
