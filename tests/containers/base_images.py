"""The pinned base images: those of the registry, or stand-ins from Debian packages when no registry answers."""

import re
import shutil
import subprocess
from pathlib import Path

from tests.containers.engine import Engine, NoEngine
from tests.processes import ROOT

STAND_IN = "resonant-stand-in"
STAGES = {
    r"^python:": "python", r"^node:": "node", r"^pgvector/": "postgres", r"^nginxinc/": "nginx", r"^redis:": "redis",
    r"^prom/prometheus:": "prometheus", r"^prom/alertmanager:": "alertmanager",
}  # fmt: skip
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def pinned() -> dict[str, str]:
    """The base images of the Dockerfiles and of compose.yaml that have a stand-in, with its stage."""
    files = [(ROOT / name).read_text("utf-8") for name in ("app/Dockerfile", "web/Dockerfile", "compose.yaml")]
    names = {name for text in files for name in re.findall(r"^(?:FROM| +image:) (\S+)", text, re.MULTILINE)}
    return {name: stage for name in sorted(names) for pattern, stage in STAGES.items() if re.match(pattern, name)}


def provide_base_images(engine: Engine, folder: Path) -> None:
    """Pull the base images, or build stand-ins under their names. Raises NoEngine when neither works."""
    missing = {name: stage for name, stage in pinned().items() if not _exists(engine, name)}
    unreachable: dict[str, str] = {}
    for name, stage in missing.items():
        if unreachable or "Error" in engine.run("pull", "--quiet", name, check=False):
            unreachable[name] = stage
    if unreachable and not _exists(engine, STAND_IN):
        _import_debian(engine, folder)
    for name, stage in unreachable.items():
        dockerfile = "tests/containers/stand_ins/Dockerfile"
        engine.run("build", "--quiet", "--file", dockerfile, "--target", stage, "--tag", name, ".", cwd=ROOT)


def _exists(engine: Engine, name: str) -> bool:
    return engine.run("image", "ls", "--quiet", name) != ""


def _import_debian(engine: Engine, folder: Path) -> None:
    """The newest suite, because only it has PostgreSQL 18. Its packages are taken from the mirror of this machine."""
    if shutil.which("debootstrap") is None:
        raise NoEngine("no registry answers, and debootstrap is not installed (Debian: apt install debootstrap)")
    root = folder / "debian"
    command = ["debootstrap", "--variant=minbase", "--include=ca-certificates", "sid", str(root)]
    subprocess.run([*command, "http://deb.debian.org/debian"], check=True, capture_output=True)
    shutil.copy(CERTIFICATES, root / CERTIFICATES.relative_to("/"))
    archive = folder / "debian.tar"
    subprocess.run(["tar", "-C", str(root), "-cf", str(archive), "."], check=True)
    engine.run("import", str(archive), STAND_IN)
    archive.unlink()
    shutil.rmtree(root)
