"""Webhooks over GraphQL: who may manage them, what is accepted, and secrets that are shown once."""

import re
from typing import Any

import pytest

from tests.resolvers.conftest import Api
from tests.resolvers.test_members import add, key
from tests.resolvers.test_projects import saved

SAVE = (
    "mutation($input: SaveWebhookInput!) { saveWebhook(input: $input) "
    "{ secret webhook { id url description kinds enabled disabledReason pendingCount } } }"
)
LIST = (
    "query($id: ID!, $status: DeliveryStatus, $first: Int, $after: String) { webhooks(projectId: $id) { id url enabled "
    "deadCount pendingCount failingSince nextAttemptAt deliveries(status: $status, first: $first, after: $after) "
    "{ edges { cursor node { id type status attempts error errorKey } } pageInfo { hasNextPage } } } }"
)
TEST = "mutation($id: ID!) { sendTestWebhook(id: $id) { id type status attempts nextAttemptAt } }"
ROTATE = "mutation($id: ID!) { rotateWebhookSecret(id: $id) }"
DELETE = "mutation($id: ID!) { deleteWebhook(id: $id) }"
REPLAY = "mutation($id: ID!, $ids: [ID!]) { replayWebhookDeliveries(id: $id, deliveryIds: $ids) }"
SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{43}=")


@pytest.fixture
async def project(api: Api) -> str:
    """A project of ann, of which bob is a member."""
    await api.database.pool.execute("UPDATE users SET name = id")
    id: str = (await saved(api, name="Shop"))["id"]
    await add(api, id, "bob", "MEMBER")
    return id


async def made(api: Api, project: str, **more: Any) -> dict[str, Any]:
    """A new webhook with its secret."""
    given = {"projectId": project, "url": "https://example.com/hook", **more}
    payload: dict[str, Any] = (await api.data(SAVE, input=given))["saveWebhook"]
    return payload


async def test_secret_is_shown_at_creation_and_rotation_only(api: Api, project: str) -> None:
    created = await made(api, project, kinds=["DECISION_CREATED"], description=" chat ")
    id = created["webhook"]["id"]
    assert SECRET.fullmatch(created["secret"])
    assert created["webhook"]["kinds"] == ["DECISION_CREATED"]
    assert created["webhook"]["description"] == "chat"
    changed = (await api.data(SAVE, input={"id": id, "enabled": False}))["saveWebhook"]
    assert changed["secret"] is None
    assert changed["webhook"] == created["webhook"] | {"enabled": False}
    rotated = (await api.data(ROTATE, id=id))["rotateWebhookSecret"]
    assert SECRET.fullmatch(rotated)
    assert rotated != created["secret"]
    [row] = (await api.data(LIST, id=project))["webhooks"]
    assert "whsec" not in str(row)
    await api.data(ROTATE, id=id)
    rows = await api.database.pool.fetch("SELECT secret, expires_at FROM webhook_secrets ORDER BY id")
    assert [(row["secret"] == rotated, row["expires_at"] is None) for row in rows] == [(True, False), (False, True)]


@pytest.mark.parametrize(
    "url",
    [
        "", "example.com", "ftp://example.com", "file:///etc/passwd", "https://", "https:///path", "http://u:p@example.com",
        "https://user@example.com", "https://example.com/#part", "https://exämple.com", "https://example.com/a b",
        "https://example.com:99999/", "https://example.com:0/", "https://[::1", "https://example.com/\r\nx: y",
        "https://example.com/" + "a" * 2000, "javascript:alert(1)",
    ],
)  # fmt: skip
async def test_address_that_cannot_be_used_is_refused(api: Api, project: str, url: str) -> None:
    given = {"projectId": project, "url": url}
    assert await key(api, SAVE, input=given) == "webhook.url_invalid"


