"""Random valid documents on the schema, and rows for them to read."""

import random
from collections.abc import Iterator
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
)

from app.graphql.limits.policy import DocumentLimits
from resolvers.root import schema
from tests.resolvers.conftest import Api

GENEROUS = DocumentLimits(depth=60, aliases=1000, directives=1000, root_fields=100, spreads=1000, cost=10**9)
Composite = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType
UNSTABLE = {"assembledInMs"}  # a duration, which differs in each run

# $1: user; $2: whether nullable columns have values
ROWS = """
WITH c AS (INSERT INTO conversations (user_id, title, summary, archived)
           VALUES ($1, 'Ein "Titel" \u65e5\u672c \u2028 \\ / <b>', CASE WHEN $2 THEN 's' END, NOT $2) RETURNING id),
     m AS (INSERT INTO messages (user_id, conversation_id, content, message_type, metadata)
           SELECT $1, id, E'tab\\t quote" control\\x01 \u00e9 ' || g, 'user', '{"a": [1, 2.5, null, "x"], "\u00e9": {}}'
           FROM c, generate_series(1, 3) AS g RETURNING id, conversation_id),
     r AS (INSERT INTO messages (user_id, conversation_id, content, message_type, reply_to, status, error)
           SELECT $1, conversation_id, '', 'kana', id, 'failed', 'why' FROM m RETURNING id),
     i AS (INSERT INTO intents (user_id, conversation_id, source_message_id, description, intent_type, classification,
                                actor, priority, due_at, result)
           SELECT $1, conversation_id, id, 'do it', CASE WHEN $2 THEN 'task' END,
                  CASE WHEN $2 THEN
                  '{"intentType": "task", "confidence": 0.25, "reason": "r", "classifier": "c"}'::jsonb END,
                  'test', 3, '2026-01-02 03:04:05+09', CASE WHEN $2 THEN '{"text": "# x"}'::jsonb END
           FROM m RETURNING id, source_message_id)
INSERT INTO notifications (user_id, title, message, notification_type, intent_id, source_message_id)
SELECT $1, 't', 'm', 'info', id, source_message_id FROM i
"""


class Writer:
    """Writes random valid documents on the schema: any field, fragments, aliases, conditions, variables."""

    def __init__(self, chance: random.Random, ids: dict[str, list[str]]) -> None:
        """`ids` are those of existing records, by the type of the record."""
        self._chance = chance
        self._by_type = ids
        self._ids = [each for ids_of_type in ids.values() for each in ids_of_type]
        self._fragments: list[str] = []
        self._names = 0

    def document(self) -> tuple[str, dict[str, Any]]:
        assert schema._schema.query_type is not None
        return self.document_on("query Made(HEAD) { BODY }", schema._schema.query_type, root=True)

    def document_on(self, operation: str, type_: Composite, *, root: bool = False) -> tuple[str, dict[str, Any]]:
        """`operation` with BODY replaced by selections on the type, and HEAD by the variables that they use."""
        self._fragments.clear()
        body = self._selections(type_, self._chance.randint(2, 6), root=root)
        variables = {"size": self._chance.choice([1, 2, 3, None]), "yes": True, "no": self._chance.random() < 0.3,
                     "id": self._chance.choice(self._ids)}  # fmt: skip
        used = [f"${name}: {kind}" for name, kind in
                (("size", "Int"), ("yes", "Boolean!"), ("no", "Boolean!"), ("id", "ID!"))
                if f"${name}" in body + "".join(self._fragments)]  # fmt: skip
        written = operation.replace("HEAD", ", ".join(used)).replace("()", "").replace("BODY", body)
        return f"{written} " + " ".join(self._fragments), variables

    def _selections(self, type_: Composite, depth: int, *, root: bool = False) -> str:
        fields: dict[str, Any] = {} if isinstance(type_, GraphQLUnionType) else dict(type_.fields)
        fields = {name: field for name, field in fields.items() if name not in UNSTABLE}
        usable = [name for name, field in fields.items() if is_leaf_type(get_named_type(field.type)) or depth > 0]
        chosen = self._chance.sample(usable, min(len(usable), self._chance.randint(1, 2 if root else 4)))
        parts = [self._field(name, fields[name], depth) for name in chosen]
        if self._chance.random() < 0.2:
            parts.append("__typename")
        if not root:
            parts += self._fragments_on(type_, depth)
        self._chance.shuffle(parts)
        return " ".join(parts) or "__typename"

    def _fragments_on(self, type_: Composite, depth: int) -> Iterator[str]:
        possible = [type_] if isinstance(type_, GraphQLObjectType) else schema._schema.get_possible_types(type_)
        on: Composite = self._chance.choice([*possible, type_])
        if self._chance.random() < 0.2:
            yield f"... on {on.name} {{ {self._selections(on, depth - 1)} }}"
        if self._chance.random() < 0.15:
            self._names += 1
            name = f"F{self._names}"
            self._fragments.append(f"fragment {name} on {on.name} {{ {self._selections(on, depth - 1)} }}")
            yield f"...{name} ...{name}"

    def _field(self, name: str, field: GraphQLField, depth: int) -> str:
        self._names += 1
        # A unique alias avoids conflicts between fields with different arguments.
        alias = f"a{self._names}: " if field.args or self._chance.random() < 0.15 else ""
        condition = self._chance.choice(
            ["", "", "", "", "", " @include(if: $yes)", " @skip(if: $no)", " @skip(if: false)"]
        )
        named = get_named_type(field.type)
        selections = "" if is_leaf_type(named) else f" {{ {self._selections(named, depth - 1)} }}"  # type: ignore[arg-type]
        return f"{alias}{name}{self._arguments(field)}{condition}{selections}"

    def _arguments(self, field: GraphQLField) -> str:
        given = []
        for name, argument in field.args.items():
            required = str(argument.type).endswith("!")
            if not required and self._chance.random() < 0.6:
                continue
            if (value := self._value(name, argument.type, field)) is not None:
                given.append(f"{name}: {value}")
        return f"({', '.join(given)})" if given else ""

    def _value(self, name: str, argument_type: Any, field: GraphQLField) -> str | None:
        type_, written = get_named_type(argument_type), str(argument_type)
        if isinstance(type_, GraphQLEnumType):
            value = self._chance.choice(list(type_.values))
            return f"[{value}]" if written.startswith("[") else value
        if type_.name == "ID":
            wanted = name.removesuffix("Id").capitalize() if name.endswith("Id") else str(get_named_type(field.type))
            fitting = self._by_type.get(wanted, self._ids)
            value = self._chance.choice(["$id", '"nobody"', *([f'"{self._chance.choice(fitting)}"'] * 4)])
            return f"[{value}]" if written.startswith("[") else value
        if type_.name == "Boolean":
            return self._chance.choice(["true", "false", "null"] if not written.endswith("!") else ["true", "false"])
        if name in ("first", "last"):
            return self._chance.choice(["$size", "1", "2", "3", "100", "0"])
        if type_.name == "Int":
            return "1" if written.endswith("!") else None
        if type_.name == "String":
            return '"lease"' if written.endswith("!") else self._chance.choice(["null", '"garbage"'])
        return None


async def ids_of(api: Api) -> dict[str, list[str]]:
    """Ids of existing records, by the type of the record."""
    found: dict[str, list[str]] = {}
    for type_ in ("Conversation", "Message", "Intent", "Notification", "Project"):
        records = await api.database.pool.fetch(f"SELECT id FROM {type_.lower()}s LIMIT 8")  # noqa: S608
        found[type_] = [str(record["id"]) for record in records]
    return found
