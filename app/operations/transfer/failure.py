"""Why an export or an import was refused."""

from app.errors import OperationFailed


class CannotImport(OperationFailed):
    """The message says what is wrong with the file; what was imported before stays, and is not imported twice."""
