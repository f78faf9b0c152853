"""The named statements: each name once, for of two with the same name one silently takes the place of the other.

And a parameter beside an integer literal is an integer to PostgreSQL, to which the driver silently cuts a fraction.
"""

import re
from collections import Counter
from pathlib import Path

from sql.statements import Connection, statements

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
