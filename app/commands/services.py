"""`run`, `serve`, `intent-bridge` and `message-bridge`: run the services until a signal stops them."""

from typing import TYPE_CHECKING

from app.commands.runner import run_command
from app.settings import Settings

if TYPE_CHECKING:
    from app.run import Service


def run() -> None:
    """Run everything in one process: database, backend and both bridges."""
    _run_services("backend", "intent-bridge", "message-bridge")


def serve() -> None:
    """Run only the backend."""
    _run_services("backend")


def intent_bridge() -> None:
    """Run only an intent bridge; several may run at the same time."""
    _run_services("intent-bridge")


def message_bridge() -> None:
    """Run only a message bridge; several may run at the same time."""
    _run_services("message-bridge")


def _run_services(*services: "Service") -> None:
    async def main(settings: Settings) -> None:
        from app.run import run as run_services  # imports the GraphQL schema, which is slow

        await run_services(settings, services)

    run_command(main, prefix="Cannot start:")
