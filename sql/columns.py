"""Column narrowing: after the first run of an operation, its statements fetch only the columns that it reads."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields
from functools import cache
from operator import itemgetter
from typing import Any

import asyncpg

# A time in the format of `isoformat`, always with six digits of a second. Values that Python's datetime cannot hold
# (infinity, years before 1) are written as PostgreSQL writes them.
TIME = (
    "CASE WHEN {0} BETWEEN '0001-01-01 00:00+00' AND '9999-12-31 23:59:59.999999+00' THEN "
    "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"+00:00\"') ELSE {0}::text END AS {0}_text"
)


@cache
def columns_of(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def record_of(kind: Any) -> type[asyncpg.Record]:
    """A class of records with the attributes of the row type: `record.content`.

    Reading a column that was not fetched raises KeyError.
    """
    readers = {name: property(itemgetter(name)) for name in columns_of(kind)}
    return type(f"{kind.__name__}Record", (asyncpg.Record,), {"__slots__": (), "kind": kind, **readers})


@cache
def narrowed_record_of(kind: Any) -> type[asyncpg.Record]:
    """As `record_of`, but a time that is only displayed is in the column `{name}_text`, already formatted."""
    return type(f"{kind.__name__}Narrowed", (record_of(kind),), {"__slots__": (), "narrowed": True})


class Columns:
    """The columns that one operation reads of each row type.

    The first run fetches all columns and records which are read. A later run that reads another column, because the
    data is different, raises KeyError; the caller then calls `reset`, and the next run records again.
    """

    def __init__(self) -> None:
        self._read: defaultdict[Any, set[str]] = defaultdict(set)
        self._times: defaultdict[Any, set[str]] = defaultdict(set)
        self._seen = set[Any]()
        self._known = set[Any]()
        self._recorders: dict[Any, type[asyncpg.Record]] = {}
        self._texts: dict[tuple[str, Any], str] = {}

    def add(self, kind: Any, name: str) -> None:
        """The operation reads this column."""
        self._read[kind].add(name)

    def add_time(self, kind: Any, name: str) -> None:
        """The operation only displays this time, so PostgreSQL formats it: faster than parsing and formatting here."""
        self._times[kind].add(name)

    def finish_run(self) -> None:
        """A run has ended: the columns of the row types that it has seen are known."""
        self._known |= self._seen

    def reset(self) -> None:
        self._seen.clear()
        self._known.clear()
        self._texts.clear()

    def narrow(self, text: str, kind: Any) -> tuple[str, type[asyncpg.Record]]:
        """The statement with the needed columns only, and the class of its records."""
        if kind not in self._known:
            return text, self._recorder(kind)
        narrowed = self._texts.get((text, kind))
        if narrowed is None:
            names = columns_of(kind)
            read = [name for name in names if name in self._read[kind]]
            read += [TIME.format(name) for name in names if name in self._times[kind]]
            read = read or [names[0]]
            # PostgreSQL keeps the order of a subquery that is not joined, and computes only the columns that are used.
            narrowed = f"SELECT {', '.join(read)} FROM (\n{text.rstrip().rstrip(';')}\n) AS s"  # noqa: S608 - our names
            self._texts[text, kind] = narrowed
        return narrowed, narrowed_record_of(kind)

    def record_rows(self, kind: Any, records: Sequence[asyncpg.Record]) -> None:
        """The run has seen rows of the type, so its reads of them are complete when it ends."""
        if records:
            self._seen.add(kind)

    def _recorder(self, kind: Any) -> type[asyncpg.Record]:
        """A class of records that record which columns are read."""
        recorder = self._recorders.get(kind)
        if recorder is None:
            readers = {name: property(self._recording(kind, name)) for name in columns_of(kind)}
            members = {"__slots__": (), "kind": kind, **readers}
            recorder = self._recorders[kind] = type(f"{kind.__name__}Recorder", (asyncpg.Record,), members)
        return recorder

    def _recording(self, kind: Any, name: str) -> Any:
        def read(record: asyncpg.Record) -> Any:
            self._read[kind].add(name)
            return record[name]

        return read


narrowing: ContextVar[Columns | None] = ContextVar("narrowing", default=None)
"""The columns that the current operation reads; None fetches all columns."""


@contextmanager
def narrowed_to(columns: Columns) -> Iterator[None]:
    """Fetch only these columns in the block and in tasks that it starts."""
    token = narrowing.set(columns)
    try:
        yield
        columns.finish_run()
    except KeyError:
        columns.reset()
        raise
    finally:
        narrowing.reset(token)
