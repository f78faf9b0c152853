"""The HTTP server and the web client that it serves."""

from app.lean_imports import skip_init

# The package imports its command line, and what restarts a server whose code has changed.
skip_init("uvicorn")

import uvicorn  # noqa: E402
from uvicorn.config import Config  # noqa: E402
from uvicorn.server import Server  # noqa: E402

# Modules of uvicorn import them from the package.
vars(uvicorn).update(Config=Config, Server=Server)
