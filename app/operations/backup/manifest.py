"""The manifest, a JSON file next to each dump, and the checksums of tables. A dump without one is not a backup."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

import orjson

from app.errors import OperationFailed
from sql.statements import Connection

# Running processes, running backups and objects to delete are facts of this installation only.
TRANSIENT = ("backup_runs", "bridge_heartbeats", "object_deletions")

LIST_TABLES = """
SELECT quote_ident(relname) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> ALL ($1::text[])
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
ORDER BY relname
"""
# md5 gives the same result in every version of PostgreSQL; its other hash functions need not.
DIGEST = """
SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 16))::bit(64)::bigint::numeric), 0)::text FROM {table} AS t
"""
FORMAT = 2
SEALED_FORMAT = 2  # the first whose manifest has a seal, and whose files are bound to their names only
KINDS = {
    "schema_version": int, "size": int, "sha256": str, "created_at": str,
    "files": int, "files_missing": list, "files_size": int, "files_sha256": str, "seal": str,
}  # fmt: skip
NAME = re.compile(r"resonant-(\d{8}T\d{9}Z)\.dump(\.enc)?")


@dataclass(frozen=True, slots=True)
class TableDigest:
    """`checksum` is the sum of the first 64 bits of the md5 of each row."""

    rows: int
    checksum: str


async def list_tables(connection: Connection) -> list[str]:
    """The tables whose content is backed up, as quoted SQL identifiers."""
    records = await connection.fetch(LIST_TABLES, TRANSIENT)
    return [record[0] for record in records]


async def digest_tables(
    connection: Connection, *, done: Callable[[str], None] = lambda table: None
) -> dict[str, TableDigest]:
    """A digest of each table in the snapshot of the current transaction; `done` is called after each table."""
    # The text form of a row depends on these settings.
    await connection.execute(
        "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'iso_8601'"
    )
    digests = {}
    for table in await list_tables(connection):
        rows, checksum = await connection.fetchrow(DIGEST.format(table=table))  # type: ignore[misc]
        digests[table] = TableDigest(rows, checksum)
        done(table)
    return digests


def find_differences(expected: Mapping[str, TableDigest], found: Mapping[str, TableDigest]) -> list[str]:
    """One line for each table that differs."""
    lines = []
    for table in sorted({*expected, *found}):
        wanted, actual = expected.get(table), found.get(table)
        if wanted is None or actual is None:
            lines.append(f"{table} is {'not in the backup' if wanted is None else 'missing'}")
        elif wanted.rows != actual.rows:
            lines.append(f"{table} has {actual.rows} rows instead of {wanted.rows}")
        elif wanted != actual:
            lines.append(f"{table} has different content")
    return lines


def name_for(time: datetime, *, encrypted: bool) -> str:
    """The file name of a dump; names sort by time."""
    stamp = time.astimezone(UTC).strftime("%Y%m%dT%H%M%S") + f"{time.microsecond // 1000:03}Z"
    return f"resonant-{stamp}.dump{'.enc' if encrypted else ''}"


def time_of(name: str) -> datetime | None:
    """When the backup with this name was created; None when it is not the name of a backup."""
    match = NAME.fullmatch(name)
    return datetime.strptime(match[1], "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC) if match else None


def is_encrypted(name: str) -> bool:
    """Whether the backup with this name is encrypted."""
    return name.endswith(".enc")


def archive_name(name: str) -> str:
    """The file name of the archive of the files of the backup with this name."""
    return name.replace(".dump", ".files.tar")


def manifest_name(name: str) -> str:
    return f"{name}.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """`sha256` and `size` (bytes) describe the stored dump file, encrypted or not.

    `files` is the number of files in the archive next to it, which is there unless it is 0; `files_missing` has the ids
    of those whose bytes could not be read. The `seal` of an encrypted backup shows changes of its manifest.
    """

    name: str
    created_at: str
    schema_version: int
    postgres: str
    size: int
    sha256: str
    tables: dict[str, TableDigest]
    files: int = 0
    files_missing: list[str] = field(default_factory=list)
    files_size: int = 0
    files_sha256: str = ""
    format: int = FORMAT
    seal: str = ""

    @property
    def encrypted(self) -> bool:
        return is_encrypted(self.name)

    def bound(self) -> bytes:
        """What the encryption of the dump is bound to."""
        if self.format >= SEALED_FORMAT:
            return self.name.encode()
        of_files = ("size", "sha256", "files_size", "files_sha256", "seal")
        fields = {name: value for name, value in asdict(self).items() if name not in of_files}
        return orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)

    def bound_archive(self) -> bytes:
        """The same for the archive of the files."""
        return archive_name(self.name).encode() if self.format >= SEALED_FORMAT else b"files " + self.bound()

    def sealed_part(self) -> bytes:
        """What the seal of the manifest protects: everything else in it."""
        fields = {name: value for name, value in asdict(self).items() if name != "seal"}
        return orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)

    def encode(self) -> bytes:
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2) + b"\n"


def decode_manifest(text: bytes, name: str) -> Manifest:
    """Parse the manifest of the dump `name`. Raises OperationFailed when it is invalid or from a newer program."""
    try:
        fields = orjson.loads(text)
        if fields["format"] > FORMAT:
            raise OperationFailed("This backup was created by a newer program; restore it with that program.")
        tables = {table: TableDigest(**digest) for table, digest in fields.pop("tables").items()}
        manifest = Manifest(tables=tables, **fields)
        for name_of, kind in KINDS.items():
            if type(getattr(manifest, name_of)) is not kind:
                raise TypeError(f"{name_of} is not a {kind.__name__}")
    except (orjson.JSONDecodeError, TypeError, KeyError, AttributeError) as error:
        raise OperationFailed(
            f"The manifest of this dump is invalid ({error}); use the one that was stored with it."
        ) from None
    if manifest.name != name:
        raise OperationFailed(
            f"{manifest_name(name)} is the manifest of {manifest.name!r}, so one of the files was renamed or replaced; "
            "use the two files that were stored together, under their own names."
        )
    return manifest
