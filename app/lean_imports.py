"""Imports libraries without the parts that no service uses; each of them would take megabytes."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec, module_from_spec


@contextmanager
def without(*modules: str) -> Iterator[None]:
    """Inside the block, libraries that use one of these modules when it is installed are imported without it."""
    absent = [name for name in modules if name not in sys.modules]
    # None in sys.modules makes an import raise ImportError.
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


def skip_init(package: str) -> None:
    """Import modules of the package without running its `__init__`, unless that has been done. Raises ImportError."""
    if package in sys.modules:
        return
    spec = find_spec(package)
    if spec is None:
        raise ImportError(f"{package} is not installed", name=package)
    sys.modules[package] = module_from_spec(spec)
