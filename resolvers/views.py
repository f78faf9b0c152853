"""Views: lazy objects of schema types that read their attributes from a row.

A page of fifty messages would otherwise convert eleven attributes each, although a query selects about four. `reads`
declares what each attribute reads, so that the compiled executor can read the row without creating the view.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, Generic, TypeVar, cast, overload

from strawberry.scalars import JSON

from sql.rows import JsonObject

Shown = TypeVar("Shown")


@dataclass(frozen=True, slots=True)
class Column:
    """A column, unchanged."""

    name: str

    def reader(self) -> Callable[[Any], Any]:
        """The getter of the attribute, as a function of the view."""
        return attrgetter(f"row.{self.name}")


@dataclass(frozen=True, slots=True)
class IdColumn:
    """A column with a UUID, as a string."""

    name: str

    def reader(self) -> Callable[[Any], Any]:
        value = attrgetter(f"row.{self.name}")
        return lambda view: str(value(view))


@dataclass(frozen=True, slots=True)
class EnumColumn:
    """A column with a value of an enum, or null."""

    name: str
    enum: Callable[[Any], Any]

    def reader(self) -> Callable[[Any], Any]:
        value, enum = attrgetter(f"row.{self.name}"), self.enum
        return lambda view: None if (read := value(view)) is None else enum(read)


@dataclass(frozen=True, slots=True)
class SameRow:
    """Another view of the same row."""

    view: Callable[[Any], Any]

    def reader(self) -> Callable[[Any], Any]:
        return lambda view: self.view(view.row)


@dataclass(frozen=True, slots=True)
class Computed:
    """The result of a function of the row."""

    function: Callable[[Any], Any]

    def reader(self) -> Callable[[Any], Any]:
        return lambda view: self.function(view.row)


Read = Column | IdColumn | EnumColumn | SameRow | Computed


def view(shown: type[Shown], **reads: Read) -> Callable[[Any], Shown]:
    """A subclass of the schema type that wraps a row. Attributes that are not named read the column of their name."""
    complete = {each.name: reads.get(each.name, Column(each.name)) for each in fields(cast(Any, shown))}
    if unknown := set(reads) - set(complete):
        raise TypeError(f"{shown.__name__} has no {', '.join(sorted(unknown))}")
    namespace: dict[str, Any] = {name: property(read.reader()) for name, read in complete.items()}
    namespace |= {"__init__": _set_row, "__slots__": ("row",), "__hash__": None, "reads": complete}
    return type(f"{shown.__name__}View", (shown,), namespace)


def _set_row(self: Any, row: Any) -> None:
    self.row = row


class Views(Sequence[Shown], Generic[Shown]):
    """A sequence of views, created on access."""

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
    """`Views`, typed as the list of the schema: graphql-core accepts any iterable."""
    promised: Any = Views(view, rows)
    return promised  # type: ignore[no-any-return]  # `cast` would build a type per parent


def to_json(value: JsonObject | None) -> JSON | None:
    """A jsonb column as the scalar JSON."""
    return None if value is None else JSON(value)
