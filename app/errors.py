"""Failures of a start or of a command; the message is one line for the operator."""


class StartError(Exception):
    """The program cannot start; the message says what is wrong and how to fix it."""


class OperationFailed(Exception):
    """A command was refused or failed; the message says why and what to do. Existing data is unchanged."""
