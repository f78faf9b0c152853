"""Decisions: recorded, edited, superseded, reopened; their numbers, topics, history and earlier states."""

import asyncio
from typing import Any

import pytest

from tests.resolvers.conftest import Api

FIELDS = """
  id number title kind topic context options { id label rejectionReason } chosen { label } value rationale consequences
  status version tags supersedes { number } supersededBy { number } sources { __typename } author decidedAt validUntil
  history { fromStatus toStatus actor reason key params at } contradictions { id }
"""
RECORD = f"mutation($input: RecordDecisionInput!) {{ recordDecision(input: $input) {{ {FIELDS} }} }}"
UPDATE = f"mutation($input: UpdateDecisionInput!) {{ updateDecision(input: $input) {{ {FIELDS} }} }}"
SET = f"""
mutation($id: ID!, $status: DecisionStatus!, $reason: String! = "because") {{
  setDecisionStatus(id: $id, status: $status, reason: $reason) {{ {FIELDS} }}
}}"""
DELETE = "mutation($id: ID!) { deleteDecision(id: $id) }"
GET = f"query($id: ID!) {{ decision(id: $id) {{ {FIELDS} }} }}"
LIST = """
query($status: [DecisionStatus!], $topic: String, $tags: [String!], $asOf: DateTime, $first: Int, $after: String) {
  decisions(status: $status, topic: $topic, tags: $tags, asOf: $asOf, first: $first, after: $after) {
    edges { cursor node { number status validUntil supersededBy { number } } } pageInfo { hasNextPage }
  }
}"""
OPTIONS = [{"label": "PostgreSQL"}, {"label": "MySQL", "rejectionReason": "no vectors"}]


async def record(api: Api, **fields: object) -> Any:
    given = {
        "title": "Use PostgreSQL", "options": OPTIONS, "chosen": "PostgreSQL", "rationale": "pgvector", **fields,
    }  # fmt: skip
    return (await api.data(RECORD, input=given))["recordDecision"]


async def rule(api: Api, title: str, **fields: object) -> Any:
    return (await api.data(RECORD, input={"title": title, "kind": "RULE", **fields}))["recordDecision"]


async def numbers(api: Api, user: str = "ann", **which: Any) -> list[tuple[int, str]]:
    edges = (await api.data(LIST, user, **which))["decisions"]["edges"]
    return [(edge["node"]["number"], edge["node"]["status"]) for edge in edges]


async def key_of_failure(api: Api, query: str, **variables: Any) -> str:
    answer = await api(query, **variables)
    key: str = answer["errors"][0]["extensions"]["key"]
    return key


async def test_a_recorded_decision_has_all_its_parts_and_its_events(api: Api) -> None:
    sent = await api.data('mutation { sendMessage(input: {content: "we use PostgreSQL"}) { message { id } } }')
    message = sent["sendMessage"]["message"]["id"]
    made = await record(api, tags=["db"], context="Where do we store?", consequences="We run it.", sourceIds=[message])
    assert (made["number"], made["kind"], made["status"], made["version"]) == (1, "CHOICE", "ACCEPTED", 1)
    assert made["topic"] == "database"
    assert made["chosen"] == {"label": "PostgreSQL"}
    assert [option["rejectionReason"] for option in made["options"]] == [None, "no vectors"]
    assert (made["context"], made["consequences"], made["tags"]) == ("Where do we store?", "We run it.", ["db"])
    assert made["sources"] == [{"__typename": "Message"}]
    assert (made["author"], made["validUntil"]) == ("ann", None)
    assert made["decidedAt"] is not None
    [change] = made["history"]
    assert (change["fromStatus"], change["toStatus"], change["actor"]) == (None, "ACCEPTED", "ann")
    events = await api.database.pool.fetch("SELECT kind FROM events WHERE kind LIKE 'decision%' ORDER BY id")
    assert [row["kind"] for row in events] == ["decision_created"]


async def test_numbers_count_up_and_are_not_given_again(api: Api) -> None:
    first, second = await rule(api, "Never log passwords"), await rule(api, "Always review")
    assert (first["number"], second["number"]) == (1, 2)
    await api.data(DELETE, id=second["id"])
    assert (await rule(api, "Deploy on Mondays"))["number"] == 3
    made = await asyncio.gather(*(rule(api, f"Rule {letter}") for letter in "abcd"))
    assert sorted(each["number"] for each in made) == [4, 5, 6, 7]
    other = await api.data(RECORD, "bob", input={"title": "Bob's own", "kind": "RULE"})
    assert other["recordDecision"]["number"] == 1


async def test_numbers_and_topics_are_those_of_a_project(api: Api) -> None:
    other = (await api.data('mutation { saveProject(input: {name: "Other"}) { id } }'))["saveProject"]["id"]
    await record(api, topic="database")
    there = await record(api, topic="database", projectId=other)
    assert (there["number"], there["status"]) == (1, "ACCEPTED")
    query = "query($id: ID!) { decisions(projectId: $id) { edges { node { id project { id } } } } }"
    edges = (await api.data(query, id=other))["decisions"]["edges"]
    assert [edge["node"] for edge in edges] == [{"id": there["id"], "project": {"id": other}}]
    assert await api.code(query, "bob", id=other) == "NOT_FOUND"
    assert await api.code(RECORD, "bob", input={"title": "t", "projectId": other}) == "NOT_FOUND"


