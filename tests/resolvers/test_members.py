"""Members of projects over GraphQL: roles, invitations, leaving, and what only authors may do."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.resolvers.conftest import Api
from tests.resolvers.test_projects import SENT, default_of, saved

SET = (
    "mutation($project: ID!, $name: String!, $role: ProjectRole) "
    "{ setProjectMember(projectId: $project, userName: $name, role: $role) { id role members { userId role } } }"
)
INVITE = (
    "mutation($project: ID!, $role: ProjectRole = MEMBER, $until: DateTime) "
    "{ createInvitation(projectId: $project, role: $role, expiresAt: $until) { url role expiresAt } }"
)
ACCEPT = "mutation($code: String!) { acceptInvitation(code: $code) { id role } }"
MEMBERS = "query($id: ID!) { project(id: $id) { role muted members { userId userName displayName role joinedAt } " \
    "formerMembers { userId displayName } } }"  # fmt: skip
SHARE = (
    "mutation($id: ID!, $visibility: Visibility!) "
    "{ updateConversation(input: {id: $id, visibility: $visibility}) { visibility authorId } }"
)
CREATE = "mutation($input: CreateIntentInput!) { createIntent(input: $input) { id assigneeId } }"
DELETE_MESSAGE = "mutation($id: ID!) { deleteMessage(id: $id) }"
DELETE_CONVERSATION = "mutation($id: ID!) { deleteConversation(id: $id) }"


async def add(api: Api, project: str, name: str, role: str | None, by: str = "ann") -> dict[str, Any]:
    changed: dict[str, Any] = (await api.data(SET, by, project=project, name=name, role=role))["setProjectMember"]
    return changed


async def key(api: Api, query: str, user: str = "ann", **variables: Any) -> str:
    """The key of the one error."""
    (error,) = (await api(query, user, **variables))["errors"]
    found: str = error["extensions"]["key"]
    return found


async def invited(api: Api, project: str, **more: Any) -> str:
    """The code of a new invitation by ann."""
    url: str = (await api.data(INVITE, project=project, **more))["createInvitation"]["url"]
    return url.rsplit("/invite/", 1)[1]


async def sent(api: Api, project: str, user: str = "ann", **more: Any) -> tuple[str, str]:
    """A new message: the ids of its conversation and of itself."""
    found = await api.data(SENT, user, input={"content": "hello", "projectId": project, **more})
    message = found["sendMessage"]["message"]
    return message["conversation"]["id"], message["id"]


@pytest.fixture
async def project(api: Api) -> str:
    """A project of ann."""
    await api.database.pool.execute("UPDATE users SET name = id WHERE id <> 'vic'")
    return (await saved(api, name="Shop"))["id"]


async def test_admin_adds_changes_and_removes_a_member(api: Api, project: str) -> None:
    assert await api.code(MEMBERS, "bob", id=project) == "NOT_FOUND"
    await add(api, project, "bob", "READER")
    shown = (await api.data(MEMBERS, "bob", id=project))["project"]
    assert shown["role"] == "READER"
    assert [(each["userId"], each["role"]) for each in shown["members"]] == [("ann", "ADMIN"), ("bob", "READER")]
    assert (await add(api, project, "bob", "MEMBER"))["members"][1] == {"userId": "bob", "role": "MEMBER"}
    assert len((await add(api, project, "bob", None))["members"]) == 1
    assert await api.code(MEMBERS, "bob", id=project) == "NOT_FOUND"
    assert (await api.data(MEMBERS, id=project))["project"]["formerMembers"] == [
        {"userId": "bob", "displayName": "Bob"}
    ]


async def test_account_without_a_name_is_added_by_its_id(api: Api, project: str) -> None:
    assert (await add(api, project, "vic", "READER"))["members"][1]["userId"] == "vic"


async def test_only_an_admin_manages_members_and_anyone_may_leave(api: Api, project: str) -> None:
    await add(api, project, "bob", "READER")
    assert await key(api, SET, "bob", project=project, name="vic", role="READER") == "project.admin_only"
    assert await key(api, SET, "bob", project=project, name="ann", role=None) == "project.admin_only"
    assert await key(api, SET, "bob", project=project, name="bob", role="ADMIN") == "project.admin_only"
    assert await key(api, INVITE, "bob", project=project) == "project.admin_only"
    assert (await add(api, project, "bob", None, by="bob"))["role"] == "READER"
    assert await key(api, SET, "bob", project=project, name="bob", role=None) == "project.not_found"


async def test_unknown_user_and_unknown_member_are_not_found(api: Api, project: str) -> None:
    for name in ("nobody", "", "b\x00b", "\ud800", "'; DROP TABLE users; --", "bob" * 999):
        assert await key(api, SET, project=project, name=name, role="MEMBER") == "member.unknown_user"
    assert await key(api, SET, project=project, name="bob", role=None) == "member.unknown_user"


async def test_last_admin_and_owner_of_a_default_project_stay(api: Api, project: str) -> None:
    assert await key(api, SET, project=project, name="ann", role=None) == "member.last_admin"
    assert await key(api, SET, project=project, name="ann", role="READER") == "member.last_admin"
    await add(api, project, "bob", "ADMIN")
    assert (await add(api, project, "ann", "READER", by="bob"))["role"] == "ADMIN"
    default = await default_of(api)
    await add(api, default, "bob", "ADMIN")
    assert await key(api, SET, "bob", project=default, name="ann", role="MEMBER") == "member.owner_of_default"
    assert await key(api, SET, project=default, name="ann", role=None) == "member.owner_of_default"


async def test_invitation_works_once(api: Api, project: str) -> None:
    code = await invited(api, project, role="READER")
    assert await key(api, ACCEPT, code=code) == "invitation.already_member"
    assert (await api.data(ACCEPT, "bob", code=code))["acceptInvitation"] == {"id": project, "role": "READER"}
    await add(api, project, "bob", None)
    for wrong in (code, code[:-1] + "_", "", "rei_" + "\ud800" * 43, "%" * 47):
        assert await key(api, ACCEPT, "bob", code=wrong) == "invitation.not_found"


async def test_invitation_expires(api: Api, project: str) -> None:
    now = datetime.now(UTC)
    for until, wanted in (
        (now - timedelta(seconds=1), "input.past"),
        (now + timedelta(days=31), "invitation.too_long"),
    ):
        assert await key(api, INVITE, project=project, until=until.isoformat()) == wanted
    code = await invited(api, project)
    await api.database.pool.execute("UPDATE invitations SET expires_at = now()")
    assert await key(api, ACCEPT, "bob", code=code) == "invitation.not_found"
    await invited(api, project)
    assert await api.database.pool.fetchval("SELECT count(*) FROM invitations") == 1


async def test_invitation_of_an_admin_who_was_removed_is_void(api: Api, project: str) -> None:
    await add(api, project, "bob", "ADMIN")
    url = (await api.data(INVITE, "bob", project=project))["createInvitation"]["url"]
    await add(api, project, "bob", None)
    assert await key(api, ACCEPT, "bob", code=url.rsplit("/", 1)[1]) == "invitation.not_found"


async def test_member_who_joins_again_has_their_private_conversations_back(api: Api, project: str) -> None:
    await add(api, project, "bob", "MEMBER")
    conversation, _ = await sent(api, project, "bob")
    find = "query($id: ID!) { conversation(id: $id) { id visibility } }"
    await add(api, project, "bob", None)
    for user in ("ann", "bob"):
        assert await api.code(find, user, id=conversation) == "NOT_FOUND"
    await add(api, project, "bob", "READER")
    assert (await api.data(find, "bob", id=conversation))["conversation"]["visibility"] == "PRIVATE"


async def test_shared_conversation_is_seen_by_members_and_only_its_author_shares_it(api: Api, project: str) -> None:
    await add(api, project, "bob", "MEMBER")
    conversation, message = await sent(api, project)
    assert await api.code(SHARE, "bob", id=conversation, visibility="PROJECT") == "NOT_FOUND"
    shared = (await api.data(SHARE, id=conversation, visibility="PROJECT"))["updateConversation"]
    assert shared == {"visibility": "PROJECT", "authorId": "ann"}
    assert await key(api, SHARE, "bob", id=conversation, visibility="PRIVATE") == "conversation.not_author"
    _, other = await sent(api, project, "bob", conversationId=conversation)
    edit = 'mutation($id: ID!) { editMessage(id: $id, content: "x") { message { id } } }'
    move = "mutation($ids: [ID!]!, $to: ID!) { moveToProject(ids: $ids, projectId: $to) }"
    assert await key(api, edit, "bob", id=message) == "message.not_author"
    assert await key(api, edit, id=other) == "message.not_author"
    assert await key(api, DELETE_MESSAGE, "bob", id=message) == "message.not_author"
    assert await key(api, DELETE_CONVERSATION, "bob", id=conversation) == "conversation.not_author"
    assert await key(api, move, "bob", ids=[conversation], to=await default_of(api, "bob")) == "conversation.not_author"
    await api.data(DELETE_MESSAGE, id=other)  # ann is an admin
    await add(api, project, "bob", "ADMIN")
    await api.data(DELETE_CONVERSATION, "bob", id=conversation)


async def test_context_of_work_is_hidden_with_its_conversation_and_not_shown_again(api: Api, project: str) -> None:
    await add(api, project, "bob", "MEMBER")
    conversation, _ = await sent(api, project)
    await api.data(SHARE, id=conversation, visibility="PROJECT")
    intent = await api.database.pool.fetchval(
        "INSERT INTO intents (user_id, description, actor, project_id, conversation_id) "
        "VALUES ('ann', 'x', 'ann', $1::text::uuid, $2::text::uuid) RETURNING id",
        project,
        conversation,
    )
    await api.database.pool.execute(
        "INSERT INTO context_snapshots (subject_id, user_id, items, token_count, token_budget, assembled_ms) "
        "VALUES ($1, 'ann', '[]', 1, 2, 3)",
        intent,
    )
    shown = "query($id: ID!) { intent(id: $id) { context { tokenBudget } } }"
    seen = []
    for visibility in ("PROJECT", "PRIVATE", "PROJECT"):
        await api.data(SHARE, id=conversation, visibility=visibility)
        contexts = [(await api.data(shown, user, id=str(intent)))["intent"]["context"] for user in ("ann", "bob")]
        seen.append([each is not None for each in contexts])
    assert seen == [[True, True], [True, False], [True, False]]


async def test_person_of_a_task_is_a_member_of_its_project(api: Api, project: str) -> None:
    new = {"description": "count the tea", "projectId": project, "assignee": "PERSON", "assigneeId": "bob"}
    for person in ("bob", "nobody", "b\x00b", "\ud800"):
        assert await key(api, CREATE, input={**new, "assigneeId": person}) == "intent.assignee_not_found"
    assert await api.code(CREATE, input=new) == "BAD_USER_INPUT"
    await add(api, project, "bob", "MEMBER")
    made = (await api.data(CREATE, input=new))["createIntent"]
    assert made["assigneeId"] == "bob"
    give = "mutation($id: ID!, $to: ID!) { updateIntent(input: {id: $id, assigneeId: $to}) { assigneeId } }"
    assert await key(api, give, id=made["id"], to="vic") == "intent.assignee_not_found"
    await add(api, project, "bob", None)
    rename = "mutation($id: ID!) { updateIntent(input: {id: $id, priority: 3}) { assigneeId } }"
    assert (await api.data(rename, id=made["id"]))["updateIntent"]["assigneeId"] == "bob"


async def test_muted_project_sends_no_notifications(api: Api, project: str) -> None:
    mute = "mutation($id: ID!, $muted: Boolean) { muteProject(id: $id, muted: $muted) { muted } }"
    await add(api, project, "bob", "READER")
    assert (await api.data(mute, "bob", id=project))["muteProject"] == {"muted": True}
    insert = "INSERT INTO notifications (user_id, project_id, title, message, notification_type) " \
        "VALUES ($1, $2, 't', 't', 'info')"  # fmt: skip
    for user in ("ann", "bob"):
        await api.database.pool.execute(insert, user, project)
    assert await api.database.pool.fetchval("SELECT array_agg(user_id) FROM notifications") == ["ann"]
    assert (await api.data(mute, "bob", id=project, muted=False))["muteProject"] == {"muted": False}


async def test_deleted_project_comes_back_with_its_members_and_invitations(api: Api, project: str) -> None:
    await add(api, project, "bob", "MEMBER")
    conversation, _ = await sent(api, project, "bob")
    code = await invited(api, project)
    await api.data("mutation($id: ID!) { archiveProject(id: $id) { id } }", id=project)
    await api.data("mutation($id: ID!) { deleteProject(id: $id) }", id=project)
    assert await api.code(MEMBERS, "bob", id=project) == "NOT_FOUND"
    assert await key(api, ACCEPT, "vic", code=code) != "invitation.already_member"
    await api.data("mutation($id: ID!) { restore(id: $id) { id } }", id=project)
    assert len((await api.data(MEMBERS, "bob", id=project))["project"]["members"]) == 2
    await api.data("query($id: ID!) { conversation(id: $id) { id } }", "bob", id=conversation)


async def test_two_members_who_edit_one_decision_conflict(api: Api, project: str) -> None:
    await add(api, project, "bob", "MEMBER")
    record = 'mutation($to: ID!) { recordDecision(input: {title: "Tea", kind: RULE, projectId: $to}) { id version } }'
    made = (await api.data(record, to=project))["recordDecision"]
    edit = (
        "mutation($id: ID!, $version: Int!, $title: String!) "
        "{ updateDecision(input: {id: $id, title: $title, expectedVersion: $version}) { version } }"
    )
    await api.data(edit, "bob", id=made["id"], version=made["version"], title="Green tea")
    assert await api.code(edit, id=made["id"], version=made["version"], title="Coffee") == "CONFLICT"
