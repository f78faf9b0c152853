"""Metrics and traces of the services."""

from app.lean_imports import skip_init

skip_init("prometheus_client")  # the package loads its own HTTP servers and clients
