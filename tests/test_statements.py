"""The named statements: each name once, for of two with the same name one silently takes the place of the other."""

import re
from collections import Counter
from pathlib import Path

QUERIES = Path(__file__).parents[1] / "sql/queries"


def test_no_two_statements_have_the_same_name() -> None:
    names = Counter(
        name
        for path in QUERIES.glob("*.sql")
        for name in re.findall(r"^-- name: ([a-z_]+)", path.read_text(), re.MULTILINE)
    )
    assert [name for name, count in names.items() if count > 1] == []
