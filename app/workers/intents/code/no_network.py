"""Runs a program that cannot open sockets, to other machines or to this one: `python no_network.py PROGRAM ...`

The seccomp filter applies to the program and its child processes and cannot be removed. This file is run by its path,
so it imports only the standard library.
"""

import ctypes
import os
import platform
import sys

NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER = 38, 22, 2
LOAD, IF_EQUAL, IF_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06  # instructions of the BPF program
NUMBER_AT, ARCHITECTURE_AT = 0, 4  # offsets in struct seccomp_data
ALLOWED, REFUSED = 0x7FFF0000, 0x00050000 | 13  # EACCES
IO_URING_SETUP = 425  # io_uring can open sockets too
FOREIGN = 0x40000000  # first number of the x32 system calls of x86-64
# For each machine its AUDIT_ARCH constant and the number of its `socket` system call.
ARCHITECTURES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}


class Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("then", ctypes.c_uint8), ("otherwise", ctypes.c_uint8),
                ("value", ctypes.c_uint32))  # fmt: skip


class Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(Instruction)))


def can_block_network() -> bool:
    return sys.platform == "linux" and platform.machine() in ARCHITECTURES


def block_network() -> None:
    """Forbid this process to open sockets. Raises KeyError on an unknown architecture, OSError."""
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
    block_network()
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 - no shell is wanted
