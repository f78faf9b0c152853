"""Prepares the first `docker compose up`: random secrets, and database settings for the memory of this machine.

`python3 -m app.commands.first_run` needs no installed packages. It writes `.env` and `secrets/` and overwrites nothing.
"""

import os
import secrets
import sys
from dataclasses import replace
from pathlib import Path

from app.commands.output import make_output_printable
from app.database.tuning import MIB, machine_memory, tune

DATABASE_SHARE = 0.5  # of the machine's memory; the other half is for the services
# A new database fits into these, and PostgreSQL occupies memory for them from its start.
MOST_BUFFERS = 256 * MIB


def write_once(path: Path, content: str) -> str:
    """Write a file unless it exists; returns a line for the operator.

    The file is readable by the users of the containers; its folder is closed to other users.
    """
    if path.exists():
        return f"· {path} exists"
    path.write_text(content, "utf-8")
    path.chmod(0o644)
    return f"✓ {path}"


def write_secrets(folder: Path) -> list[str]:
    """Write passwords, and the DSNs of the database owner and of the logins of the services."""
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    lines = [write_once(folder / "db_password", secrets.token_urlsafe(24))]
    owner = (folder / "db_password").read_text("utf-8")
    addresses = {
        "database_url": ("resonant", owner),
        "database_api_url": ("resonant_backend", secrets.token_urlsafe(24)),
        "database_bridge_url": ("resonant_bridges", secrets.token_urlsafe(24)),
    }
    return [
        *lines,
        *(
            write_once(folder / file, f"postgresql://{name}:{password}@db:5432/resonant")
            for file, (name, password) in addresses.items()
        ),
        write_once(folder / "grafana_password", secrets.token_urlsafe(16)),
        write_once(folder / "metrics_token", secrets.token_urlsafe(24)),
        write_once(folder / "alert_webhook", "http://127.0.0.1:9/nobody-is-told\n"),
        write_once(folder / "anthropic_api_key", ""),
        write_once(folder / "backup_passphrase", secrets.token_urlsafe(24)),
    ]


def settings_for(memory: int, processors: int) -> str:
    """The `.env` for compose: settings of PostgreSQL for half of the memory of this machine."""
    tuned = tune(int(memory * DATABASE_SHARE), processors=processors)
    chosen = replace(tuned, shared_buffers=min(tuned.shared_buffers, MOST_BUFFERS)).environment()
    lines = [f"{name}={value}" for name, value in chosen.items()]
    return "\n".join(["# Generated for this machine. Secrets are in secrets/, one file each.", *lines, ""])


def main(folder: Path) -> int:
    for line in write_secrets(folder / "secrets"):
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(write_once(folder / ".env", settings_for(machine_memory(), os.cpu_count() or 1)) + "\n")
    sys.stdout.write(
        "\nTo use Claude, write your key to secrets/anthropic_api_key.\n"
        "Keep a copy of secrets/backup_passphrase on another machine.\nThen run:\n"
        "  docker compose up -d\n"
        "  docker compose run --rm migrate user setup-link   # prints the link with which you become the owner\n"
    )
    return 0


if __name__ == "__main__":
    make_output_printable()
    sys.exit(main(Path.cwd()))
