"""Running code."""

from collections.abc import Callable

from app.assistant.ports import IntentKind
from app.bridges.code.confinement import UNCONFINED, confines
from app.bridges.code.recording import SessionRecord
from app.bridges.code.session import EXTRA, run_session, sdk_is_installed
from app.bridges.handlers.protocol import CannotDo, Desk, Handler, Outcome
from app.settings import Settings
from sql.rows import IntentRow


class CodeExecutionHandler(Handler):
    """Has the Claude Agent SDK do it inside CODE_WORKSPACE, after the user has confirmed it."""

    intent_type: IntentKind = "code_execution"

    def __init__(self, installed: Callable[[], bool] = sdk_is_installed, confines: Callable[[], bool] = confines):
        self._installed = installed
        self._confines = confines

    def asks_first(self, settings: Settings, *, again: bool) -> str | None:
        if settings.code_workspace is None:
            raise CannotDo(
                "Code execution is not enabled in this installation. To enable it, set CODE_WORKSPACE to the directory "
                "that it may touch; or ask for a plan as a TASK."
            )
        if not settings.claude_configured:
            raise CannotDo("Code execution needs a model; set ANTHROPIC_API_KEY.")
        if not self._installed():
            raise CannotDo(EXTRA)
        if "Bash" in settings.code_tools and not self._confines():
            raise CannotDo(UNCONFINED)
        before = "It was taken up before and broke off; what was done by then stays done. " if again else ""
        return f"{before}It runs in {settings.code_workspace} with the tools {', '.join(settings.code_tools)}."

    async def handle(self, intent: IntentRow, desk: Desk) -> Outcome:
        await desk.report(0.1)
        record = SessionRecord(desk.database, desk.claim, desk.announce)
        with desk.calls.call(desk.settings.anthropic_model, "code") as used:
            result = await run_session(intent.description, record, desk.settings)
            usage = {name: count for name, count in (result.usage or {}).items() if isinstance(count, int)}
            used(usage)
        return Outcome(
            result.result or "",
            model=next(iter(result.model_usage or ()), desk.settings.anthropic_model),
            usage=usage,
            details={"sessionId": str(record.session_id)},
        )


handler = CodeExecutionHandler()
