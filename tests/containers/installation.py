"""An installation as docs/operations.md describes it: a copy of the repository, first_run, and compose."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.containers.engine import Engine
from tests.processes import ROOT, free_port

SECONDS = 180


def wait_until(reached: Callable[[], bool], seconds: float = SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline, "it was not reached in time"
        time.sleep(0.2)


@dataclass
class Installation:
    """`compose` runs `docker compose` in the folder."""

    engine: Engine
    folder: Path
    ports: dict[str, str] = field(default_factory=dict)

    def create(self) -> None:
        """Copy the files of the repository, run first_run, and choose free ports."""
        listed = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        for name in listed.splitlines():
            if (ROOT / name).is_file():
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, self.folder / name)
        subprocess.run([sys.executable, "-m", "app.commands.first_run"], cwd=self.folder, check=True)
        self.ports = {name: free_port() for name in ("FRONTEND_PORT", "BACKEND_PORT", "DB_PORT")}
        self.set(
            FRONTEND_PORT=f"127.0.0.1:{self.ports['FRONTEND_PORT']}",
            BACKEND_PORT=self.ports["BACKEND_PORT"],
            DB_PORT=self.ports["DB_PORT"],
        )

    def set(self, **settings: str) -> None:
        """Add settings to `.env`; the last one of a name counts."""
        with (self.folder / ".env").open("a", encoding="utf-8") as file:
            file.writelines(f"{name}={value}\n" for name, value in settings.items())

    def compose(self, *arguments: str, check: bool = True, **variables: str) -> str:
        return self.engine.run("compose", *arguments, cwd=self.folder, check=check, **variables)

    def inspect(self, service: str, template: str) -> str:
        container = self.compose("ps", "--all", "--quiet", service).strip()
        return self.engine.run("inspect", "--format", template, container).strip()

    def get(self, path: str, port: str = "FRONTEND_PORT") -> httpx.Response | None:
        try:
            return httpx.get(f"http://127.0.0.1:{self.ports[port]}{path}", timeout=60)
        except httpx.TransportError:
            return None

    def answers(self, path: str = "/health") -> bool:
        response = self.get(path)
        return response is not None and response.status_code == 200

    def remove(self) -> None:
        self.compose("--profile", "*", "down", "--volumes", "--remove-orphans", check=False)
