"""Measured figures, and the table that shows them with their goals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value; `note` names the peer or explains the value."""

    what: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None
    note: str = ""

    @property
    def goal(self) -> str:
        bounds = (("≤", self.at_most), ("≥", self.at_least))
        return " ".join(f"{sign} {bound:g}" for sign, bound in bounds if bound is not None)

    @property
    def reached(self) -> bool | None:
        """None for a figure without a goal."""
        if self.at_most is None and self.at_least is None:
            return None
        above = self.at_least is None or self.value >= self.at_least
        return above and (self.at_most is None or self.value <= self.at_most)


def p50(values: Sequence[float]) -> float:
    return median(values)


def p95(values: Sequence[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1]


def p99(values: Sequence[float]) -> float:
    return quantiles(values, n=100, method="inclusive")[-1]


def show(title: str, figures: Iterable[Figure]) -> None:
    """Print the table, with a mark at each goal that is not reached."""
    table = Table("what", "value", "goal", "", "note", title=title, title_justify="left", expand=True)
    for figure in figures:
        mark = {None: "", True: "✓", False: "✗"}[figure.reached]
        table.add_row(figure.what, f"{figure.value:,.4g} {figure.unit}", figure.goal, mark, figure.note)
    Console(width=120).print(table)
