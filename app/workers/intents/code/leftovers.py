"""Ends what a code session left: processes, control groups and folders of a supervisor or a server that was killed."""

import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import gettempdir
from time import time

import structlog

from app.workers.intents.code import cgroups, processes

FOLDER = "resonant-code-"
log = structlog.get_logger()


def session_name(session_id: str) -> str:
    """The name of a session in process environments, control groups and folders; it begins with this server."""
    return f"{processes.identity_of_this_process()}-{session_id}"


def _server_runs(name: str) -> bool:
    return processes.is_running("-".join(name.split("-")[:2]))


def end_session(name: str) -> None:
    """End every process of this session; there are none unless its supervisor was killed."""
    _end({pid for pid, mark in processes.marked().items() if mark == name})
    if group := cgroups.find_groups().get(name):
        group.end()


def end_sessions_of_killed_servers(older_than: float) -> None:
    """End sessions whose server no longer runs, and delete their folders that are `older_than` seconds."""
    _end({pid for pid, mark in processes.marked().items() if not _server_runs(mark)})
    for name, group in cgroups.find_groups().items():
        if not _server_runs(name):
            group.end()
    for folder in Path(gettempdir()).glob(f"{FOLDER}*-*-*"):
        with suppress(OSError):
            if not _server_runs(folder.name.removeprefix(FOLDER)) and time() - folder.stat().st_mtime > older_than:
                shutil.rmtree(folder, ignore_errors=True)


def _end(pids: set[int]) -> None:
    if pids:
        log.warning("processes of a code session whose supervisor was killed are ended", processes=sorted(pids))
        processes.kill_all(sorted(pids))
