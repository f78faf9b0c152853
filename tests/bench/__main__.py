"""`make bench`: run every module here that has a `measure`, or those named on the command line, and print its figures.

A module's `measure()` is a coroutine function that returns the figures of one run, the peer's beside ours. The first
line of its docstring is the table's title.
"""

import asyncio
import sys
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import tests.bench
from tests.bench.figures import show


def measuring_modules(wanted: list[str]) -> Iterator[ModuleType]:
    """The modules to run. Raises SystemExit for a name that is none of them."""
    names = [module.name for module in iter_modules(tests.bench.__path__) if module.name != "__main__"]
    modules = {name: import_module(f"tests.bench.{name}") for name in names}
    known = {name: module for name, module in modules.items() if hasattr(module, "measure")}
    if unknown := set(wanted) - set(known):
        sys.exit(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    return (module for name, module in known.items() if not wanted or name in wanted)


def main() -> None:
    for module in measuring_modules(sys.argv[1:]):
        title = (module.__doc__ or module.__name__).splitlines()[0]
        show(title, asyncio.run(module.measure()))


main()
