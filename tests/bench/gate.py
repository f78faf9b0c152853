"""New intents and decisions against accepted decisions, without a model

A statement is compared with the decision that it was written for, and with the decisions of all other subjects.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import cycle
from time import perf_counter, process_time
from uuid import uuid4

from app.gate.compare import compare
from app.gate.statements import Statement
from tests.bench.figures import Figure, p95
from tests.gate.pairs import Pair, held_by_others, load_pairs, measure_pairs

DECISIONS = 2000
FILES = ("test", "methods", "unseen", "ordinary")


async def measure() -> list[Figure]:
    written = load_pairs("test")
    measured = measure_pairs(written)
    pairs = [pair for name in FILES for pair in load_pairs(name)]
    others = len({pair.decision.title for pair in pairs}) - 1
    held = {statement for _, statement in held_by_others(pairs)}
    return [
        Figure(f"precision of the gate, {len(written)} pairs", measured.precision, "", at_least=0.95),
        Figure("recall of the gate", measured.recall, "", at_least=0.85),
        Figure(f"statements of {len(pairs)} held by one of {others} unrelated decisions", len(held), "", at_most=55),
        _milliseconds(written, perf_counter, "", at_most=100),
        _milliseconds(written, process_time, ", CPU time"),
    ]


def _milliseconds(
    pairs: list[Pair], clock: Callable[[], float], measured: str, *, at_most: float | None = None
) -> Figure:
    """The time to compare a statement with many decisions."""
    rows = [replace(pair.decision, id=uuid4(), number=number) for number, pair in zip(range(DECISIONS), cycle(pairs))]
    compare(Statement("first"), rows)  # a server reads each decision once
    times = []
    for pair in pairs:
        began = clock()
        compare(pair.statement, rows)
        times.append(clock() - began)
    return Figure(f"gate with {DECISIONS:,} decisions, p95{measured}", p95(times) * 1000, "ms", at_most=at_most)
