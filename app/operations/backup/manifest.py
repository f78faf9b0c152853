"""What is known of a backup: the JSON file beside the dump. A dump without one is not a backup yet."""

import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import orjson

from app.operations.backup.checksums import TableDigest
from app.operations.backup.failure import BackupFailed

FORMAT = 1
NAME = re.compile(r"resonant-(\d{8}T\d{9}Z)\.dump(\.enc)?")


def name_for(moment: datetime, *, encrypted: bool) -> str:
    """The file's name; it sorts by time."""
    stamp = moment.astimezone(UTC).strftime("%Y%m%dT%H%M%S") + f"{moment.microsecond // 1000:03}Z"
    return f"resonant-{stamp}.dump{'.enc' if encrypted else ''}"


def moment_of(name: str) -> datetime | None:
    """When the backup of this name was made; None when it is no backup's name."""
    match = NAME.fullmatch(name)
    return datetime.strptime(match[1], "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC) if match else None


def manifest_name(name: str) -> str:
    return f"{name}.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """`sha256` and `size` are those of the dump file as it lies there, encrypted or not."""

    name: str
    made_at: str
    schema_version: int
    postgres: str
    size: int
    sha256: str
    tables: dict[str, TableDigest]
    format: int = FORMAT

    @property
    def encrypted(self) -> bool:
        return self.name.endswith(".enc")

    def encode(self) -> bytes:
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2) + b"\n"


def decode_manifest(text: bytes) -> Manifest:
    """Raises BackupFailed for what this program did not write, or a newer one did."""
    try:
        fields = orjson.loads(text)
        if fields["format"] > FORMAT:
            raise BackupFailed("This backup was made by a newer program; restore it with that one.")
        tables = {table: TableDigest(**digest) for table, digest in fields.pop("tables").items()}
        return Manifest(tables=tables, **fields)
    except (orjson.JSONDecodeError, TypeError, KeyError, AttributeError) as error:
        raise BackupFailed(
            f"The file beside the dump is not a backup's ({error}); take it from the same copy."
        ) from None
