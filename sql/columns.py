"""Which columns somebody reads: once that is known, they alone are fetched."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields
from functools import cache
from operator import itemgetter
from typing import Any

import asyncpg

# A time as `isoformat` writes it, but that it always has six digits of a second. What Python knows no time for
# (infinity, years before the first) looks otherwise.
TIME = (
    "CASE WHEN {0} BETWEEN '0001-01-01 00:00+00' AND '9999-12-31 23:59:59.999999+00' THEN "
    "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"+00:00\"') ELSE {0}::text END AS {0}_text"
)


@cache
def columns_of(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def record_of(kind: Any) -> type[asyncpg.Record]:
    """A class of records that read like the row that they hold: `record.content`.

    Reading a column that was not fetched raises KeyError.
    """
    readers = {name: property(itemgetter(name)) for name in columns_of(kind)}
    return type(f"{kind.__name__}Record", (asyncpg.Record,), {"__slots__": (), "kind": kind, **readers})


@cache
def narrowed_record_of(kind: Any) -> type[asyncpg.Record]:
    """As `record_of`; has a time that is only shown in `{name}_text`, and no time of that name."""
    return type(f"{kind.__name__}Narrowed", (record_of(kind),), {"__slots__": (), "narrowed": True})


class Columns:
    """The columns that one operation reads of each kind of row: learnt in its first run, in which all are fetched.

    What is read later only, because of other data, is missing then. Whoever meets that KeyError says `forget`, and the
    next run learns more.
    """

    def __init__(self) -> None:
        self._read: defaultdict[Any, set[str]] = defaultdict(set)
        self._times: defaultdict[Any, set[str]] = defaultdict(set)
        self._met = set[Any]()
        self._learnt = set[Any]()
        self._learners: dict[Any, type[asyncpg.Record]] = {}
        self._texts: dict[tuple[str, Any], str] = {}

    def note(self, kind: Any, name: str) -> None:
        self._read[kind].add(name)

    def note_time(self, kind: Any, name: str) -> None:
        """The time is read to be shown: PostgreSQL writes it faster than the driver reads it and we write it."""
        self._times[kind].add(name)

    def learnt(self) -> None:
        """A run has come to its end: what it has read of the rows that it met is what there is to read."""
        self._learnt |= self._met

    def forget(self) -> None:
        self._met.clear()
        self._learnt.clear()
        self._texts.clear()

    def of(self, text: str, kind: Any) -> tuple[str, type[asyncpg.Record]]:
        """The statement with the columns that are to be fetched, and the class of its records."""
        if kind not in self._learnt:
            return text, self._learner(kind)
        narrowed = self._texts.get((text, kind))
        if narrowed is None:
            names = columns_of(kind)
            read = [name for name in names if name in self._read[kind]]
            read += [TIME.format(name) for name in names if name in self._times[kind]]
            read = read or [names[0]]
            # PostgreSQL keeps the order of a subquery that is not joined, and computes no column that nobody reads.
            narrowed = f"SELECT {', '.join(read)} FROM (\n{text.rstrip().rstrip(';')}\n) AS s"  # noqa: S608 - names of ours
            self._texts[text, kind] = narrowed
        return narrowed, narrowed_record_of(kind)

    def meet(self, kind: Any, records: Sequence[asyncpg.Record]) -> None:
        if records:
            self._met.add(kind)

    def _learner(self, kind: Any) -> type[asyncpg.Record]:
        """Records that note what is read of them."""
        learner = self._learners.get(kind)
        if learner is None:
            readers = {name: property(self._noting(kind, name)) for name in columns_of(kind)}
            members = {"__slots__": (), "kind": kind, **readers}
            learner = self._learners[kind] = type(f"{kind.__name__}Learner", (asyncpg.Record,), members)
        return learner

    def _noting(self, kind: Any, name: str) -> Any:
        def read(record: asyncpg.Record) -> Any:
            self._read[kind].add(name)
            return record[name]

        return read


reading: ContextVar[Columns | None] = ContextVar("reading", default=None)
"""What this task reads; None for everything."""


@contextmanager
def reading_only(columns: Columns) -> Iterator[None]:
    """In the block, and in the tasks begun there, fetch what `columns` holds."""
    before = reading.set(columns)
    try:
        yield
        columns.learnt()
    except KeyError:
        columns.forget()
        raise
    finally:
        reading.reset(before)
