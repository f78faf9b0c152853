"""Limits what a code session can access: the workspace, its own home, and read access to system files.

`check_call` checks tool calls that name their files. A shell command does not name them reliably, so the kernel
restricts it where it can (Linux 6.2 and later). A command cannot open sockets either, so that it reaches no network
and no database of this machine, and it does not see the model's key, which the program that starts it holds.
"""

import shlex
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import structlog

from app.language.catalogue import render
from app.settings.assistant import CodeSettings
from app.workers.intents.code import landlock, no_network, supervisor

log = structlog.get_logger()

ROOT = str(Path(__file__).parents[4])
# Bash reads start files for a command too when its input is a socket, as that of the program is.
SHELL = ("/bin/bash", "--norc", "-c")
KEY = "ANTHROPIC_API_KEY"
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty")
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/proc", "/sys/devices/system/cpu", "/sys/fs/cgroup")
# The files of /etc that programs need to find libraries, names and certificates, and that shells read at their start.
ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "passwd", "group", "hosts", "host.conf",
       "resolv.conf", "nsswitch.conf", "localtime", "ssl", "ca-certificates", "pki", "gitconfig",
       "profile", "profile.d", "bash.bashrc")  # fmt: skip

# The inputs of the offered tools that name files, and those that are patterns over file names.
PATHS = ("file_path", "notebook_path", "path")
PATTERNS = ("pattern", "glob")
TOOLS_WITH_PATTERNS = ("Glob",)


def confines() -> bool:
    """Whether the kernel can confine a program to directories and block the network for its commands."""
    return landlock.version() >= landlock.OLDEST and no_network.can_block_network()


def session_program(workspace: Path, folder: Path, home: Path, name: str, settings: CodeSettings) -> Path:
    """A script that starts the SDK's program under a supervisor, confined where the kernel can do it.

    The scripts are written to `folder`, where the confined program cannot write.
    """
    program = _bundled()
    command = [str(program)]
    if confines():
        confined = _confined([str(folder), str(program)], [str(workspace), str(home)])
        limit = f"ulimit -d {settings.code_max_memory_bytes // 1024}\n"  # of one process; the program needs more
        shell = _script(folder / "command", ["env", "-u", KEY, *confined, *_python(no_network), *SHELL], before=limit)
        command = ["env", f"CLAUDE_CODE_SHELL_PREFIX={shell}", *confined, *command]
    else:
        log.warning("code sessions are confined by tool checks only", reason=render("code.sandbox_missing", {}))
    return _script(folder / "claude", [*_supervisor(folder, name, settings), "--", *command])


def _supervisor(folder: Path, name: str, settings: CodeSettings) -> list[str]:
    run = f"import sys; sys.path.insert(0, {ROOT!r}); from {supervisor.__name__} import main; main()"
    options = {
        "folder": folder,
        "name": name,
        "processes": settings.code_max_processes,
        "memory": settings.code_max_memory_bytes,
        "open-files": settings.code_max_open_files,
        "file-bytes": settings.code_max_file_bytes,
    }
    given = [part for option, value in options.items() for part in (f"--{option}", str(value))]
    return [sys.executable, "-I", "-S", "-c", run, *given]


def _confined(reading: list[str], writing: list[str]) -> list[str]:
    """The prefix that confines the command which follows it."""
    etc = (f"/etc/{name}" for name in ETC)
    reading = [*SYSTEM, *etc, sys.base_prefix, sys.prefix, landlock.__file__, no_network.__file__, *reading]
    options = [part for path in reading for part in ("--read", path)]
    options += [part for path in (*DEVICES, *writing) for part in ("--write", path)]
    return [*_python(landlock), *options, "--"]


def _python(module: ModuleType) -> list[str]:
    return [sys.executable, "-I", str(module.__file__)]


def _script(path: Path, command: list[str], *, before: str = "") -> Path:
    """A script that runs the lines `before` and then the command, followed by the script's arguments."""
    path.write_text(f'#!/bin/sh\n{before}exec {shlex.join(command)} "$@"\n', "utf-8")
    path.chmod(0o700)
    return path


def _bundled() -> Path:
    """The program bundled with the SDK, else the installed one."""
    import claude_agent_sdk  # delayed: an optional, slow import

    bundled = Path(claude_agent_sdk.__file__).parent / "_bundled" / "claude"
    installed = None if bundled.exists() else shutil.which("claude")
    return Path(installed).resolve() if installed else bundled


class OutsideWorkspace(Exception):
    """A tool call names a path outside the workspace; the message is sent to the model."""


def check_call(workspace: Path, tools: frozenset[str], tool: str, given: Mapping[str, Any]) -> None:
    """Raise OutsideWorkspace unless the tool is offered and every path in its input is inside the workspace."""
    if tool not in tools:
        raise OutsideWorkspace(f"The tool {tool} is not offered here; use one of {', '.join(sorted(tools))}.")
    named = [given[name] for name in PATHS if name in given]
    if tool in TOOLS_WITH_PATTERNS:
        named += [given[name] for name in PATTERNS if name in given]
    for value in named:
        if not isinstance(value, str) or not is_inside(workspace, value):
            raise OutsideWorkspace(f"{value!r} is outside the workspace {workspace}; use paths inside it.")


def is_inside(workspace: Path, named: str) -> bool:
    """Whether the path is inside the workspace after all links are resolved; relative paths start at the workspace."""
    if "\x00" in named or named.startswith("~"):
        return False
    root = workspace.resolve()
    # A pattern is checked up to its first wildcard and must not contain ".." at all.
    fixed = named
    for place, character in enumerate(named):
        if character in "*?[{":
            fixed = named[:place]
            break
    if ".." in Path(named).parts and fixed != named:
        return False
    return (root / fixed).resolve().is_relative_to(root)
