"""What the program and its commands can reach: the workspace, a home of their own, and to read what any program needs.

The hook in session.py judges the calls of tools that name their files. A command names none that could be trusted, so
the kernel judges it, where it can (Linux 6.2 and later). A command opens no socket either, so that it reaches no
address and no database of this machine, and sees nothing of the program that starts it, which holds the model's key.
"""

import shlex
import shutil
import sys
from pathlib import Path
from types import ModuleType

import structlog

from app.workers.intents.code import landlock as landlocked
from app.workers.intents.code import no_network as offline

log = structlog.get_logger()

UNCONFINED = (
    "Commands can only be confined to CODE_WORKSPACE by Landlock and seccomp (Linux 6.2 or later on x86-64 or ARM64), "
    "which this system does not have; take Bash out of CODE_TOOLS."
)
SHELL, KEY = "/bin/bash", "ANTHROPIC_API_KEY"
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty")
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/proc", "/sys/devices/system/cpu", "/sys/fs/cgroup")
# Of /etc only what is needed to find libraries, names and certificates.
ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "passwd", "group", "hosts", "host.conf",
       "resolv.conf", "nsswitch.conf", "localtime", "ssl", "ca-certificates", "pki", "gitconfig")  # fmt: skip


def confines() -> bool:
    """Whether the kernel can keep a program inside of a directory and its commands off the network."""
    return landlocked.version() >= landlocked.OLDEST and offline.can_go_offline()


def confined_program(workspace: Path, room: Path, home: Path) -> Path | None:
    """A program to start in place of the SDK's own, which it confines; None where the kernel cannot.

    The scripts that confine lie in `room`, where nothing that is confined can write.
    """
    if not confines():
        log.warning("code sessions are confined by the checks of their tools alone", reason=UNCONFINED)
        return None
    program = _bundled()
    confined = _confined([str(room), str(program)], [str(workspace), str(home)])
    command = _script(room / "command", ["env", "-u", KEY, *confined, *_python(offline), SHELL, "-c"])
    return _script(room / "claude", ["env", f"CLAUDE_CODE_SHELL_PREFIX={command}", *confined, str(program)])


def _confined(reading: list[str], writing: list[str]) -> list[str]:
    """What confines the command that is put behind it."""
    etc = (f"/etc/{name}" for name in ETC)
    reading = [*SYSTEM, *etc, sys.base_prefix, sys.prefix, landlocked.__file__, offline.__file__, *reading]
    options = [part for path in reading for part in ("--read", path)]
    options += [part for path in (*DEVICES, *writing) for part in ("--write", path)]
    return [*_python(landlocked), *options, "--"]


def _python(module: ModuleType) -> list[str]:
    return [sys.executable, "-I", str(module.__file__)]


def _script(path: Path, command: list[str]) -> Path:
    """A script that runs the command with its own arguments behind it."""
    path.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
    path.chmod(0o700)
    return path


def _bundled() -> Path:
    """The program that the SDK carries, else the one that is installed."""
    import claude_agent_sdk

    bundled = Path(claude_agent_sdk.__file__).parent / "_bundled" / "claude"
    installed = None if bundled.exists() else shutil.which("claude")
    return Path(installed).resolve() if installed else bundled
