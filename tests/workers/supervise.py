"""Runs the supervisor of a code session as a test wants it: `python -m tests.workers.supervise CASE ARGUMENT ...`.

A case is a user (root or nobody) and what the system offers: "full" (all that there is), "namespace" (no control
group) or "nothing". With "nobody" this process gives up root, because nobody may not read this interpreter's files.
"""

import os
import sys
from ctypes import CDLL

from app.workers.intents.code import cgroups, namespaces
from app.workers.intents.code.supervisor import Supervisor, parse

NOBODY, SET_DUMPABLE = 65534, 4


def main(user: str, offered: str, arguments: list[str]) -> int:
    options = parse(arguments)
    if user == "nobody":
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        CDLL(None).prctl(SET_DUMPABLE, 1, 0, 0, 0)  # as a process that was started by this user
    group = None
    if offered == "full":
        group = cgroups.create_group(options.name, processes=options.processes, memory=options.memory)
    namespace = namespaces.NONE if offered == "nothing" else namespaces.find_support()
    return Supervisor(options, namespace, group).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
