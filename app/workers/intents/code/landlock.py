"""Runs a program that can access only the given paths: `python landlock.py --write P --read P ... -- PROGRAM ...`

Landlock applies to the program and its child processes and cannot be removed. This file is run by its path, so it
imports only the standard library.
"""

import ctypes
import os
import sys
from collections.abc import Iterable

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION = 1  # flag: return the version instead
PATH_BENEATH = 1  # type of rule
NO_NEW_PRIVILEGES, DROP_CAPABILITY = 38, 24
OLDEST = 3  # earlier versions do not restrict truncation

EXECUTE, WRITE_FILE, READ_FILE, READ_DIRECTORY = 1 << 0, 1 << 1, 1 << 2, 1 << 3
TRUNCATE, IOCTL = 1 << 14, 1 << 15
READING = EXECUTE | READ_FILE | READ_DIRECTORY
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL
SIGNALS_AND_ABSTRACT_SOCKETS = 3
LAST_CAPABILITY = 63
# Capabilities of root that are kept, because files may belong to other users: CHOWN, DAC_OVERRIDE, FOWNER, FSETID.
# Reading the memory of other processes (SYS_PTRACE) is not among them.
KEPT_CAPABILITIES = (0, 1, 3, 4)


class Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def _call(number: int, *arguments: object) -> int:
    result: int = ctypes.CDLL(None, use_errno=True).syscall(number, *arguments)
    return result


def version() -> int:
    """The version of Landlock; below 1 when the system has none."""
    return _call(CREATE_RULESET, None, ctypes.c_size_t(0), VERSION) if sys.platform == "linux" else 0


def confine(reading: Iterable[str], writing: Iterable[str]) -> None:
    """Restrict this process to the given paths; a path that does not exist is skipped. Raises OSError."""
    known = version()
    if known < OLDEST:
        raise OSError(f"Landlock {OLDEST} is needed, and this system has {max(known, 0)}")
    everything = (1 << 16) - 1 if known >= 5 else (1 << 15) - 1
    wanted = Ruleset(everything, 0, SIGNALS_AND_ABSTRACT_SOCKETS if known >= 6 else 0)
    size = 24 if known >= 6 else 16 if known >= 4 else 8
    ruleset = _checked(_call(CREATE_RULESET, ctypes.byref(wanted), ctypes.c_size_t(size), 0))
    for paths, access in ((reading, READING), (writing, everything)):
        for path in paths:
            _allow(ruleset, path, access & everything)
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    for capability in set(range(LAST_CAPABILITY + 1)) - set(KEPT_CAPABILITIES):
        prctl(DROP_CAPABILITY, capability, 0, 0, 0)  # fails for a user without this capability, which is fine
    _checked(prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    _checked(_call(RESTRICT_SELF, ruleset, 0))
    os.close(ruleset)


def _allow(ruleset: int, path: str, access: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    rule = Beneath(access if os.path.isdir(path) else access & OF_FILES, opened)
    _checked(_call(ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(rule), 0))
    os.close(opened)


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def main() -> None:
    options, program = sys.argv[1 : sys.argv.index("--")], sys.argv[sys.argv.index("--") + 1 :]
    named = list(zip(options[::2], options[1::2], strict=True))
    confine([path for kind, path in named if kind == "--read"], [path for kind, path in named if kind == "--write"])
    os.execv(program[0], program)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main()
