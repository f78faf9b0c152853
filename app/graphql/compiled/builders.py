"""Generates the Python function that builds one selection from objects of one class.

    def build(objects, pending):
        built = []
        n3, n4 = pending[n5]
        for o in objects:
            n6 = o['content']
            if n6.__class__ is not str: n6 = n7(n6, pending)
            n2 = {'content': n6, 'intents': None}
            n3.append(n8(o))
            n4.append(n2)
            built.append(n2)
        return built

Here `n5` is the field `intents`, `n7` serialises the field `content`, and `n8` makes the view of a row.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast

from graphql import GraphQLObjectType

from app.graphql.compiled.completion import LeafComplete, ObjectComplete
from app.graphql.compiled.fields import Field
from app.graphql.compiled.types import Build, Builder, NotCovered, Pending
from resolvers.views import Column, Computed, EnumColumn, IdColumn, SameRow
from sql.columns import Columns


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
    """Writes one build function."""

    def __init__(self, record: Any, columns: Columns) -> None:
        """`record` is the class of the objects, or of the rows."""
        self._row = getattr(record, "kind", None)  # None for objects that are not records
        self._narrowed = hasattr(record, "narrowed")
        self._columns = columns
        self._names: dict[str, Any] = {"datetime": datetime, "UTC": UTC}
        self._before: list[str] = []
        self._parts: dict[str, str] = {}
        self._lines: list[str] = []

    def write(self, selection: Builder, kind: Any) -> Build:
        built = self._object(selection, kind)
        before = "".join(f"    {line}\n" for line in self._before)
        names, values = ", ".join(["o", *self._parts]), ", ".join(["objects", *self._parts.values()])
        values = f"zip({values})" if self._parts else values
        body = "".join(f"        {line}\n" for line in self._lines)
        source = f"def build(objects, pending):\n    built = []\n{before}    for {names} in {values}:\n{body}"
        source += f"        built.append({built})\n    return built\n"
        exec(source, self._names)  # noqa: S102 - the source holds generated names, and keys as quoted literals
        return cast(Build, self._names["build"])

    def _name(self, value: Any) -> str:
        """A new name for the value in the function's globals."""
        name = f"n{len(self._names)}"
        self._names[name] = value
        return name

    def _object(self, selection: Builder, kind: Any) -> str:
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
            read = kind.reads[field.batched_by] if is_view else None
            source = self._read(read, field.batched_by)
            source = f"str({source})" if isinstance(read, IdColumn) else source
        else:
            source = f"{self._name(kind)}(o)" if is_view else "o"
        self._lines += [f"{sources}.append({source})", f"{places}.append({built})"]

    def _attribute(self, field: Field, attribute: str, kind: Any) -> str:
        """Write the lines that read and complete an attribute. Returns the name of the result."""
        read = kind.reads[attribute] if hasattr(kind, "reads") else None
        complete = field.complete
        if isinstance(read, SameRow) and isinstance(complete, ObjectComplete):
            return self._object(complete.builder_of(read.view), read.view)
        if not isinstance(complete, LeafComplete):
            # One call completes this attribute of all objects.
            part = self._name(None)
            self._parts[part] = f"{self._name(complete)}.all([{self._read(read, attribute)} for o in objects], pending)"
            return part
        if complete.is_time and isinstance(read, Column) and self._row is not None:
            self._columns.add_time(self._row, read.name)
            if self._narrowed:
                return self._time(read.name, complete)
        return self._leaf(complete, read, attribute)

    def _leaf(self, complete: LeafComplete, read: Any, attribute: str) -> str:
        value = self._name(None)
        self._lines.append(f"{value} = {self._read(read, attribute, note=not complete.is_time)}")
        if isinstance(read, EnumColumn):
            names = self._name(complete.enum_names)
            self._lines.append(f"{value} = {names}.get({value}) or {self._name(complete)}({value}, pending)")
        elif isinstance(read, IdColumn):
            null = f"{self._name(complete)}(None, pending)"
            self._lines.append(f"{value} = {null} if {value} is None else str({value})")
        else:
            test = complete.slow_test.format(v=value)
            self._lines.append(f"if {test}: {value} = {self._name(complete)}({value}, pending)")
        return value

    def _time(self, name: str, complete: LeafComplete) -> str:
        """Write the lines that read a time as PostgreSQL formatted it. Returns the name of the result."""
        value = self._name(None)
        self._lines.append(f"{value} = o['{name}_text']")
        # `isoformat` omits a fraction of zero; other lengths are times that Python cannot represent.
        test = f"{value} is None or len({value}) != 32 or {value}[19:26] == '.000000'"
        self._lines.append(
            f"if {test}: {value} = {self._name(complete)}({value} and datetime.fromisoformat({value}), pending)"
        )
        return value

    def _read(self, read: Any, attribute: str, *, note: bool = True) -> str:
        """The expression that reads an attribute of the object or row `o`; `note` records the column as read."""
        if read is None:
            return f"o.{attribute}"
        if isinstance(read, (Column, IdColumn, EnumColumn)):
            if self._row is None:
                return f"o.{read.name}"
            if note:
                self._columns.add(self._row, read.name)
            return f"o[{read.name!r}]"
        function = read.function if isinstance(read, Computed) else read.view
        return f"{self._name(function)}(o)"
