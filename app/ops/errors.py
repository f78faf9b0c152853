"""Why the system cannot start, in one line for the person who started it."""


class StartError(Exception):
    """Something outside the program must be mended first; the message says what and how."""
