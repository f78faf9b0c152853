"""Imports libraries without the parts that no service uses; each of them would take megabytes."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from types import ModuleType


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


def import_alone(package: str, module: str) -> ModuleType:
    """A module of a package, without running the `__init__` of the package. Raises ImportError."""
    with_init = package in sys.modules
    if not with_init:
        spec = find_spec(package)
        if spec is None:
            raise ImportError(f"{package} is not installed", name=package)
        sys.modules[package] = module_from_spec(spec)
    try:
        return import_module(f"{package}.{module}")
    finally:
        if not with_init:
            del sys.modules[package]
