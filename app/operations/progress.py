"""Progress reports of long commands: bars on a terminal, one line per step in a log."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

Advance = Callable[[int], None]


class Report(Protocol):
    """Reports the progress of steps."""

    def step(self, name: str, total: int) -> AbstractContextManager[Advance]:
        """Begin a step of `total` units; the callable is called with the number of units that were completed."""


class Silent:
    """Reports nothing."""

    @contextmanager
    def step(self, name: str, total: int) -> Iterator[Advance]:
        yield lambda count: None


class Bars:
    """A progress bar per step on standard error; without a terminal, one line after each step."""

    @contextmanager
    def step(self, name: str, total: int) -> Iterator[Advance]:
        # Importing rich is slow.
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

        console = Console(stderr=True)
        columns = (TextColumn("{task.description:<12}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
            task = progress.add_task(name, total=max(total, 1))
            yield lambda count: progress.advance(task, count)
            progress.update(task, completed=max(total, 1))
        if not console.is_terminal:
            console.print(f"· {name}", highlight=False)
