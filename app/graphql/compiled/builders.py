"""Builds the objects of one selection set, one field of all objects after the other."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from operator import attrgetter, itemgetter
from typing import Any, cast

from graphql import GraphQLObjectType

from app.graphql.compiled.completion import LeafComplete, NotCovered, ObjectComplete, Pending
from app.graphql.compiled.fields import Field
from resolvers.views import Column, Computed, EnumColumn, IdColumn, SameRow
from sql.columns import Columns

Read = Callable[[Any], Any]
"""Reads one value from an object or a row."""
ValuesOf = Callable[[Sequence[Any], Pending], Sequence[Any]]
"""The completed values of one field, for all objects."""


class Selection:
    """The merged fields of one object type in one selection set. Implements Builder."""

    def __init__(self, type_: GraphQLObjectType, fields: list[Field | str], columns: Columns) -> None:
        """`fields` holds response keys in the place of `__typename` fields."""
        self.type = type_
        self.fields = fields
        self._keys = [field if isinstance(field, str) else field.key for field in fields]
        self._columns = columns
        self._readers: dict[tuple[Any, Any], _Reader] = {}

    def build(self, objects: Sequence[Any], pending: Pending, kind: Any = None) -> list[Any]:
        """The response dictionaries. `kind` is the class of the objects, or the view whose rows they are."""
        if not objects:
            return []
        if kind is None:
            kind = objects[0].__class__
            if hasattr(kind, "reads"):
                objects = [each.row for each in objects]
        record = objects[0].__class__
        reader = self._readers.get((kind, record))
        if reader is None:
            reader = self._readers[kind, record] = _Reader(self, kind, record, self._columns)
        values = [values_of(objects, pending) for values_of in reader.values]
        built = _dictionaries(self._keys, values) if values else [{} for _ in objects]
        for field, sources_of in reader.resolved:
            sources, places = pending[field]
            sources.extend(sources_of(objects))
            places.extend(built)
        return built


def _dictionaries(keys: list[str], values: list[Sequence[Any]]) -> list[Any]:
    if len(keys) == 1:  # most often `node` or `edges`; a literal is faster than `dict`
        [key] = keys
        return [{key: value} for value in values[0]]
    return [dict(zip(keys, each, strict=True)) for each in zip(*values, strict=True)]


class _Reader:
    """How the fields of a selection are read from objects of one class, or from rows of one view.

    `values` has a function per field. `resolved` has the fields with a resolver, whose values are None at first, and a
    function that returns the objects (or keys) for the resolver.
    """

    def __init__(self, selection: Selection, kind: Any, record: Any, columns: Columns) -> None:
        """`record` is the class of the objects, or of the rows. Raises NotCovered."""
        origin = selection.type.extensions["strawberry-definition"].origin
        if kind is not type(None) and not issubclass(kind, origin):
            raise NotCovered(f"{kind} is not a {selection.type.name}")
        self._kind = kind
        self._reads: dict[str, Any] | None = getattr(kind, "reads", None)
        self._row = getattr(record, "kind", None)  # None for objects that are not records
        self._narrowed = hasattr(record, "narrowed")
        self._columns = columns
        self.values: list[ValuesOf] = []
        self.resolved: list[tuple[Field, Callable[[Sequence[Any]], Any]]] = []
        for field in selection.fields:
            if isinstance(field, str):
                self.values.append(_constant(selection.type.name))
            elif field.attribute is None:
                self.values.append(_constant(None))
                self.resolved.append((field, self._sources(field)))
            else:
                self.values.append(self._attribute(field, field.attribute))

    def _sources(self, field: Field) -> Callable[[Sequence[Any]], Any]:
        if field.batched_by is not None:
            column = self._reads[field.batched_by] if self._reads else None
            read = self._read(column, field.batched_by)
            if isinstance(column, IdColumn):
                return lambda objects: map(str, map(read, objects))
            return lambda objects: map(read, objects)
        if self._reads:
            view = self._kind
            return lambda rows: map(view, rows)
        return lambda objects: objects

    def _attribute(self, field: Field, attribute: str) -> ValuesOf:
        column = self._reads[attribute] if self._reads else None
        complete = field.complete
        if isinstance(complete, LeafComplete):
            return self._leaf(complete, column, attribute)
        if isinstance(column, SameRow) and isinstance(complete, ObjectComplete):
            builder, view = complete.builder_of(column.view), column.view
            return lambda rows, pending: builder.build(rows, pending, view)
        read = self._read(column, attribute)
        return lambda objects, pending: complete.all(list(map(read, objects)), pending)

    def _leaf(self, complete: LeafComplete, column: Any, attribute: str) -> ValuesOf:
        if complete.is_time:
            if isinstance(column, Column) and self._row is not None:
                self._columns.add_time(self._row, column.name)
                if self._narrowed:
                    return _formatted_times(itemgetter(f"{column.name}_text"), complete)
            return _times(self._read(column, attribute, add=False), complete)
        read = self._read(column, attribute)
        if isinstance(column, EnumColumn):
            name_of = complete.enum_names.get
            return lambda rows, pending: [name_of(value) or complete(value, pending) for value in map(read, rows)]
        if isinstance(column, IdColumn):
            return lambda rows, pending: [
                complete(None, pending) if value is None else str(value) for value in map(read, rows)
            ]
        return _leaves(read, complete)

    def _read(self, column: Any, attribute: str, *, add: bool = True) -> Read:
        """Reads an attribute of an object or row; `add` records the column as read."""
        if column is None:
            return attrgetter(attribute)
        if isinstance(column, (Column, IdColumn, EnumColumn)):
            if self._row is None:
                return attrgetter(column.name)
            if add:
                self._columns.add(self._row, column.name)
            return itemgetter(column.name)
        return cast(Read, column.function if isinstance(column, Computed) else column.view)


def _constant(value: Any) -> ValuesOf:
    return lambda objects, pending: [value] * len(objects)


def _leaves(read: Read, complete: LeafComplete) -> ValuesOf:
    unchanged = complete.unchanged_class

    def values_of(objects: Sequence[Any], pending: Pending) -> list[Any]:
        values = list(map(read, objects))
        if {*map(type, values)} == {unchanged}:
            return values
        return [value if value.__class__ is unchanged else complete(value, pending) for value in values]

    return values_of


def _times(read: Read, complete: LeafComplete) -> ValuesOf:
    """Times as `datetime`: orjson writes a UTC time like `isoformat`, and faster."""
    return lambda objects, pending: [
        value if value.__class__ is datetime and value.tzinfo is UTC else complete(value, pending)
        for value in map(read, objects)
    ]


def _formatted_times(read: Read, complete: LeafComplete) -> ValuesOf:
    """Times as PostgreSQL formatted them. `isoformat` omits a fraction of zero; datetime cannot hold other lengths."""
    return lambda rows, pending: [
        complete(text and datetime.fromisoformat(text), pending)
        if text is None or len(text) != 32 or text[19:26] == ".000000"
        else text
        for text in map(read, rows)
    ]
