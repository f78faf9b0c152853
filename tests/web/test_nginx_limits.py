"""nginx has the limits of the backend, so that neither forwards what the other refuses."""

import re
import subprocess
from pathlib import Path

import pytest

from app.settings import Settings
from tests.processes import ROOT

NGINX = (ROOT / "web/nginx/nginx.conf").read_text("utf-8") + (ROOT / "web/nginx/locations.conf").read_text("utf-8")
DEFAULTS = Settings()
MEGABYTE = 1024 * 1024


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
    assert set(directives("client_max_body_size")) == {f"{DEFAULTS.graphql_max_body_bytes // 1024**2}m"}


@pytest.mark.parametrize("given", [None, 50 * MEGABYTE + 7])
def test_the_size_of_an_upload_follows_the_setting(tmp_path: Path, given: int | None) -> None:
    done = start(tmp_path, {} if given is None else {"FILES_MAX_BYTES": str(given)})
    size = DEFAULTS.files_max_bytes if given is None else given
    assert done.stdout == "started -g daemon off;\n"
    # One megabyte holds the form around the file.
    assert (tmp_path / "files.conf").read_text().splitlines() == [
        f"client_max_body_size {size + MEGABYTE};",
        f"set $files_megabytes {size // MEGABYTE};",
    ]
    assert "include /tmp/files.conf;" in NGINX


def test_a_size_that_is_no_number_stops_the_start(tmp_path: Path) -> None:
    done = start(tmp_path, {"FILES_MAX_BYTES": "20m; return 200"})
    assert (done.returncode, done.stdout, "FILES_MAX_BYTES" in done.stderr) == (1, "", True)


def start(folder: Path, settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the start of the image with a program named nginx that prints its arguments."""
    script = (ROOT / "web/nginx/start.sh").read_text("utf-8").replace("/tmp/", f"{folder}/")  # noqa: S108
    (folder / "nginx").write_text('#!/bin/sh\necho started "$@"\n')
    (folder / "nginx").chmod(0o755)
    command = ["sh", "-c", script, "start.sh", "-g", "daemon off;"]
    environment = {"PATH": f"{folder}:/usr/bin:/bin", **settings}
    return subprocess.run(command, env=environment, capture_output=True, text=True)
