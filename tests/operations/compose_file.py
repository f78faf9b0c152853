"""Reads compose.yaml like Docker and runs its services as local processes."""

import os
import re
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.processes import CLEAN_ENVIRONMENT, ROOT

Json = Any
VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")


def interpolated(node: Json, variables: dict[str, str]) -> Json:
    """The document with its variables replaced. Raises KeyError for a variable without value and default."""
    if isinstance(node, dict):
        return {key: interpolated(value, variables) for key, value in node.items()}
    if isinstance(node, list):
        return [interpolated(value, variables) for value in node]
    if not isinstance(node, str):
        return node

    def value_of(match: re.Match[str]) -> str:
        name, default = match[1], match[2]
        return variables[name] if default is None else variables.get(name) or default

    return VARIABLE.sub(value_of, node)


def load_compose(variables: dict[str, str] | None = None) -> Json:
    return interpolated(yaml.safe_load((ROOT / "compose.yaml").read_text()), variables or {})


def without_shell(test: list[str]) -> list[str]:
    """The command of a health check. Only CMD is supported, because it needs no shell in the image."""
    assert test[0] == "CMD", test
    return test[1:]


@dataclass
class ServiceProcess:
    """A service of compose.yaml as a local process: its command and environment, with local ports."""

    name: str
    compose: Json
    overrides: dict[str, str] = field(default_factory=dict)

    @property
    def service(self) -> Json:
        return self.compose["services"][self.name]

    @property
    def command(self) -> list[str]:
        return [str(part) for part in self.service["command"]]

    @property
    def environment(self) -> dict[str, str]:
        stated = {name: str(value) for name, value in self.service.get("environment", {}).items()}
        return {**CLEAN_ENVIRONMENT, **stated, **self.overrides}

    @property
    def healthcheck(self) -> list[str]:
        program, *rest = without_shell(self.service["healthcheck"]["test"])
        return [sys.executable if program == "python" else program, *rest]


def nginx_configuration(folder: Path, *, port: int, backends: list[int], tls: int = 0) -> list[str]:
    """Copy web/nginx into the folder with local paths, ports and addresses; returns the command that runs it."""
    shutil.copytree(ROOT / "web/nginx", folder, dirs_exist_ok=True)
    # The nginx of Debian 12 cannot resolve names of an upstream while it runs; the image's can.
    pool = "".join(f"    server 127.0.0.1:{backend} max_fails=2 fail_timeout=30s;\\n" for backend in backends)
    changes = {
        "    server %s:8000 resolve max_fails=2 fail_timeout=30s;\\n": pool,
        "/etc/nginx/mime.types": "/etc/nginx/mime.types",
        "/etc/nginx/": f"{folder}/",
        "/usr/share/nginx/html": str(ROOT / "web/dist"),
        "/run/secrets/": f"{folder}/",
        "/etc/resolv.conf": "/etc/resolv.conf",
        "/tmp/": f"{folder}/tmp/",  # noqa: S108 - as in the file
        "/dev/stdout json": f"{folder}/access.log json",
        "/dev/stderr": f"{folder}/error.log",
        "exec nginx": f"exec {shutil.which('nginx') or '/usr/sbin/nginx'}",
        "listen 80;": f"listen 127.0.0.1:{port};",
        "listen 443 ssl": f"listen 127.0.0.1:{tls} ssl",
    }
    pattern = re.compile("|".join(re.escape(old) for old in sorted(changes, key=len, reverse=True)))
    for path in (*folder.glob("*.conf"), folder / "start.sh"):
        path.write_text(pattern.sub(lambda match: changes[match[0]], path.read_text()))
    (folder / "tmp").mkdir(exist_ok=True)
    folder.chmod(0o755)
    return ["sh", str(folder / "start.sh"), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]


NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
