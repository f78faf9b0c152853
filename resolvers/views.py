"""Objects of the schema that take what they show from their row, when they are asked for it.

Made at once, each of the fifty messages of a page would convert eleven attributes although a query asks for four. A
view is a subclass of a schema type whose attributes read the row. What each of them reads is open to see in `reads`,
so that an executor may take it from the row without making the object.
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
    """The column as it is."""

    name: str

    def reader(self) -> Callable[[Any], Any]:
        """What the attribute of a view does, as a function of the view; so for each of these."""
        return attrgetter(f"row.{self.name}")


@dataclass(frozen=True, slots=True)
class IdColumn:
    """A column with an id."""

    name: str

    def reader(self) -> Callable[[Any], Any]:
        value = attrgetter(f"row.{self.name}")
        return lambda view: str(value(view))


@dataclass(frozen=True, slots=True)
class EnumColumn:
    """A column with a value of the enumeration, or null."""

    name: str
    enum: Callable[[Any], Any]

    def reader(self) -> Callable[[Any], Any]:
        value, enum = attrgetter(f"row.{self.name}"), self.enum
        return lambda view: None if (read := value(view)) is None else enum(read)


@dataclass(frozen=True, slots=True)
class SameRow:
    """Another object that the same row shows."""

    view: Callable[[Any], Any]

    def reader(self) -> Callable[[Any], Any]:
        return lambda view: self.view(view.row)


@dataclass(frozen=True, slots=True)
class Computed:
    """Whatever the function makes of the row."""

    function: Callable[[Any], Any]

    def reader(self) -> Callable[[Any], Any]:
        return lambda view: self.function(view.row)


Read = Column | IdColumn | EnumColumn | SameRow | Computed


def view(shown: type[Shown], **reads: Read) -> Callable[[Any], Shown]:
    """A subclass of the schema type that is made from a row. Attributes not named read the column of their name."""
    complete = {each.name: reads.get(each.name, Column(each.name)) for each in fields(cast(Any, shown))}
    if unknown := set(reads) - set(complete):
        raise TypeError(f"{shown.__name__} has no {', '.join(sorted(unknown))}")
    namespace: dict[str, Any] = {name: property(read.reader()) for name, read in complete.items()}
    namespace |= {"__init__": _keep_row, "__slots__": ("row",), "__hash__": None, "reads": complete}
    return type(f"{shown.__name__}View", (shown,), namespace)


def _keep_row(self: Any, row: Any) -> None:
    self.row = row


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
    promised: Any = Views(view, rows)
    return promised  # type: ignore[no-any-return]  # `cast` would make a type for each parent


def to_json(value: JsonObject | None) -> JSON | None:
    """A jsonb column as the scalar JSON."""
    return None if value is None else JSON(value)
