"""Objects of the schema that take what they show from their row, when they are asked for it.

Made at once, each of the fifty messages of a page would convert eleven attributes although a query asks for four. A
view is a subclass of a schema type whose attributes read the row. What each of them reads is open to see in `reads`,
so that an executor may take it from the row without making the object.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar, cast, overload

import strawberry

Shown = TypeVar("Shown")


@dataclass(frozen=True, slots=True)
class Column:
    """The column as it is."""

    name: str

    def read(self, row: Any) -> Any:
        return getattr(row, self.name)


@dataclass(frozen=True, slots=True)
class IdColumn:
    """A column with an id."""

    name: str

    def read(self, row: Any) -> strawberry.ID:
        return strawberry.ID(str(getattr(row, self.name)))


@dataclass(frozen=True, slots=True)
class EnumColumn:
    """A column with a value of the enumeration, or null."""

    name: str
    enum: Callable[[Any], Any]

    def read(self, row: Any) -> Any:
        value = getattr(row, self.name)
        return None if value is None else self.enum(value)


@dataclass(frozen=True, slots=True)
class SameRow:
    """Another object that the same row shows."""

    view: Callable[[Any], Any]

    def read(self, row: Any) -> Any:
        return self.view(row)


@dataclass(frozen=True, slots=True)
class Computed:
    """Whatever the function makes of the row."""

    function: Callable[[Any], Any]

    def read(self, row: Any) -> Any:
        return self.function(row)


Read = Column | IdColumn | EnumColumn | SameRow | Computed


def view(shown: type[Shown], **reads: Read) -> Callable[[Any], Shown]:
    """A subclass of the schema type that is made from a row. Attributes not named read the column of their name."""
    complete = {each.name: reads.get(each.name, Column(each.name)) for each in fields(cast(Any, shown))}
    if unknown := set(reads) - set(complete):
        raise TypeError(f"{shown.__name__} has no {', '.join(sorted(unknown))}")
    namespace: dict[str, Any] = {name: property(_reader(read)) for name, read in complete.items()}
    namespace |= {"__init__": _keep_row, "__slots__": ("row",), "__hash__": None, "reads": complete}
    return type(f"{shown.__name__}View", (shown,), namespace)


def _keep_row(self: Any, row: Any) -> None:
    self.row = row


def _reader(read: Read) -> Callable[[Any], Any]:
    return lambda self: read.read(self.row)


class Views(Sequence[Shown], Generic[Shown]):
    """The views of these rows, each made when it is looked at."""

    __slots__ = ("rows", "view")

    def __init__(self, view: Callable[[Any], Shown], rows: Sequence[Any]) -> None:
        self.view = view
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Shown]:
        return map(self.view, self.rows)

    @overload
    def __getitem__(self, index: int) -> Shown: ...

    @overload
    def __getitem__(self, index: slice) -> "Views[Shown]": ...

    def __getitem__(self, index: int | slice) -> "Shown | Views[Shown]":
        return Views(self.view, self.rows[index]) if isinstance(index, slice) else self.view(self.rows[index])


def views(view: Callable[[Any], Shown], rows: Sequence[Any]) -> list[Shown]:
    """`Views` as the list that the schema promises: graphql-core reads any iterable."""
    return cast(list[Shown], Views(view, rows))