async def test_a_new_decision_supersedes_an_earlier_one_with_links_both_ways(api: Api) -> None:
    old = await record(api)
    new = await record(api, title="Move to MySQL", options=[{"label": "MySQL"}], chosen="MySQL", supersedes=[old["id"]])
    assert (new["status"], new["supersedes"]) == ("ACCEPTED", [{"number": 1}])
    old = (await api.data(GET, id=old["id"]))["decision"]
    assert (old["status"], old["supersededBy"]) == ("SUPERSEDED", {"number": 2})
    assert old["validUntil"] is not None
    last = old["history"][-1]
    assert (last["key"], last["params"]) == ("decision.superseded", {"number": "2", "title": "Move to MySQL"})
    assert await key_of_failure(
        api, RECORD, input={"title": "Again", "supersedes": [old["id"]]}
    ) == "decision.not_in_force"  # fmt: skip


@pytest.mark.parametrize("topic", ["データベース", "DB", "the database"])
async def test_of_two_choices_for_one_topic_in_any_language_the_second_is_only_proposed(api: Api, topic: str) -> None:
    await record(api, topic="database")
    second = await record(api, title="Store in MySQL", options=[], chosen=None, topic=topic)
    assert second["status"] == "PROPOSED"
    assert second["history"][0]["key"] == "decision.proposed_only"
    assert second["decidedAt"] is None
    assert await key_of_failure(api, SET, id=second["id"], status="ACCEPTED") == "decision.topic_decided"
    assert await numbers(api, topic=topic) == [(2, "PROPOSED"), (1, "ACCEPTED")]
    assert (await rule(api, "Back up the database nightly", topic=topic))["status"] == "ACCEPTED"


async def test_of_two_choices_at_the_same_moment_one_is_accepted(api: Api) -> None:
    made = await asyncio.gather(*(record(api, topic="database", title=f"Use {name}") for name in ("one", "two")))
    assert sorted(each["status"] for each in made) == ["ACCEPTED", "PROPOSED"]


async def test_a_decision_is_withdrawn_reopened_rejected_and_accepted_with_reasons(api: Api) -> None:
    decision = await record(api)
    for status in ("WITHDRAWN", "PROPOSED", "REJECTED", "PROPOSED", "ACCEPTED"):
        decision = (await api.data(SET, id=decision["id"], status=status, reason=f"to {status}"))["setDecisionStatus"]
        assert decision["status"] == status
        assert decision["history"][-1]["reason"] == f"to {status}"
    assert (decision["version"], len(decision["history"])) == (6, 6)
    assert (decision["validUntil"], decision["decidedAt"] is not None) == (None, True)
    assert await key_of_failure(api, SET, id=decision["id"], status="ACCEPTED") == "decision.transition"
    assert await key_of_failure(api, SET, id=decision["id"], status="REJECTED") == "decision.transition"
    assert await key_of_failure(api, SET, id=decision["id"], status="SUPERSEDED") == "decision.supersede_by_recording"


async def test_a_superseded_decision_that_is_accepted_again_withdraws_the_other(api: Api) -> None:
    old = await record(api)
    new = await record(api, title="Store it in MySQL", options=[], chosen=None, supersedes=[old["id"]])
    again = (await api.data(SET, id=old["id"], status="ACCEPTED"))["setDecisionStatus"]
    assert (again["status"], again["supersededBy"], again["validUntil"]) == ("ACCEPTED", None, None)
    assert (await api.data(GET, id=new["id"]))["decision"]["status"] == "WITHDRAWN"
    assert await key_of_failure(api, SET, id=new["id"], status="ACCEPTED") == "decision.topic_decided"


async def test_the_statuses_of_any_moment_are_known(api: Api) -> None:
    old = await record(api)
    new = await record(api, title="Store it in MySQL", options=[], chosen=None, supersedes=[old["id"]])
    await api.data(SET, id=new["id"], status="WITHDRAWN")
    history = (await api.data(GET, id=new["id"]))["decision"]["history"]
    assert await numbers(api, asOf="2001-01-01T00:00:00Z") == []
    assert await numbers(api, asOf=old["decidedAt"]) == [(1, "ACCEPTED")]
    assert await numbers(api, asOf=new["decidedAt"]) == [(2, "ACCEPTED"), (1, "SUPERSEDED")]
    assert await numbers(api, asOf=new["decidedAt"], status=["ACCEPTED"]) == [(2, "ACCEPTED")]
    assert await numbers(api, asOf=history[-1]["at"]) == [(2, "WITHDRAWN"), (1, "SUPERSEDED")]
    edge = (await api.data(LIST, asOf=old["decidedAt"]))["decisions"]["edges"][0]["node"]
    assert (edge["validUntil"], edge["supersededBy"]) == (None, None)


