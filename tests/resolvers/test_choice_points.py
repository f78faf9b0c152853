"""Choice points: at least two different options, decided once, with the reasons on both sides."""

import asyncio
from typing import Any

import pytest

from tests.resolvers.conftest import Api

FIELDS = "id question options { id label rejectionReason } chosen { label } rationale tags decidedAt"
CREATE = f"mutation($input: CreateChoicePointInput!) {{ createChoicePoint(input: $input) {{ {FIELDS} }} }}"
DECIDE = f"mutation($input: DecideChoicePointInput!) {{ decideChoicePoint(input: $input) {{ {FIELDS} }} }}"
LIST = "query($d: Boolean, $t: [String!]) { choicePoints(decided: $d, tags: $t) { edges { node { question } } } }"


async def lay_out(api: Api, **fields: object) -> Any:
    given = {"question": "Which database?", "options": ["PostgreSQL", "MySQL", "SQLite"], **fields}
    return (await api.data(CREATE, input=given))["createChoicePoint"]


def decision(choice: Any, chosen: int = 0, **fields: object) -> dict[str, object]:
    return {"id": choice["id"], "chosenOptionId": choice["options"][chosen]["id"], "rationale": "pgvector", **fields}


async def test_a_choice_is_laid_out_in_the_order_of_its_options(api: Api) -> None:
    choice = await lay_out(api, tags=["db"])
    assert [option["label"] for option in choice["options"]] == ["PostgreSQL", "MySQL", "SQLite"]
    assert (choice["chosen"], choice["decidedAt"], choice["tags"]) == (None, None, ["db"])


async def test_a_decision_keeps_its_reason_and_why_the_others_were_not_chosen(api: Api) -> None:
    choice = await lay_out(api)
    rejections = [{"optionId": choice["options"][1]["id"], "reason": "no vectors"}]
    decided = (await api.data(DECIDE, input=decision(choice, rejections=rejections)))["decideChoicePoint"]
    assert decided["chosen"] == {"label": "PostgreSQL"}
    assert decided["rationale"] == "pgvector"
    assert decided["decidedAt"] is not None
    assert [option["rejectionReason"] for option in decided["options"]] == [None, "no vectors", None]
    kinds = await api.database.pool.fetch("SELECT kind FROM events ORDER BY id")
    assert [row["kind"] for row in kinds] == ["choice_point_created", "choice_point_decided"]


async def test_of_two_decisions_at_the_same_moment_one_is_kept(api: Api) -> None:
    choice = await lay_out(api)
    answers = await asyncio.gather(*(api(DECIDE, input=decision(choice, chosen=number)) for number in (0, 1)))
    codes = sorted(answer["errors"][0]["extensions"]["code"] if "errors" in answer else "kept" for answer in answers)
    assert codes == ["CONFLICT", "kept"]


async def test_the_database_itself_lets_nobody_decide_twice(api: Api) -> None:
    choice = await lay_out(api)
    await api.data(DECIDE, input=decision(choice))
    with pytest.raises(Exception, match="made already"):
        await api.database.pool.execute("UPDATE choice_points SET rationale = 'other' WHERE id = $1", choice["id"])


async def test_the_database_itself_demands_two_options(api: Api) -> None:
    with pytest.raises(Exception, match="at least two options"):
        await api.database.pool.execute("INSERT INTO choice_points (user_id, question) VALUES ('ann', 'which?')")


@pytest.mark.parametrize(
    "fields",
    [
        {"options": []},
        {"options": ["one"]},
        {"options": ["one", "One "]},
        {"options": ["one", ""]},
        {"options": ["one", "x" * 501]},
        {"options": [str(number) for number in range(21)]},
        {"question": " "},
        {"question": "x" * 2001},
        {"tags": [str(number) for number in range(11)]},
    ],
)
async def test_what_is_no_choice_is_refused(api: Api, fields: dict[str, object]) -> None:
    given = {"question": "Which?", "options": ["a", "b"], **fields}
    assert await api.code(CREATE, input=given) == "BAD_USER_INPUT"


async def test_a_decision_must_make_sense(api: Api) -> None:
    choice, other = await lay_out(api), await lay_out(api)
    first, second = (option["id"] for option in choice["options"][:2])
    foreign = other["options"][0]["id"]

    async def code(**fields: object) -> str:
        return await api.code(DECIDE, input=decision(choice, **fields))  # type: ignore[arg-type]

    assert await code(chosenOptionId=foreign) == "NOT_FOUND"
    assert await code(rationale=" ") == "BAD_USER_INPUT"
    assert await code(rejections=[{"optionId": first, "reason": "r"}]) == "BAD_USER_INPUT"
    assert await code(rejections=[{"optionId": second, "reason": "r"}] * 2) == "BAD_USER_INPUT"
    assert await code(rejections=[{"optionId": foreign, "reason": "r"}]) == "NOT_FOUND"
    assert (await api.data(LIST, d=True))["choicePoints"]["edges"] == []


async def test_choices_are_listed_by_whether_they_are_decided_and_by_tag(api: Api) -> None:
    await api.data(DECIDE, input=decision(await lay_out(api, question="made", tags=["db"])))
    await lay_out(api, question="open", tags=["db", "auth"])

    async def questions(**which: Any) -> list[str]:
        return [edge["node"]["question"] for edge in (await api.data(LIST, **which))["choicePoints"]["edges"]]

    assert await questions() == ["open", "made"]
    assert await questions(d=True) == ["made"]
    assert await questions(d=False) == ["open"]
    assert await questions(t=["auth"]) == ["open"]


async def test_a_choice_knows_where_it_came_up(api: Api) -> None:
    made = await api.data('mutation { createIntent(input: {description: "pick a store"}) { id } }')
    intent = made["createIntent"]["id"]
    choice = await lay_out(api, intentId=intent)
    found = await api.data(
        "query($id: ID!) { node(id: $id) { ... on ChoicePoint { intent { id } } } }", id=choice["id"]
    )
    assert found["node"]["intent"]["id"] == intent
    unknown = "0199f2c4-0000-7000-8000-000000000000"
    for where in ("intentId", "conversationId"):
        assert await api.code(CREATE, input={"question": "q", "options": ["a", "b"], where: unknown}) == "NOT_FOUND"
    given = {"question": "q", "options": ["a", "b"], "intentId": intent}
    assert await api.code(CREATE, "bob", input=given) == "NOT_FOUND"


async def test_another_users_choice_is_not_found(api: Api) -> None:
    choice = await lay_out(api)
    assert await api.code(DECIDE, "bob", input=decision(choice)) == "NOT_FOUND"
    assert await api.code("query($id: ID!) { node(id: $id) { id } }", "bob", id=choice["id"]) == "NOT_FOUND"
    assert (await api.data(LIST, "bob"))["choicePoints"]["edges"] == []
