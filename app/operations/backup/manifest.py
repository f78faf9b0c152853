"""The manifest: a JSON file next to each dump. A dump without a manifest is incomplete and not a backup."""

import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import orjson

from app.errors import OperationFailed
from app.operations.backup.checksums import TableDigest

FORMAT = 1
NAME = re.compile(r"resonant-(\d{8}T\d{9}Z)\.dump(\.enc)?")


def name_for(time: datetime, *, encrypted: bool) -> str:
    """The file name of a dump; names sort by time."""
    stamp = time.astimezone(UTC).strftime("%Y%m%dT%H%M%S") + f"{time.microsecond // 1000:03}Z"
    return f"resonant-{stamp}.dump{'.enc' if encrypted else ''}"


def time_of(name: str) -> datetime | None:
    """When the backup with this name was created; None when it is not the name of a backup."""
    match = NAME.fullmatch(name)
    return datetime.strptime(match[1], "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC) if match else None


def manifest_name(name: str) -> str:
    return f"{name}.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """`sha256` and `size` (bytes) describe the stored dump file, encrypted or not."""

    name: str
    created_at: str
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
    """Parse a manifest. Raises OperationFailed when it is invalid or from a newer program."""
    try:
        fields = orjson.loads(text)
        if fields["format"] > FORMAT:
            raise OperationFailed("This backup was created by a newer program; restore it with that program.")
        tables = {table: TableDigest(**digest) for table, digest in fields.pop("tables").items()}
        return Manifest(tables=tables, **fields)
    except (orjson.JSONDecodeError, TypeError, KeyError, AttributeError) as error:
        raise OperationFailed(
            f"The manifest of this dump is invalid ({error}); use the one that was stored with it."
        ) from None
