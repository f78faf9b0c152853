"""The Docker engine of the tests: the one that runs, or a daemon that is started for them."""

import json
import os
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

START_SECONDS = 60


class NoEngine(Exception):
    """Why no engine can be used here."""


@dataclass
class Engine:
    """Runs `docker` with an environment that names the daemon."""

    environment: dict[str, str] = field(default_factory=dict)
    daemon: subprocess.Popen[bytes] | None = None

    def run(self, *arguments: str, cwd: Path | None = None, check: bool = True, **variables: str) -> str:
        """The output of `docker ARGUMENTS`; fails with what it wrote."""
        environment = {**os.environ, **self.environment, **variables}
        done = subprocess.run(["docker", *arguments], cwd=cwd, env=environment, capture_output=True, text=True)
        assert not check or done.returncode == 0, f"docker {' '.join(arguments)}\n{done.stdout}{done.stderr}"
        return done.stdout + ("" if check else done.stderr)

    def works(self) -> bool:
        environment = {**os.environ, **self.environment}
        calls = (["docker", "info"], ["docker", "compose", "version"])
        return all(subprocess.run(call, env=environment, capture_output=True).returncode == 0 for call in calls)

    def stop(self) -> None:
        if self.daemon is not None:
            self.daemon.terminate()
            self.daemon.wait(60)


def open_engine(folder: Path) -> Engine:
    """The engine that runs, else a daemon with its data in the folder. Raises NoEngine.

    CONTAINERS_ENGINE names a folder with an unpacked engine; see unpack_engine.sh.
    """
    if shutil.which("docker") and (running := Engine()).works() and "CONTAINERS_ENGINE" not in os.environ:
        return running
    root = Path(os.environ.get("CONTAINERS_ENGINE", "/"))
    path = f"{root / 'usr/bin'}:{root / 'usr/sbin'}:{os.environ['PATH']}"
    if os.getuid() != 0:
        raise NoEngine("no Docker engine runs, and only root can start one")
    if shutil.which("dockerd", path=path) is None:
        raise NoEngine(
            "no Docker engine is installed (Debian: apt install docker.io, or tests/containers/unpack_engine.sh)"
        )
    return _started(folder, root, path)


def _started(folder: Path, root: Path, path: str) -> Engine:
    folder.mkdir(parents=True, exist_ok=True)
    plugins = folder / "config/cli-plugins"
    plugins.mkdir(parents=True, exist_ok=True)
    for plugin in (root / "usr/libexec/docker/cli-plugins").glob("*"):
        if not (plugins / plugin.name).exists():
            (plugins / plugin.name).symlink_to(plugin)
    socket = f"unix://{folder}/docker.sock"
    settings = {
        "hosts": [socket], "data-root": f"{folder}/data", "exec-root": f"{folder}/exec", "pidfile": f"{folder}/pid",
        "features": {"containerd-snapshotter": True},
    }  # fmt: skip
    (folder / "daemon.json").write_text(json.dumps(settings))
    environment = {"PATH": path, "DOCKER_HOST": socket, "DOCKER_CONFIG": str(folder / "config")}
    log = (folder / "log").open("wb")
    command = ["dockerd", "--config-file", str(folder / "daemon.json")]
    daemon = subprocess.Popen(command, env={**os.environ, **environment}, stdout=log, stderr=log)
    engine = Engine(environment, daemon)
    deadline = time.monotonic() + START_SECONDS
    while not engine.works():
        if daemon.poll() is not None or time.monotonic() > deadline:
            engine.stop()
            raise NoEngine(f"the Docker daemon does not start; see {folder}/log")
        time.sleep(0.5)
    return engine
