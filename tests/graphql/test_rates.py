"""Rate limits: points per minute and viewer, drawn in slices from one budget that all processes share."""

import asyncio

import pytest

from app.graphql.executor import Executor
from app.graphql.limits.policy import Price
from app.graphql.limits.rates import RateLimited, RateLimits
from resolvers.root import schema
from sql.repositories.rate_budgets import draw_points
from tests.resolvers.conftest import Api

SEND = 'mutation { sendMessage(input: {content: "hi"}) { message { id } } }'


async def spend_all(rates: RateLimits, viewer: str, price: Price, *, at_most: int = 10_000) -> int:
    """How many times the price was charged before RateLimited."""
    for paid in range(at_most):
        try:
            await rates.charge(viewer, price)
        except RateLimited:
            return paid
    return at_most


async def test_processes_share_one_budget_and_viewers_do_not(api: Api) -> None:
    processes = [RateLimits(api.database, points=6_000, scarce_points=0) for _ in range(3)]
    paid = [await spend_all(process, "ann", Price(10)) for process in processes]
    # The budget refills by 100 points per second while the test runs.
    assert 600 <= sum(paid) <= 1_200
    assert await spend_all(processes[0], "bob", Price(10), at_most=100) == 100


async def test_most_requests_execute_no_statement(api: Api) -> None:
    rates = RateLimits(api.database, points=100_000, scarce_points=0)
    api.database.statements.clear()
    assert await spend_all(rates, "ann", Price(2), at_most=2_500) == 2_500
    assert len(api.database.statements) == 1


async def test_concurrent_requests_draw_one_slice(api: Api) -> None:
    rates = RateLimits(api.database, points=100_000, scarce_points=0)
    api.database.statements.clear()
    await asyncio.gather(*(rates.charge("ann", Price(2)) for _ in range(200)))
    assert len(api.database.statements) == 1


async def test_model_calls_have_a_lower_limit(api: Api) -> None:
    rates = RateLimits(api.database, points=100_000, scarce_points=600)
    assert 12 <= await spend_all(rates, "ann", Price(60, 50), at_most=40) < 40
    await rates.charge("ann", Price(60, 0))


async def test_a_budget_refills_over_time(api: Api) -> None:
    async with api.database.connection() as connection:

        async def draw(needed: float) -> float:
            drawn = await draw_points(
                connection, "ann", "points", needed=needed, wanted=needed, capacity=600, per_second=10
            )
            return drawn.granted

        assert await draw(600) == 600
        assert await draw(500) == 0
        await connection.execute("UPDATE rate_budgets SET refilled_at = refilled_at - interval '50 seconds'")
        assert await draw(500) == 500
        await connection.execute("UPDATE rate_budgets SET refilled_at = refilled_at - interval '1 day'")
        assert await draw(601) == 0  # never more than the capacity
        assert await draw(600) == 600


async def test_a_rate_limited_response_has_retry_after(api: Api) -> None:
    rates = RateLimits(api.database, points=100_000, scarce_points=100)
    executor = Executor(schema._schema, charge=lambda context, price: rates.charge(context.viewer.id, price))
    answers = [await executor.execute(executor.prepare(SEND), {}, await api.context("ann")) for _ in range(3)]
    assert ["data" in answer for answer in answers] == [True, True, False]
    [error] = answers[-1]["errors"]
    assert error["extensions"]["code"] == "RATE_LIMITED"
    assert 25 <= error["extensions"]["params"]["seconds"] <= 30
    assert await api.database.pool.fetchval("SELECT count(*) FROM messages WHERE message_type = 'user'") == 2


async def test_refused_documents_are_charged(api: Api) -> None:
    rates = RateLimits(api.database, points=600, scarce_points=0)
    executor = Executor(schema._schema, charge=lambda context, price: rates.charge(context.viewer.id, price))
    context = await api.context("ann")
    refused = 0
    with pytest.raises(RateLimited):
        for number in range(1_000):
            with pytest.raises(executor.refused):
                await executor.prepare_for(context, f"{{ nothing{number} }}", None)
            refused += 1
    assert 6 <= refused < 100
    await executor.prepare_for(context, "{ viewer { id } }", None)  # a valid document is charged when it runs


async def test_an_operation_refused_for_its_cost_is_not_charged(api: Api) -> None:
    rates = RateLimits(api.database, points=20_000, scarce_points=0)
    executor = Executor(schema._schema, charge=lambda context, price: rates.charge(context.viewer.id, price))
    greedy = "{ conversations(first: 100) { edges { node { messages(first: 100) { edges { cursor } } } } } }"
    for _ in range(10):
        response = await executor.execute(executor.prepare(greedy), {}, await api.context("ann"))
        assert response["errors"][0]["extensions"]["code"] == "QUERY_TOO_COMPLEX"
    assert await api.database.pool.fetchval("SELECT count(*) FROM rate_budgets") == 0


@pytest.mark.parametrize("points", [1, 50, 119, 120])
async def test_a_price_is_charged_exactly(api: Api, points: int) -> None:
    rates = RateLimits(api.database, points=120, scarce_points=0)
    paid = await spend_all(rates, "ann", Price(points), at_most=200)
    assert 120 // points <= paid <= 120 // points + 10 // points + 1


@pytest.mark.parametrize(
    "document",
    [
        'mutation { sendMessage(input: {content: "x"}) { message { id } } }',
        'mutation { createIntent(input: {description: "x"}) { id } }',
        '{ search(query: "x") { score } }',
        '{ previewContext(content: "x") { tokenCount } }',
        '{ message(id: "x") { similar { score } } }',
        '{ intent(id: "x") { similar { score } } }',
    ],
)
def test_model_calls_and_searches_have_scarce_points(document: str) -> None:
    assert Executor(schema._schema).prepare(document).price({}).scarce >= 20


def test_plain_reads_have_no_scarce_points() -> None:
    read = Executor(schema._schema).prepare("{ messages { edges { node { intents { history { reason } } } } } }")
    assert read.price({}).scarce == 0