async def test_an_edit_keeps_what_is_not_given_and_expects_its_version(api: Api) -> None:
    decision = await record(api)
    given = {"id": decision["id"], "title": "Use PostgreSQL 18", "rationale": "", "expectedVersion": 1}
    edited = (await api.data(UPDATE, input=given))["updateDecision"]
    assert (edited["title"], edited["rationale"], edited["topic"]) == ("Use PostgreSQL 18", None, "database")
    assert (edited["version"], edited["history"][-1]["key"]) == (2, "decision.edited")
    assert edited["chosen"] == {"label": "PostgreSQL"}
    assert await key_of_failure(api, UPDATE, input=given) == "decision.changed"
    assert await key_of_failure(
        api, UPDATE, input={"id": decision["id"], "chosen": "MySQL"}
    ) == "decision.chosen_rejected"  # fmt: skip
    assert await key_of_failure(api, UPDATE, input={"id": decision["id"], "value": "x"}) == "decision.content_fixed"


async def test_the_options_of_a_proposed_decision_can_be_edited_and_one_be_chosen(api: Api) -> None:
    open_options = [{"label": "Vite"}, {"label": "Webpack"}]
    decision = await record(api, title="Which bundler?", options=open_options, chosen=None, status="PROPOSED")
    assert (decision["chosen"], decision["decidedAt"]) == (None, None)
    assert await key_of_failure(api, SET, id=decision["id"], status="ACCEPTED") == "decision.chosen_missing"
    await api.data(UPDATE, input={"id": decision["id"], "options": [*open_options, {"label": "Rollup"}]})
    chosen = (await api.data(UPDATE, input={"id": decision["id"], "chosen": "vite"}))["updateDecision"]
    assert chosen["chosen"] == {"label": "Vite"}
    accepted = (await api.data(SET, id=decision["id"], status="ACCEPTED"))["setDecisionStatus"]
    assert (accepted["status"], len(accepted["options"])) == ("ACCEPTED", 3)


async def test_a_topic_that_is_decided_cannot_be_taken_by_an_edit(api: Api) -> None:
    await record(api, topic="database")
    other = await record(api, topic="queue", title="Use NATS", options=[], chosen=None)
    given = {"id": other["id"], "topic": "データベース"}
    assert await key_of_failure(api, UPDATE, input=given) == "decision.topic_decided"


async def test_the_same_key_records_once(api: Api) -> None:
    first, again = [await rule(api, "Never force-push", idempotencyKey="k") for _ in range(2)]
    assert first["id"] == again["id"]
    assert await numbers(api) == [(1, "ACCEPTED")]


async def test_decisions_are_listed_by_status_and_tag_in_pages(api: Api) -> None:
    for title, tags in (("One", ["a"]), ("Two", ["a", "b"]), ("Three", [])):
        await rule(api, title, tags=tags, status="PROPOSED" if title == "Three" else "ACCEPTED")
    assert await numbers(api, status=["ACCEPTED"]) == [(2, "ACCEPTED"), (1, "ACCEPTED")]
    assert await numbers(api, tags=["a", "b"]) == [(2, "ACCEPTED")]
    page = (await api.data(LIST, first=2))["decisions"]
    assert page["pageInfo"] == {"hasNextPage": True}
    assert await numbers(api, first=2, after=page["edges"][-1]["cursor"]) == [(1, "ACCEPTED")]


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"title": " "}, "input.empty"),
        ({"title": "x" * 201}, "input.too_long"),
        ({"chosen": "SQLite"}, "decision.chosen_unknown"),
        ({"chosen": "MySQL"}, "decision.chosen_rejected"),
        ({"chosen": None}, "decision.chosen_missing"),
        ({"options": [{"label": "a"}, {"label": "A "}], "chosen": "a"}, "decision.duplicate_option"),
        ({"options": [{"label": str(number)} for number in range(21)], "chosen": "1"}, "input.too_many"),
        ({"status": "SUPERSEDED"}, "decision.status_of_new"),
        ({"sourceIds": ["0199f2c4-0000-7000-8000-000000000000"]}, "decision.no_source"),
        ({"supersedes": ["nothing"]}, "decision.not_found"),
        ({"tags": [str(number) for number in range(11)]}, "input.too_many"),
    ],
)
async def test_what_is_no_decision_is_refused(api: Api, fields: dict[str, object], key: str) -> None:
    given = {"title": "t", "options": OPTIONS, "chosen": "PostgreSQL", **fields}
    assert await key_of_failure(api, RECORD, input=given) == key
    assert await numbers(api) == []


async def test_another_users_decision_is_not_found(api: Api) -> None:
    decision = await record(api)
    for query, variables in (
        (GET, {"id": decision["id"]}),
        (DELETE, {"id": decision["id"]}),
        (SET, {"id": decision["id"], "status": "WITHDRAWN"}),
        (UPDATE, {"input": {"id": decision["id"], "title": "mine"}}),
        (RECORD, {"input": {"title": "t", "supersedes": [decision["id"]]}}),
        (RECORD, {"input": {"title": "t", "sourceIds": [decision["id"]]}}),
    ):
        assert await api.code(query, "bob", **variables) == "NOT_FOUND"
    assert await numbers(api, "bob") == []
