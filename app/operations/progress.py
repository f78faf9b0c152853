"""What a long command shows while it works: bars for a person, nothing for a log."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

Advance = Callable[[int], None]


class Report(Protocol):
    """`step` gives a callable that is told how much more of `total` is done."""

    def step(self, name: str, total: int) -> AbstractContextManager[Advance]: ...


class Silent:
    """For work that nobody watches."""

    @contextmanager
    def step(self, name: str, total: int) -> Iterator[Advance]:
        yield lambda count: None


class Bars:
    """A bar for each step on standard error; without a terminal one line when a step has ended."""

    @contextmanager
    def step(self, name: str, total: int) -> Iterator[Advance]:
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
