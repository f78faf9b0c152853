"""What a live connection tells the protocol that serves it. Other ASGI servers than ours ignore it."""

from collections.abc import Callable

from starlette.types import Scope

BYPASS_FLOW_CONTROL = "resonant.bypass_flow_control"
INITIALISED = "resonant.initialised"
"""Keys of the ASGI scope's `extensions`; each value is {"call": a function without arguments}."""


def offer(scope: Scope, name: str, function: Callable[[], None]) -> None:
    """Add an extension to the scope of a connection."""
    scope.setdefault("extensions", {})[name] = {"call": function}


def bypass_flow_control(scope: Scope) -> None:
    """Let writes in this scope no longer wait for the client."""
    _call(scope, BYPASS_FLOW_CONTROL)


def report_initialised(scope: Scope) -> None:
    """The client of this WebSocket is authenticated: the limits for unknown clients no longer apply."""
    _call(scope, INITIALISED)


def _call(scope: Scope, name: str) -> None:
    if extension := scope.get("extensions", {}).get(name):
        extension["call"]()
