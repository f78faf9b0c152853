"""Specifications: every revision kept, a workflow that holds, versions that guard against lost changes."""

from typing import Any

import pytest

from tests.resolvers.conftest import Api

SAVE = """
mutation Save($input: SaveSpecificationInput!) {
  saveSpecification(input: $input) {
    id title content version status tags revisions { version title content status author intent { id } }
  }
}
"""
LIST = """
query List($status: [SpecificationStatus!], $tags: [String!], $first: Int, $after: String) {
  specifications(status: $status, tags: $tags, first: $first, after: $after) {
    edges { node { title } } pageInfo { hasNextPage endCursor }
  }
}
"""
RESTORE = """
mutation($id: ID!, $version: Int!) {
  restoreSpecification(id: $id, version: $version) { version status content tags revisions { version } }
}
"""
DELETE = "mutation($id: ID!) { deleteSpecification(id: $id) }"
ONE = "query($id: ID!) { specification(id: $id) { title } node(id: $id) { __typename id } }"


async def save(api: Api, **fields: object) -> dict[str, object]:
    data = await api.data(SAVE, input={"title": "Store", "content": "# Store\nPostgreSQL.", **fields})
    saved: dict[str, object] = data["saveSpecification"]
    return saved


async def refusal(api: Api, **fields: object) -> tuple[str, str]:
    response = await api(SAVE, input={"title": "Store", "content": "# Store\nPostgreSQL.", **fields})
    [error] = response["errors"]
    return error["extensions"]["code"], error["extensions"]["key"]


async def events(api: Api) -> list[str]:
    """The kinds of the events, without those of the default projects."""
    rows = await api.database.pool.fetch("SELECT kind FROM events WHERE kind <> 'project_created' ORDER BY id")
    return [row["kind"] for row in rows]


async def test_a_specification_is_saved_as_a_draft_with_its_first_revision(api: Api) -> None:
    saved = await save(api, tags=["db", "store", "db"])
    assert (saved["version"], saved["status"], saved["tags"]) == (1, "DRAFT", ["db", "store"])
    assert saved["revisions"] == [
        {"version": 1, "title": "Store", "content": "# Store\nPostgreSQL.", "status": "DRAFT", "author": "ann",
         "intent": None}
    ]  # fmt: skip
    assert await events(api) == ["specification_created"]


async def test_every_change_is_a_revision_and_what_stood_before_is_kept(api: Api) -> None:
    first = await save(api)
    await save(api, id=first["id"], content="MySQL.")
    last = await save(api, id=first["id"], content="MySQL.", status="REVIEW")
    assert [(r["version"], r["content"], r["status"]) for r in last["revisions"]] == [  # type: ignore[attr-defined]
        (1, "# Store\nPostgreSQL.", "DRAFT"),
        (2, "MySQL.", "DRAFT"),
        (3, "MySQL.", "REVIEW"),
    ]
    assert await events(api) == ["specification_created", "specification_updated", "specification_updated"]


async def test_saving_what_stands_already_makes_no_revision_and_no_event(api: Api) -> None:
    first = await save(api)
    again = await save(api, id=first["id"], expectedVersion=1)
    assert again == first
    assert await events(api) == ["specification_created"]


async def test_a_change_made_from_an_old_version_is_a_conflict_and_loses_nothing(api: Api) -> None:
    first = await save(api)
    await save(api, id=first["id"], content="newer", expectedVersion=1)
    refused = await refusal(api, id=first["id"], content="older", expectedVersion=1)
    assert refused == ("CONFLICT", "specification.changed")
    stands = await save(api, id=first["id"], content="newer")
    assert stands["version"] == 2


async def test_the_way_to_approval_leads_through_review(api: Api) -> None:
    draft = await save(api)
    refused = await refusal(api, id=draft["id"], status="APPROVED")
    assert refused == ("CONFLICT", "specification.not_reviewed")
    await save(api, id=draft["id"], status="REVIEW")
    assert (await save(api, id=draft["id"], status="APPROVED"))["status"] == "APPROVED"


async def test_what_is_approved_is_the_text_that_was_reviewed(api: Api) -> None:
    draft = await save(api)
    await save(api, id=draft["id"], status="REVIEW")
    refused = ("CONFLICT", "specification.text_not_reviewed")
    assert await refusal(api, id=draft["id"], status="APPROVED", content="smuggled in") == refused
    await save(api, id=draft["id"], status="APPROVED")
    assert await refusal(api, id=draft["id"], status="APPROVED", content="smuggled in") == refused
    assert (await save(api, id=draft["id"], status="APPROVED", tags=["db"]))["version"] == 4
    assert (await save(api, id=draft["id"], content="reworked"))["status"] == "DRAFT"


