"""Why a backup or a restore was refused or failed."""

from app.errors import OperationFailed


class BackupFailed(OperationFailed):
    """The message says what went wrong and what to do; nothing that was there before is lost."""
