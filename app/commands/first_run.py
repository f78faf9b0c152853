"""Before the first `docker compose up`: secrets nobody knows, and settings for this machine's memory.

`python3 -m app.commands.first_run` needs nothing installed. It writes `.env` and `secrets/`, never over what is there.
"""

import os
import secrets
import sys
from pathlib import Path

from app.database.tuning import machine_memory, tune

DATABASE_SHARE = 0.5  # of the machine's memory; the other half is for the services


def write_once(path: Path, content: str) -> str:
    """Readable by the containers' users; the folder around it keeps everybody else out."""
    if path.exists():
        return f"· {path} is there already"
    path.write_text(content)
    path.chmod(0o644)
    return f"✓ {path}"


def write_secrets(folder: Path) -> list[str]:
    """Passwords and the addresses that carry them: of the database's owner, and of a login for each service."""
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    said = [write_once(folder / "db_password", secrets.token_urlsafe(24))]
    owner = (folder / "db_password").read_text()
    addresses = {
        "database_url": ("resonant", owner),
        "database_api_url": ("resonant_backend", secrets.token_urlsafe(24)),
        "database_bridge_url": ("resonant_bridges", secrets.token_urlsafe(24)),
    }
    return [
        *said,
        *(
            write_once(folder / file, f"postgresql://{name}:{password}@db:5432/resonant")
            for file, (name, password) in addresses.items()
        ),
        write_once(folder / "grafana_password", secrets.token_urlsafe(16)),
        write_once(folder / "metrics_token", secrets.token_urlsafe(24)),
        write_once(folder / "anthropic_api_key", ""),
        write_once(folder / "backup_passphrase", secrets.token_urlsafe(24)),
    ]


def settings_for(memory: int, processors: int) -> str:
    """`.env` for compose: PostgreSQL's settings for half of this machine's memory."""
    tuned = tune(int(memory * DATABASE_SHARE), processors=processors).environment()
    lines = [f"{name}={value}" for name, value in tuned.items()]
    return "\n".join(
        ["# Made for this machine; change what you like. Secrets are in secrets/, one file each.", *lines, ""]
    )


def main(folder: Path) -> int:
    for line in write_secrets(folder / "secrets"):
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(write_once(folder / ".env", settings_for(machine_memory(), os.cpu_count() or 1)) + "\n")
    sys.stdout.write(
        "\nPut your key into secrets/anthropic_api_key to have Claude answer, keep a copy of "
        "secrets/backup_passphrase\nelsewhere, then: docker compose up -d\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(Path.cwd()))
