"""Generates the Python function that builds the objects of one selection set from objects of one class.

    def build(objects, pending):
        built, size = [], len(objects) * 48
        n3, n4 = pending[n5]
        for o in objects:
            n6 = o['content']
            if n6.__class__ is not str: n6 = n7(n6, pending)
            elif len(n6) > 256: size += size_of(n6)
            n2 = {'content': n6, 'intents': None}
            n3.append(n8(o))
            n4.append(n2)
            built.append(n2)
        pending.budget.add_answered(size)
        return built

Here `n5` is the field `intents`, `n7` serialises the field `content`, and `n8` makes the view of a row.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from graphql import GraphQLObjectType

from app.graphql.compiled.completion import LeafComplete, NotCovered, ObjectComplete, Pending
from app.graphql.compiled.fields import Field
from app.graphql.size import size_of
from resolvers.views import Column, Computed, EnumColumn, IdColumn, SameRow
from sql.columns import Columns

Build = Callable[[Sequence[Any], Pending], list[Any]]
"""A generated function: the response dictionaries of the objects."""


# Shorter texts count like other leaves, by this estimate; the encoded response is checked at the end.
LONG_TEXT = 256
BYTES_PER_LEAF = 24


class Selection:
    """The merged fields of one object type in one selection set. Implements Builder."""

    def __init__(self, type_: GraphQLObjectType, fields: list[Field | str], columns: Columns) -> None:
        """`fields` holds response keys in the place of `__typename` fields."""
        self.type = type_
        self.fields = fields
        self._columns = columns
        self._functions: dict[tuple[Any, Any], Build] = {}

    def build(self, objects: Sequence[Any], pending: Pending, kind: Any = None) -> list[Any]:
        """The response dictionaries. `kind` is the class of the objects, or the view whose rows they are."""
        if not objects:
            return []
        if kind is None:
            kind = objects[0].__class__
            if hasattr(kind, "reads"):
                objects = [each.row for each in objects]
        record = objects[0].__class__
        function = self._functions.get((kind, record))
        if function is None:
            function = self._functions[kind, record] = _FunctionWriter(record, self._columns).write(self, kind)
        return function(objects, pending)


class _FunctionWriter:
    """Writes one build function, line by line."""

    def __init__(self, record: Any, columns: Columns) -> None:
        """`record` is the class of the objects, or of the rows."""
        self._row = getattr(record, "kind", None)  # None for objects that are not records
        self._narrowed = hasattr(record, "narrowed")
        self._columns = columns
        self._names: dict[str, Any] = {"datetime": datetime, "UTC": UTC, "size_of": size_of}
        self._before: list[str] = []
        self._parts: dict[str, str] = {}
        self._lines: list[str] = []

    def write(self, selection: Selection, kind: Any) -> Build:
        """The function for objects of class `kind`, or for rows of the view `kind`. Raises NotCovered."""
        built = self._object(selection, kind)
        before = "".join(f"    {line}\n" for line in self._before)
        names, values = ", ".join(["o", *self._parts]), ", ".join(["objects", *self._parts.values()])
        values = f"zip({values})" if self._parts else values
        body = "".join(f"        {line}\n" for line in self._lines)
        size = f"len(objects) * {_size_of_keys(selection)}"
        source = (
            f"def build(objects, pending):\n    built, size = [], {size}\n{before}    for {names} in {values}:\n{body}"
        )
        source += f"        built.append({built})\n"
        source += "    pending.budget.add_answered(size)\n    return built\n"
        exec(source, self._names)  # noqa: S102 - the source holds generated names, and keys as quoted literals
        return cast(Build, self._names["build"])

    def _name(self, value: Any) -> str:
        """A new name for the value in the function's globals."""
        name = f"n{len(self._names)}"
        self._names[name] = value
        return name

    def _object(self, selection: Any, kind: Any) -> str:
        """Write the lines that build one object. Returns the name of its dictionary."""
        origin = selection.type.extensions["strawberry-definition"].origin
        if kind is not type(None) and not issubclass(kind, origin):
            raise NotCovered(f"{kind} is not a {selection.type.name}")
        built, entries, resolved = self._name(None), [], []
        for field in selection.fields:
            if isinstance(field, str):
                entries.append(f"{field!r}: {selection.type.name!r}")
            elif field.attribute is None:
                entries.append(f"{field.key!r}: None")
                resolved.append(field)
            else:
                entries.append(f"{field.key!r}: {self._attribute(field, field.attribute, kind)}")
        self._lines.append(f"{built} = {{{', '.join(entries)}}}")
        for field in resolved:
            self._add_pending(field, kind, built)
        return built

    def _add_pending(self, field: Field, kind: Any, built: str) -> None:
        """Write the lines that register the object for a resolver, which fills the dictionary `built`."""
        sources, places, is_view = self._name(None), self._name(None), hasattr(kind, "reads")
        self._before.append(f"{sources}, {places} = pending[{self._name(field)}]")
        if field.batched_by is not None:
            column = kind.reads[field.batched_by] if is_view else None
            source = self._read(column, field.batched_by)
            source = f"str({source})" if isinstance(column, IdColumn) else source
        else:
            source = f"{self._name(kind)}(o)" if is_view else "o"
        self._lines += [f"{sources}.append({source})", f"{places}.append({built})"]

    def _attribute(self, field: Field, attribute: str, kind: Any) -> str:
        """Write the lines that read and complete an attribute. Returns the name of the result."""
        column = kind.reads[attribute] if hasattr(kind, "reads") else None
        complete = field.complete
        if isinstance(column, SameRow) and isinstance(complete, ObjectComplete):
            return self._object(complete.builder_of(column.view), column.view)
        if not isinstance(complete, LeafComplete):
            # One call completes this attribute of all objects.
            part, read = self._name(None), self._read(column, attribute)
            self._parts[part] = f"{self._name(complete)}.all([{read} for o in objects], pending)"
            return part
        if complete.is_time and isinstance(column, Column) and self._row is not None:
            self._columns.add_time(self._row, column.name)
            if self._narrowed:
                return self._formatted_time(column.name, complete)
        return self._leaf(complete, column, attribute)

    def _leaf(self, complete: LeafComplete, column: Any, attribute: str) -> str:
        value = self._name(None)
        self._lines.append(f"{value} = {self._read(column, attribute, add=not complete.is_time)}")
        if isinstance(column, EnumColumn):
            names = self._name(complete.enum_names)
            self._lines.append(f"{value} = {names}.get({value}) or {self._name(complete)}({value}, pending)")
        elif isinstance(column, IdColumn):
            null = f"{self._name(complete)}(None, pending)"
            self._lines.append(f"{value} = {null} if {value} is None else str({value})")
        else:
            test = complete.needs_call.format(v=value)
            self._lines.append(f"if {test}: {value} = {self._name(complete)}({value}, pending)")
            if complete.is_text:
                self._lines.append(f"elif len({value}) > {LONG_TEXT}: size += size_of({value})")
        return value

    def _formatted_time(self, name: str, complete: LeafComplete) -> str:
        """Write the lines that read a time as PostgreSQL formatted it. Returns the name of the result."""
        value = self._name(None)
        self._lines.append(f"{value} = o['{name}_text']")
        # `isoformat` omits a fraction of zero; other lengths are times that datetime cannot hold.
        test = f"{value} is None or len({value}) != 32 or {value}[19:26] == '.000000'"
        self._lines.append(
            f"if {test}: {value} = {self._name(complete)}({value} and datetime.fromisoformat({value}), pending)"
        )
        return value

    def _read(self, column: Any, attribute: str, *, add: bool = True) -> str:
        """The expression that reads an attribute of the object or row `o`; `add` records the column as read."""
        if column is None:
            return f"o.{attribute}"
        if isinstance(column, (Column, IdColumn, EnumColumn)):
            if self._row is None:
                return f"o.{column.name}"
            if add:
                self._columns.add(self._row, column.name)
            return f"o[{column.name!r}]"
        function = column.function if isinstance(column, Computed) else column.view
        return f"{self._name(function)}(o)"


def _size_of_keys(selection: Any) -> int:
    """The size of an object of the selection without long texts, in bytes of JSON."""
    keys = [field if isinstance(field, str) else field.key for field in selection.fields]
    return 2 + sum(len(key) + BYTES_PER_LEAF for key in keys)
