"""Every argument of the API, and each part of it, with hostile values: never INTERNAL. `make fuzz` tries more."""

import httpx

from tests.fuzz.operations import places
from tests.fuzz.values import JSON_VALUES, LITERALS, UUID
from tests.resolvers.conftest import Api

# Values per place. They rotate, so that all places together get all values.
VARIABLES, IN_DOCUMENT = 5, 2


async def records_of(api: Api) -> dict[str, str]:
    """Ids of records by the mutation that changes them, because most values are checked after the record is found."""
    sent = await api.data('mutation { sendMessage(input: {content: "x"}) { message { id conversation { id } } } }')
    intent = (await api.data('mutation { createIntent(input: {description: "x"}) { id } }'))["createIntent"]["id"]
    message = sent["sendMessage"]["message"]
    made = await api.data(
        'mutation { recordDecision(input: {title: "x", options: [{label: "a"}], chosen: "a"}) { id } }'
    )
    decision = made["recordDecision"]["id"]
    return {
        "updateIntent": intent,
        "cancelIntent": intent,
        "renameConversation": message["conversation"]["id"],
        "archiveConversation": message["conversation"]["id"],
        "editMessage": message["id"],
        "updateDecision": decision,
        "setDecisionStatus": decision,
    }


async def test_no_hostile_value_in_any_argument_fails_unexpectedly(http: httpx.AsyncClient, api: Api) -> None:
    records, failed, number = await records_of(api), list[str](), 0
    for place in places():
        bodies = []
        for _ in range(VARIABLES):
            number += 1
            bodies.append(place.with_variable(JSON_VALUES[number % len(JSON_VALUES)]))
        bodies += [place.with_literal(LITERALS[(number + step) % len(LITERALS)]) for step in range(IN_DOCUMENT)]
        for body in bodies:
            content = body.replace(UUID, records.get(place.field, UUID)).encode("utf-8", "surrogatepass")
            response = await http.post("/graphql", content=content, headers={"content-type": "application/json"})
            if response.status_code >= 500 or '"INTERNAL"' in response.text:
                failed.append(f"{place}: {body[:300]}")
    assert number > len(JSON_VALUES)
    assert failed == []


async def test_hostile_values_that_are_stored_can_be_read_again(api: Api) -> None:
    usage = {"usage": {"input_tokens": 1e300, "output_tokens": -1e300}, "durationMs": 1e300, "timezone": {"a": []}}
    for metadata in (usage, {"timezone": "../../etc/passwd"}, {"": {"\u202e": "\U0010ffff"}}, {"a": 2**63}):
        await api.data(
            'mutation($m: JSON) { sendMessage(input: {content: "a\\u2028b", metadata: $m}) { message { id } } }',
            m=metadata,
        )
        await api.data(
            'mutation($m: JSON) { createIntent(input: {description: "x", metadata: $m}) { id } }', m=metadata
        )
    await api.data("{ overview { inputTokens outputTokens answerSeconds } }")
    assert len((await api.data("{ messages { edges { node { content metadata } } } }"))["messages"]["edges"]) == 8
    await api.data("{ intents { edges { node { description metadata result } } } }")
