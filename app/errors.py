"""Why the system cannot start, or a command fails, in one line for the person who gave it."""


class StartError(Exception):
    """Something outside the program must be mended first; the message says what and how."""


class OperationFailed(Exception):
    """A command of the operator was refused or failed; the message says why and what to do."""
