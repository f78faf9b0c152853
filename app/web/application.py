"""The ASGI application around the routes: what holds for every request, and a short way for GraphQL."""

from collections.abc import Callable, Sequence

from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.pages import SecurityHeaders

GRAPHQL = "/graphql"


class Application(Starlette):
    """Routes behind the guards. They stand outside of Starlette, so that they hold for its answers to failures too."""

    def __init__(self, routes: Sequence[BaseRoute], graphql: ASGIApp, *, around: Callable[[ASGIApp], ASGIApp]) -> None:
        super().__init__(routes=routes)
        self._graphql = graphql
        self._around = around

    def build_middleware_stack(self) -> ASGIApp:
        routed, graphql = super().build_middleware_stack(), self._graphql

        async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
            # GraphQL over HTTP is most of the traffic, finds its own way and answers for its own failures.
            direct = scope["type"] == "http" and scope["path"] == GRAPHQL
            await (graphql if direct else routed)(scope, receive, send)

        return SecurityHeaders(self._around(dispatch))
