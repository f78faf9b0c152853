"""Intents of the type `code_execution`."""

from collections.abc import Callable
from importlib.util import find_spec

from app.intent_types import INTENT_TYPES, IntentType
from app.language.text import storable
from app.settings import Settings
from app.workers.intents.handlers.base import CannotHandle, Handler, HandlerContext, Outcome
from sql.rows import IntentRow
from sql.sentences import Sentence


def sdk_is_installed() -> bool:
    return find_spec("claude_agent_sdk") is not None


def confines() -> bool:
    from app.workers.intents.code.sandbox import confines  # a megabyte; most installations run no code

    return confines()


class CodeExecutionHandler(Handler):
    """Runs a Claude Agent SDK session inside CODE_WORKSPACE, after the user has confirmed it."""

    def __init__(
        self,
        intent_type: IntentType = INTENT_TYPES["code_execution"],
        installed: Callable[[], bool] = sdk_is_installed,
        confines: Callable[[], bool] = confines,
    ) -> None:
        super().__init__(intent_type)
        self._installed = installed
        self._confines = confines

    def confirmation_question(self, settings: Settings, *, again: bool) -> Sentence:
        if settings.code_workspace is None:
            raise CannotHandle("code.disabled")
        if not settings.claude_configured:
            raise CannotHandle("code.model_missing")
        if not self._installed():
            raise CannotHandle("code.sdk_missing")
        if "Bash" in settings.code_tools and not self._confines():
            raise CannotHandle("code.sandbox_missing")
        key = "code.confirm_again" if again else "code.confirm"
        return Sentence(key, {"directory": str(settings.code_workspace), "tools": list(settings.code_tools)})

    async def handle(self, intent: IntentRow, context: HandlerContext) -> Outcome:
        # Imported here because most installations run no code.
        from app.workers.intents.code.recording import SessionRecord
        from app.workers.intents.code.session import run_session

        await context.report(0.1)
        record = SessionRecord(context.database, context.claim, context.announce)
        with context.calls.call(context.settings.anthropic_model, "code") as record_usage:
            result = await run_session(intent.description, record, context.settings)
            usage = {name: count for name, count in (result.usage or {}).items() if isinstance(count, int)}
            record_usage(usage)
        return Outcome(
            storable(result.result or ""),
            model=next(iter(result.model_usage or ()), context.settings.anthropic_model),
            usage=usage,
            details={"sessionId": str(record.session_id)},
        )


HANDLER = CodeExecutionHandler