async def test_the_database_itself_holds_the_workflow(api: Api) -> None:
    draft = await save(api)
    with pytest.raises(Exception, match="save it for REVIEW first"):
        await api.database.pool.execute("UPDATE specifications SET status = 'approved' WHERE id = $1", draft["id"])


async def test_specifications_are_listed_newest_first_by_status_and_by_all_of_the_tags(api: Api) -> None:
    await save(api, title="one", tags=["db"])
    await save(api, title="two", tags=["db", "auth"], status="REVIEW")
    await save(api, title="three", tags=["auth"], status="APPROVED")

    async def titles(**which: Any) -> list[str]:
        edges = (await api.data(LIST, **which))["specifications"]["edges"]
        return [edge["node"]["title"] for edge in edges]

    assert await titles() == ["three", "two", "one"]
    assert await titles(tags=["db"]) == ["two", "one"]
    assert await titles(tags=["db", "auth"]) == ["two"]
    assert await titles(status=["DRAFT", "APPROVED"]) == ["three", "one"]
    assert await titles(status=[]) == []
    page = (await api.data(LIST, first=2))["specifications"]
    assert page["pageInfo"]["hasNextPage"] is True
    assert await titles(first=2, after=page["pageInfo"]["endCursor"]) == ["one"]


@pytest.mark.parametrize(
    "fields",
    [
        {"title": " "},
        {"title": "x" * 201},
        {"content": ""},
        {"content": "x" * 300_000},
        {"content": "a\x00"},
        {"tags": [str(number) for number in range(11)]},
        {"tags": ["x" * 51]},
        {"tags": [""]},
        {"expectedVersion": 1},
    ],
)
async def test_what_cannot_be_kept_is_refused(api: Api, fields: dict[str, object]) -> None:
    assert (await refusal(api, **fields))[0] == "BAD_USER_INPUT"


async def test_one_is_found_by_its_id_also_as_a_node_and_gone_when_deleted(api: Api) -> None:
    saved = await save(api)
    found = await api.data(ONE, id=saved["id"])
    assert found == {"specification": {"title": "Store"}, "node": {"__typename": "Specification", "id": saved["id"]}}
    assert (await api.data(DELETE, id=saved["id"]))["deleteSpecification"] == saved["id"]
    assert await api.code(DELETE, id=saved["id"]) == "NOT_FOUND"
    assert await events(api) == ["specification_created", "specification_deleted"]


async def test_another_users_specification_is_not_found_and_a_viewer_only_reads(api: Api) -> None:
    saved = await save(api)
    change = {"id": saved["id"], "title": "t", "content": "c"}
    assert await api.code(SAVE, "bob", input=change) == "NOT_FOUND"
    assert await api.code(DELETE, "bob", id=saved["id"]) == "NOT_FOUND"
    assert await api.code("query($id: ID!) { specification(id: $id) { id } }", "bob", id=saved["id"]) == "NOT_FOUND"
    assert (await api.data(LIST, "bob"))["specifications"]["edges"] == []
    assert await api.code(SAVE, "vic", input={"title": "t", "content": "c"}) == "FORBIDDEN"


async def test_an_earlier_revision_is_restored_as_a_new_draft(api: Api) -> None:
    saved = await save(api, tags=["db"])
    await save(api, id=saved["id"], content="MySQL.", status="REVIEW", tags=["db"])
    await save(api, id=saved["id"], content="MySQL.", status="APPROVED", tags=["db"])
    restored = (await api.data(RESTORE, id=saved["id"], version=1))["restoreSpecification"]
    assert (restored["version"], restored["status"], restored["content"]) == (4, "DRAFT", "# Store\nPostgreSQL.")
    assert (restored["tags"], len(restored["revisions"])) == (["db"], 4)
    for version, key in ((1, "specification.same_text"), (9, "specification.no_revision")):
        (error,) = (await api(RESTORE, id=saved["id"], version=version))["errors"]
        assert error["extensions"]["key"] == key
    assert await api.code(RESTORE, "bob", id=saved["id"], version=2) == "NOT_FOUND"
