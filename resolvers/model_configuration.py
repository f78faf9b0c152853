"""The model that the owner of a local installation enters."""

from resolvers.checks import checked_line
from resolvers.context import Context, Info
from resolvers.ports import EnteredModel, ModelConfigurator
from resolvers.views import view
from schema.assistant import ModelConfiguration, ModelConfigurationInput
from sql.errors import BadUserInput, Forbidden

MAX_CHARACTERS = 500
MAX_FURTHER = 20

to_configuration = view(ModelConfiguration)


def _configurator(context: Context) -> ModelConfigurator:
    """Raises Forbidden unless the viewer owns a local installation."""
    if context.configurator is None or context.viewer.role != "owner":
        raise Forbidden("model.local_owner_only")
    return context.configurator


def _to_entered(input: ModelConfigurationInput) -> EnteredModel:
    if len(input.further_models) > MAX_FURTHER:
        given = len(input.further_models)
        raise BadUserInput("input.too_many", field="furtherModels", given=given, maximum=MAX_FURTHER)
    return EnteredModel(
        api_key=checked_line(input.api_key, "apiKey", MAX_CHARACTERS) if input.api_key else None,
        base_url=checked_line(input.base_url, "baseUrl", MAX_CHARACTERS) if input.base_url else None,
        model=checked_line(input.model, "model", MAX_CHARACTERS),
        further_models=[checked_line(name, "furtherModels", MAX_CHARACTERS) for name in input.further_models],
    )


async def get_model_configuration(info: Info) -> ModelConfiguration:
    return to_configuration(_configurator(info.context).state())


async def save_model_configuration(info: Info, input: ModelConfigurationInput) -> ModelConfiguration:
    configurator = _configurator(info.context)
    configurator.save(_to_entered(input))
    return to_configuration(configurator.state())


async def remove_model_configuration(info: Info) -> ModelConfiguration:
    configurator = _configurator(info.context)
    configurator.remove()
    return to_configuration(configurator.state())


async def test_model_configuration(info: Info, input: ModelConfigurationInput) -> str:
    return await _configurator(info.context).test(_to_entered(input))
