"""Resonant Engine: the services, their command line and what they run."""

from app.lean_imports import without

# First of all, because every module that logs imports structlog. Our logs have plain tracebacks and no colours of rich.
with without("rich", "greenlet"):
    import structlog  # noqa: F401 - imported here for its effect on the later imports
