"""The HTTP server and the web client that it serves."""

from app.lean_imports import without

with without("watchfiles"):  # reloads changed code, which a service never does
    import uvicorn  # noqa: F401 - imported here for its effect on the later imports
