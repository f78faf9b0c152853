"""The named statements: unique names, column lists expanded from row types, and types of parameters.

aiosql silently replaces a statement by a later one with the same name. PostgreSQL takes a parameter next to an integer
literal for an integer, and the driver then silently truncates fractions.
"""

import re
from collections import Counter
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path

import pytest

from sql import rows, service_rows
from sql.statements import Connection, expand_columns, fetch_rows, load_statements, statements

QUERIES = Path(__file__).parents[1] / "sql/queries"


def test_no_two_statements_have_the_same_name() -> None:
    names = Counter(
        name
        for path in QUERIES.glob("*.sql")
        for name in re.findall(r"^-- name: ([a-z_]+)", path.read_text(), re.MULTILINE)
    )
    assert [name for name, count in names.items() if count > 1] == []


FRACTIONS = re.compile(
    r"seconds$|^(slope|average|weight|confidence|progress|capacity|wanted|needed|per_second|assembled_ms)$"
)


async def test_parameters_that_carry_fractions_are_read_as_such(connection: Connection) -> None:
    read = dict[str, str]()
    for name, parameters in statements.driver_adapter.var_sorted.items():
        if any(FRACTIONS.search(each) for each in parameters):
            prepared = await connection.prepare(getattr(statements, name).sql)
            types = [kind.name for kind in prepared.get_parameters()]
            read |= {f"{name}({each})": kind for each, kind in zip(parameters, types, strict=True)
                     if FRACTIONS.search(each)}  # fmt: skip
    assert len(read) > 20
    assert {each: kind for each, kind in read.items() if kind != "float8"} == {}


def test_column_list_is_expanded_with_and_without_alias() -> None:
    assert expand_columns("SELECT {columns:UserRow} FROM users", "x.sql") == "SELECT id, display_name, role FROM users"
    joined = expand_columns("SELECT {columns:UserRow:u}, 1 AS one FROM users AS u", "x.sql")
    assert joined == "SELECT u.id, u.display_name, u.role, 1 AS one FROM users AS u"


def test_column_list_may_stand_in_returning_and_occur_twice() -> None:
    text = "WITH a AS (DELETE FROM users RETURNING {columns:UserRow}) SELECT {columns:UserRow:a} FROM a"
    assert expand_columns(text, "x.sql") == (
        "WITH a AS (DELETE FROM users RETURNING id, display_name, role) SELECT a.id, a.display_name, a.role FROM a"
    )


def test_computed_column_is_written_as_its_expression() -> None:
    expanded = expand_columns("SELECT {columns:MemoryRow:m} FROM memories AS m", "x.sql")
    assert "memory_importance(m.weight, m.access_count, coalesce(m.last_accessed_at, m.created_at), now()) AS importance" in expanded  # fmt: skip  # noqa: E501


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT {columns:NoSuchRow} FROM x", "x.sql: there is no row type NoSuchRow in sql/rows.py"),
        ("SELECT {columns:JsonObject} FROM x", "x.sql: there is no row type JsonObject in sql/rows.py"),
        ("SELECT {columns:MemoryRow} FROM x", "x.sql: MemoryRow.importance is computed, so the alias"),
        ("SELECT {columns: UserRow} FROM x", "x.sql: a column list must have the form"),
    ],
)
def test_wrong_column_list_is_refused_with_its_file(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        expand_columns(text, "x.sql")


def test_statements_with_an_unknown_row_type_do_not_load(tmp_path: Path) -> None:
    (tmp_path / "things.sql").write_text("-- name: list_things()\nSELECT {columns:ThingRow} FROM things;\n")
    with pytest.raises(ValueError, match=r"things\.sql: there is no row type ThingRow"):
        load_statements(tmp_path)


async def test_a_field_added_to_a_row_type_is_read_by_every_statement(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    @dataclass(frozen=True, slots=True)
    class UserRow(rows.UserRow):
        disabled_at: object

    monkeypatch.setattr(rows, "UserRow", UserRow)
    extended = load_statements(QUERIES)
    await statements.ensure_owner(connection, id="ann", display_name="Ann")
    record = await extended.find_user(connection, id="ann")
    assert dict(record) == {"id": "ann", "display_name": "Ann", "role": "owner", "disabled_at": None}


def test_no_statement_lists_the_columns_of_a_row_type_by_hand() -> None:
    texts = {path.name: path.read_text() for path in QUERIES.glob("*.sql")}
    found = {**vars(rows), **vars(service_rows)}.values()
    kinds = [kind for kind in found if is_dataclass(kind) and kind is not rows.ComputedColumn]
    assert len(kinds) > 15
    by_hand = []
    for kind in kinds:
        columns = r",\s+".join(rf"(?:\w+\.)?{field.name}\b" for field in fields(kind))
        by_hand += [name for name, text in texts.items() if re.search(rf"(SELECT|RETURNING)\s+{columns}", text)]
    assert by_hand == []


async def test_rows_are_read_by_a_statement_with_an_expanded_list(connection: Connection) -> None:
    await statements.ensure_owner(connection, id="ann", display_name="Ann")
    await statements.insert_conversation(connection, user_id="ann", project_id=None, title="plans")
    found = await fetch_rows(connection, statements.find_conversations, rows.ConversationRow, user_id="ann", ids=[])
    assert found == []
