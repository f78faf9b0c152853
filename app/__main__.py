"""The command line: `python -m app COMMAND`."""

import sys

from app.lean_imports import without

# First of all, because every module that logs imports structlog. Our logs have plain tracebacks and no colours of rich.
with without("rich", "greenlet"):
    import structlog  # noqa: F401 - imported here for its effect on the later imports

from app.commands import services
from app.commands.output import make_output_printable

SERVICES = {
    "run": services.run,
    "serve": services.serve,
    "intent-bridge": services.intent_bridge,
    "message-bridge": services.message_bridge,
}


def main() -> None:
    """Run a service, which needs neither the other commands nor the parser of arguments: 3 MB; else any command."""
    make_output_printable()
    if len(sys.argv) == 2 and sys.argv[1] in SERVICES:
        SERVICES[sys.argv[1]]()
        return
    from app.commands.command_line import command_line

    command_line()(prog_name="python -m app")


if __name__ == "__main__":
    main()
