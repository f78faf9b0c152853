"""Run a program that can open no socket, to another machine or to this one: `python offline.py PROGRAM ...`

The kernel's seccomp holds for the program and for whatever it starts, and cannot be taken off again. This file is run
by its path, so it needs nothing but the standard library.
"""

import ctypes
import os
import platform
import sys

NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER = 38, 22, 2
LOAD, IF_EQUAL, IF_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06  # instructions of the kernel's packet filter
NUMBER_AT, ARCHITECTURE_AT = 0, 4  # where the call's number and its architecture stand
ALLOWED, REFUSED = 0x7FFF0000, 0x00050000 | 13  # EACCES
IO_URING_SETUP = 425  # through which sockets can be opened too
FOREIGN = 0x40000000  # the first number of the x32 calls, which x86-64 has beside its own
# Architecture as the kernel names it, and its number of `socket`.
ARCHITECTURES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}


class Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("then", ctypes.c_uint8), ("otherwise", ctypes.c_uint8),
                ("value", ctypes.c_uint32))  # fmt: skip


class Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(Instruction)))


def can_go_offline() -> bool:
    return sys.platform == "linux" and platform.machine() in ARCHITECTURES


def go_offline() -> None:
    """Take the opening of sockets away from this process. Raises KeyError on another architecture, OSError."""
    architecture, socket = ARCHITECTURES[platform.machine()]
    instructions = [
        (LOAD, 0, 0, ARCHITECTURE_AT),
        (IF_EQUAL, 0, 4, architecture),
        (LOAD, 0, 0, NUMBER_AT),
        (IF_AT_LEAST, 2, 0, FOREIGN),
        (IF_EQUAL, 1, 0, socket),
        (IF_EQUAL, 0, 1, IO_URING_SETUP),
        (RETURN, 0, 0, REFUSED),
        (RETURN, 0, 0, ALLOWED),
    ]
    program = Program(
        len(instructions), (Instruction * len(instructions))(*(Instruction(*each) for each in instructions))
    )
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    for arguments in ((NO_NEW_PRIVILEGES, 1, 0, 0, 0), (SET_SECCOMP, FILTER, ctypes.byref(program), 0, 0)):
        if prctl(*arguments) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


if __name__ == "__main__":
    go_offline()
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 - no shell is wanted
