"""The ASGI application: routes, security headers, and a direct path for GraphQL over HTTP."""

from collections.abc import Callable, Sequence

from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

GRAPHQL = "/graphql"
SECURITY_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        b"font-src 'self' data:; worker-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'self'; "
        b"frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)


class SecurityHeaders:
    """ASGI middleware that adds the security headers to every HTTP response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *SECURITY_HEADERS]
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class Application(Starlette):
    """Starlette with `middleware` outside of its own, so that it also applies to Starlette's error responses."""

    def __init__(
        self, routes: Sequence[BaseRoute], graphql: ASGIApp, *, middleware: Callable[[ASGIApp], ASGIApp]
    ) -> None:
        super().__init__(routes=routes)
        self._graphql = graphql
        self._outer_middleware = middleware

    def build_middleware_stack(self) -> ASGIApp:
        routed, graphql = super().build_middleware_stack(), self._graphql

        async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
            # GraphQL over HTTP is most of the traffic and handles its own failures, so it bypasses the router.
            is_graphql = scope["type"] == "http" and scope["path"] == GRAPHQL
            await (graphql if is_graphql else routed)(scope, receive, send)

        return SecurityHeaders(self._outer_middleware(dispatch))
