"""nginx has the limits of the backend, so that neither forwards what the other refuses."""

import re

import pytest

from app.settings import Settings
from tests.processes import ROOT

NGINX = (ROOT / "web/nginx/nginx.conf").read_text("utf-8") + (ROOT / "web/nginx/locations.conf").read_text("utf-8")
DEFAULTS = Settings()


def directive(name: str) -> str:
    """The value of the directive in the configuration."""
    [value] = directives(name)
    return value


def directives(name: str) -> list[str]:
    """The values of the directive in the configuration, in order."""
    return re.findall(rf"^\s*{name}\s+([^;]+);", NGINX, re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "seconds"),
    [
        ("keepalive_timeout", DEFAULTS.server_idle_timeout),
        ("client_header_timeout", DEFAULTS.server_head_timeout),
        ("client_body_timeout", DEFAULTS.server_body_timeout),
        ("send_timeout", DEFAULTS.server_write_timeout),
    ],
)
def test_times_are_those_of_the_backend(name: str, seconds: float) -> None:
    assert directive(name) == f"{seconds:g}s"


def test_sizes_and_numbers_are_those_of_the_backend() -> None:
    count, kilobytes = directive("large_client_header_buffers").removesuffix("k").split()
    assert int(count) * int(kilobytes) * 1024 == DEFAULTS.server_max_head_bytes
    assert directive("limit_conn") == f"addresses {DEFAULTS.server_max_connections_per_address}"
    # The second is for uploads: one megabyte holds the form around the file.
    assert directives("client_max_body_size") == [
        f"{DEFAULTS.graphql_max_body_bytes // 1024**2}m",
        f"{DEFAULTS.files_max_bytes // 1024**2 + 1}m",
    ]
