"""Checks of `doctor` on the files of messages: where they are, whether the object store works, what is not deleted."""

import hashlib
from uuid import uuid4

from app.files.store import Damaged, FileStore, StoreUnavailable, location_of_new_files
from app.operations.doctor_checks import Finding
from app.settings import Settings
from sql.repositories.attachments import Piece
from sql.repositories.objects import count_files_by_store, find_any_object, get_failed_deletions
from sql.statements import Connection

PROBE = b"resonant"


async def check_files(connection: Connection, settings: Settings) -> list[Finding]:
    """Where files are, and whether the object store can be used, if it is configured or has files."""
    counts = await count_files_by_store(connection)
    in_objects, in_database = counts.get(True, (0, 0))[0], counts.get(False, (0, 0))[0]
    location = location_of_new_files(settings)
    detail = f"{in_objects} in the object store, {in_database} in the database; new ones go to "
    others = in_objects if location is None else in_database
    advice = f"; `python -m app files move --to {settings.files_store}` moves the others" if others else ""
    findings = [Finding("files", True, f"{detail}{location or 'the database'}{advice}")]
    if location is not None or in_objects:
        findings.append(await _object_store(location, await find_any_object(connection)))
    failed = await get_failed_deletions(connection)
    if failed.count:
        since = f"{failed.seconds / 3600:.0f} hours"
        reason = f"{failed.count} could not be deleted for {since}: {failed.error}; a running backend tries again"
        findings.append(Finding("deleted files", False, reason))
    return findings


async def _object_store(location: str | None, stored: str | None) -> Finding:
    """Write, read and delete an object; without a location, only look for one that a file has."""
    store = FileStore(location)
    folder = f"{location}/doctor-{uuid4()}"
    try:
        if location is not None:
            await store.put(f"{folder}/0", PROBE)
            await store.get(Piece(0, None, len(PROBE), hashlib.sha256(PROBE).hexdigest(), folder))
            await store.remove(folder)
        elif stored is not None and not await store.sizes(stored):
            return Finding("object store", False, f"{stored} is missing; restore it, or the backup that has it")
    except (StoreUnavailable, Damaged) as failure:
        reason = failure.__cause__ or "an object was not read as it was written"
        advice = "check BACKUP_DESTINATION, AWS_ENDPOINT_URL_S3, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        return Finding("object store", False, f"{reason}; {advice}")
    finally:
        await store.close()
    return Finding("object store", True, f"{location or stored} can be used")
