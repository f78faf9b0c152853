"""`make bench`: run every benchmark here, or those named on the command line, and print the figures.

A benchmark is a module with a coroutine function `measure()`, which returns the figures of one run, including those of
the peers. The first line of its docstring is the title of the table.
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
    """The benchmarks to run. Raises SystemExit for an unknown name."""
    names = [module.name for module in iter_modules(tests.bench.__path__) if module.name != "__main__"]
    modules = {name: import_module(f"tests.bench.{name}") for name in names}
    known = {name: module for name, module in modules.items() if hasattr(module, "measure")}
    if unknown := set(wanted) - set(known):
        sys.exit(f"unknown benchmark: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    return (module for name, module in known.items() if not wanted or name in wanted)


def main() -> None:
    for module in measuring_modules(sys.argv[1:]):
        title = (module.__doc__ or module.__name__).splitlines()[0]
        show(title, asyncio.run(module.measure()))


main()
