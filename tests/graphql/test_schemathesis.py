"""schemathesis sends generated requests for every field of the schema: only documented errors may be returned."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC
from typing import Any

import pytest
import schemathesis
from graphql import parse_value
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.live.backend import Served, open_served

EXAMPLES = 6
CODES = {
    "BAD_USER_INPUT", "UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "CONFLICT", "RATE_LIMITED", "QUERY_TOO_COMPLEX",
    "CURSOR_EXPIRED", "TIMEOUT",
}  # fmt: skip

TIMES = st.datetimes(timezones=st.just(UTC)).map(lambda time: parse_value(f'"{time.isoformat()}"'))
OBJECTS = st.integers(0, 9).map(lambda number: parse_value(f'{{n: {number}, text: "語"}}'))
schemathesis.graphql.scalar("DateTime", TIMES)
schemathesis.graphql.scalar("JSON", OBJECTS)


@pytest.fixture
async def served(database_url: str) -> AsyncIterator[Served]:
    async with open_served(database_url) as opened:
        yield opened


def send_generated_requests(address: str) -> tuple[int, list[str]]:
    """The number of requests, and the wrong responses."""
    asked, wrong = 0, list[str]()
    for result in schemathesis.graphql.from_url(f"{address}/graphql").get_all_operations():
        operation: Any = result.ok()  # type: ignore[union-attr]

        @given(case=operation.as_strategy())
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def ask(case: Any) -> None:
            nonlocal asked
            asked += 1
            response = case.call(timeout=60)
            body = response.json()
            codes = {error.get("extensions", {}).get("code") for error in body.get("errors", [])}
            if response.status_code >= 500 or not codes <= CODES or not {"data", "errors"} & body.keys():
                wrong.append(f"{response.status_code} {body}\n{case.body}")

        ask()
    return asked, wrong


async def test_every_generated_request_gets_data_or_a_documented_error_code(served: Served) -> None:
    asked, wrong = await asyncio.to_thread(send_generated_requests, served.address)
    assert asked > 150
    assert wrong == []
