"""Running code."""

from app.assistant.ports import IntentKind
from app.bridges.code.recording import SessionRecord
from app.bridges.code.session import EXTRA, run_session, sdk_is_installed
from app.bridges.handlers.protocol import CannotDo, Desk, Handler, Outcome
from app.settings import Settings
from sql.rows import IntentRow


class CodeExecutionHandler(Handler):
    """Has the Claude Agent SDK do it inside CODE_WORKSPACE, after the user has confirmed it."""

    intent_type: IntentKind = "code_execution"

    def asks_first(self, settings: Settings) -> str | None:
        if settings.code_workspace is None:
            raise CannotDo(
                "Code execution is not enabled in this installation. To enable it, set CODE_WORKSPACE to the directory "
                "that it may touch; or ask for a plan as a TASK."
            )
        if not settings.claude_configured:
            raise CannotDo("Code execution needs a model; set ANTHROPIC_API_KEY.")
        if not sdk_is_installed():
            raise CannotDo(EXTRA)
        return f"It runs in {settings.code_workspace} with the tools {', '.join(settings.code_tools)}."

    async def handle(self, intent: IntentRow, desk: Desk) -> Outcome:
        await desk.report(0.1)
        record = SessionRecord(desk.database, desk.claim, desk.announce)
        result = await run_session(intent.description, record, desk.settings)
        return Outcome(
            result.result or "",
            model=next(iter(result.model_usage or ()), desk.settings.anthropic_model),
            usage={name: count for name, count in (result.usage or {}).items() if isinstance(count, int)},
            details={"sessionId": str(record.session_id)},
        )


handler = CodeExecutionHandler()
