"""The commands of `python -m app`."""

from app.lean_imports import without

# First of all, because every module that logs imports structlog. Our logs have plain tracebacks and no colours of rich.
# Not in the package `app`: the supervisor of code sessions imports that without any library.
with without("rich", "greenlet"):
    import structlog  # noqa: F401 - imported here for its effect on the later imports
