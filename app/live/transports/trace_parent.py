"""Whose trace an operation belongs to: a socket carries many operations, and each may come from another."""

from contextvars import ContextVar

traceparent: ContextVar[str | None] = ContextVar("traceparent", default=None)
"""As the client gave it (W3C Trace Context), unchecked; None where the connection tells, as over HTTP."""