async def test_members_and_others_cannot_use_them(api: Api, project: str) -> None:
    id = (await made(api, project))["webhook"]["id"]
    given = {"projectId": project, "url": "https://example.com"}
    for user, code in (("bob", "FORBIDDEN"), ("vic", "NOT_FOUND")):
        assert await api.code(LIST, user, id=project) == code
        if user == "vic":
            continue  # a viewer of the installation changes nothing
        for query in (TEST, ROTATE, DELETE, REPLAY):
            assert await api.code(query, user, id=id) == code
        for sent in (given, {"id": id}):
            assert await api.code(SAVE, user, input=sent) == code
    await add(api, project, "bob", None)
    assert await api.code(LIST, "bob", id=project) == "NOT_FOUND"
    assert await api.code(DELETE, "bob", id=id) == "NOT_FOUND"


async def test_test_is_a_delivery_and_a_disabled_webhook_sends_none(api: Api, project: str) -> None:
    id = (await made(api, project))["webhook"]["id"]
    sent = (await api.data(TEST, id=id))["sendTestWebhook"]
    assert (sent["type"], sent["status"], sent["attempts"]) == ("webhook.test", "PENDING", 0)
    [row] = (await api.data(LIST, id=project))["webhooks"]
    assert row["pendingCount"] == 1
    assert [edge["node"]["id"] for edge in row["deliveries"]["edges"]] == [sent["id"]]
    await api.data(SAVE, input={"id": id, "enabled": False})
    assert await key(api, TEST, id=id) == "webhook.disabled"


async def test_deliveries_are_paged_by_status_and_dead_ones_replayed(api: Api, project: str) -> None:
    id = (await made(api, project))["webhook"]["id"]
    ids = [(await api.data(TEST, id=id))["sendTestWebhook"]["id"] for _ in range(5)]
    await api.database.pool.execute(
        "UPDATE webhook_deliveries SET status = 'dead', ended_at = now() WHERE id = ANY($1)", ids[:3]
    )

    async def page(after: str | None) -> tuple[list[str], str, bool]:
        [row] = (await api.data(LIST, id=project, status="DEAD", first=2, after=after))["webhooks"]
        edges = row["deliveries"]["edges"]
        return (
            [edge["node"]["id"] for edge in edges],
            edges[-1]["cursor"],
            row["deliveries"]["pageInfo"]["hasNextPage"],
        )

    first, cursor, more = await page(None)
    assert (first, more) == ([ids[2], ids[1]], True)
    assert (await page(cursor))[0] == [ids[0]]
    assert (await api.data(REPLAY, id=id, ids=[ids[0], ids[4]]))["replayWebhookDeliveries"] == 1
    assert (await api.data(REPLAY, id=id))["replayWebhookDeliveries"] == 2
    assert (await api.data(LIST, id=project))["webhooks"][0]["deadCount"] == 0


async def test_number_of_webhooks_is_limited(api: Api, project: str) -> None:
    for _ in range(20):
        await made(api, project)
    assert await key(api, SAVE, input={"projectId": project, "url": "https://example.com"}) == "webhook.too_many"


async def test_deletion_of_a_project_deletes_its_webhooks_and_its_restoration_brings_them_back(
    api: Api, project: str
) -> None:
    id = (await made(api, project))["webhook"]["id"]
    await api.data(TEST, id=id)
    await api.data("mutation($id: ID!) { archiveProject(id: $id) { id } }", id=project)
    await api.data("mutation($id: ID!) { deleteProject(id: $id) }", id=project)
    for table in ("webhooks", "webhook_secrets", "webhook_deliveries"):
        assert await api.database.pool.fetchval(f"SELECT count(*) FROM {table}") == 0  # noqa: S608 - of the test
    await api.data("mutation($id: ID!) { restore(id: $id) { id } }", id=project)
    [row] = (await api.data(LIST, id=project))["webhooks"]
    assert (row["id"], row["pendingCount"]) == (id, 1)
    assert await api.database.pool.fetchval("SELECT count(*) FROM webhook_secrets") == 1
