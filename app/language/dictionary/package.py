"""The optional package with the dictionary. Nothing of it is imported: only its file is read."""

from importlib.util import find_spec
from pathlib import Path

PACKAGE = "jamdict_data"
FILE = "jamdict.db"


class DictionaryUnreadable(Exception):
    """The file is no dictionary, or cannot be read."""


def find_file(package: str = PACKAGE) -> Path | None:
    """The file of the installed package; None when it is not installed."""
    spec = find_spec(package)
    path = None if spec is None or spec.origin is None else Path(spec.origin).with_name(FILE)
    return path if path is not None and path.is_file() else None
