"""The model that the owner of a local installation enters."""

from resolvers.checks import checked_line
from resolvers.context import Context, Info
from resolvers.ports import EnteredModel, ModelConfigurator
from resolvers.views import view
from schema.assistant import ModelConfiguration, ModelConfigurationInput
from sql.errors import Forbidden

MAX_CHARACTERS = 500

to_configuration = view(ModelConfiguration)


def _configurator(context: Context) -> ModelConfigurator:
    """Raises Forbidden unless the viewer owns a local installation."""
    if context.configurator is None or context.viewer.role != "owner":
        raise Forbidden("model.local_owner_only")
    return context.configurator


def _to_entered(input: ModelConfigurationInput) -> EnteredModel:
    return EnteredModel(
        api_key=checked_line(input.api_key, "apiKey", MAX_CHARACTERS) if input.api_key else None,
        base_url=checked_line(input.base_url, "baseUrl", MAX_CHARACTERS) if input.base_url else None,
        model=checked_line(input.model, "model", MAX_CHARACTERS),
    )


async def get_model_configuration(info: Info) -> ModelConfiguration:
    return to_configuration(_configurator(info.context).state())


async def save_model_configuration(info: Info, input: ModelConfigurationInput) -> ModelConfiguration:
    configurator = _configurator(info.context)
    configurator.save(_to_entered(input))
    return to_configuration(configurator.state())


async def test_model_configuration(info: Info, input: ModelConfigurationInput) -> str:
    return await _configurator(info.context).test(_to_entered(input))
