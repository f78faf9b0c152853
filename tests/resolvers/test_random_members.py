"""Random members, invitations, moves, visibility and deletions: nobody is shown a record that they may not see."""

import asyncio
import json
import random
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest

from app.live.bus.bus import Bus
from app.live.hub import EventHub
from tests.resolvers.conftest import Api
from tests.resolvers.test_members import ACCEPT, INVITE, SET, SHARE
from tests.resolvers.test_projects import SENT, default_of, saved
from tests.resolvers.test_random_projects import MUTATIONS, RECORD, WORDS
from tests.timeouts import TIMEOUT

USERS = ("ann", "bob", "cat")
Scope = tuple[str, str | None]  # a project, and the only user who sees it; None for all members
OF_TEXT, OF_PROJECT = "query($text: String!, $project: ID)", "query($project: ID)"
# In parts, because an operation has a highest cost.
LISTS = (
    f"""{OF_TEXT} {{ projects {{ edges {{ node {{ id name members {{ userId }} formerMembers {{ userId }} }} }} }}
        intents(first: 60, projectId: $project) {{ totalCount edges {{ cursor node {{ id description }} }} }}
        notifications(first: 50) {{ edges {{ cursor node {{ id title }} }} }}
        search(query: $text, projectId: $project, first: 20) {{ snippet node {{ {RECORD} }} }} }}""",
    f"""{OF_PROJECT} {{ conversations(first: 20, projectId: $project) {{ edges {{ cursor node {{ id title
        messages(first: 3) {{ edges {{ node {{ id content attachments {{ id name }} }} }} }} }} }} }} }}""",
    f"""{OF_PROJECT} {{ intents(first: 10, projectId: $project) {{ edges {{ node {{ conversation {{ id title }}
        sourceMessage {{ id content }} similar(first: 2) {{ node {{ {RECORD} }} }} }} }} }} }}""",
    f"""{OF_PROJECT} {{ specifications(first: 50, projectId: $project) {{ edges {{ cursor node {{ id title }} }} }}
        memories(first: 50, projectId: $project) {{ edges {{ cursor node {{ id content }} }} }}
        actions(first: 50, projectId: $project) {{ edges {{ cursor node {{ id summary }} }} }}
        trash(first: 50, projectId: $project) {{ edges {{ cursor node {{ id }} }} }}
        decisions(first: 30, projectId: $project) {{ edges {{ cursor node {{ id title }} }} }} }}""",
    f"""{OF_TEXT} {{ previewContext(content: $text, projectId: $project) {{
        items {{ text source {{ {RECORD} }} }} }} }}""",
)  # fmt: skip
DELETE = {kind: f"mutation($id: ID!) {{ delete{kind.capitalize()}(id: $id) }}" for kind in MUTATIONS}
MOVE = "mutation($ids: [ID!]!, $to: ID!) { moveToProject(ids: $ids, projectId: $to) }"
RESTORE = "mutation($id: ID!) { restore(id: $id) { id } }"
NODE = "query($id: ID!) { node(id: $id) { id } }"
TRACE = "query($id: ID!) { trace(id: $id) { subjectId payload } }"
REVERSAL = "query($id: ID!) { previewReversal(decisionId: $id) { node { __typename } } }"


@dataclass
class Made:
    """A record with what belongs to it: all have the same scope, and no other text has the word."""

    id: str
    kind: str
    word: str
    scope: Scope
    author: str
    ids: set[str] = field(default_factory=set)
    deleted: bool = False
    past: set[Scope] = field(default_factory=set)

    def put(self, scope: Scope) -> None:
        self.scope = scope
        self.past.add(scope)


@dataclass
class World:
    """What exists, and who may see it."""

    api: Api
    choose: random.Random
    roles: dict[str, dict[str, str]] = field(default_factory=dict)
    made: dict[str, Made] = field(default_factory=dict)

    def sees(self, user: str, scope: Scope) -> bool:
        return user in self.roles[scope[0]] and scope[1] in (None, user)

    async def tried(self, query: str, user: str, **variables: Any) -> Any:
        """The data; None when it was refused, which must be an expected failure."""
        response = await self.api(query, user, **variables)
        codes = {each["extensions"]["code"] for each in response.get("errors", ())}
        assert codes <= {"NOT_FOUND", "FORBIDDEN", "CONFLICT", "BAD_USER_INPUT"}, response
        return None if codes else response["data"]

    def any_project(self) -> str:
        return self.choose.choice(sorted(self.roles))

    def any_user(self) -> str:
        return self.choose.choice(USERS)

    def any_made(self) -> Made | None:
        return self.choose.choice(list(self.made.values())) if self.made else None

    async def step(self) -> None:
        actions = (*[self.create] * 5, self.set_role, self.set_role, self.invite, self.share)
        await self.choose.choice((*actions, self.move, self.delete, self.restore))()

    async def create(self) -> None:
        kind, project = self.choose.choice(sorted(MUTATIONS)), self.any_project()
        user = self.choose.choice((*self.roles[project], self.any_user()))
        word = f"word{len(self.made)}end"
        text = f"{word} {' '.join(self.choose.sample(WORDS, 3))}"
        if kind == "conversation":
            found = await self.tried(SENT, user, input={"content": text, "projectId": project})
            if found is not None:
                await self.add_conversation(user, project, word, found["sendMessage"])
            return
        found = await self.tried(MUTATIONS[kind], user, text=text, to=project)
        if found is not None:
            ((node,),) = (found.values(),)
            self.add(Made(node["id"], kind, word, (project, None), user))

    def add(self, made: Made) -> None:
        made.ids.add(made.id)
        made.put(made.scope)
        self.made[made.id] = made

    async def add_conversation(self, user: str, project: str, word: str, sent: dict[str, Any]) -> None:
        """With an attachment, an action and a memory of its message, and an intent that all members see."""
        message, fetch = sent["message"]["id"], self.api.database.pool.fetchval
        ids = {message, sent["reply"]["id"]}
        file = await fetch(
            "INSERT INTO attachments (user_id, name, media_type, size, sha256) "
            "VALUES ($1, $2, 'text/plain', 1, repeat('0', 64)) RETURNING id", user, word)  # fmt: skip
        await fetch("INSERT INTO message_attachments (message_id, attachment_id, user_id, place) "
                    "VALUES ($1, $2, $3, 1)", message, file, user)  # fmt: skip
        ids |= {str(file), str(await fetch(
            "INSERT INTO actions (user_id, message_id, tool, summary, status, actor) "
            "VALUES ($1, $2, 'search', $3, 'dismissed', $1) RETURNING id", user, message, word))}  # fmt: skip
        memory = await fetch("INSERT INTO memories (user_id, content, kind, source_kind, source_id) "
                             "VALUES ($1, $2, 'longterm', 'message', $3) RETURNING id", user, word, message
                             )  # fmt: skip
        ids.add(str(memory))
        conversation = sent["message"]["conversation"]["id"]
        self.add(Made(conversation, "conversation", word, (project, user), user, ids))

    async def set_role(self) -> None:
        project, by, user = self.any_project(), self.any_user(), self.any_user()
        role = self.choose.choice(("ADMIN", "MEMBER", "READER", None))
        if await self.tried(SET, by, project=project, name=user, role=role) is not None:
            self.put_role(project, user, role)

    def put_role(self, project: str, user: str, role: str | None) -> None:
        self.roles[project].pop(user, None)
        if role is not None:
            self.roles[project][user] = role

    async def invite(self) -> None:
        project, role, user = self.any_project(), self.choose.choice(("MEMBER", "READER")), self.any_user()
        found = await self.tried(INVITE, self.any_user(), project=project, role=role)
        code = "rei_" + "x" * 43 if found is None else found["createInvitation"]["url"].rsplit("/", 1)[1]
        if await self.tried(ACCEPT, user, code=code) is not None:
            self.put_role(project, user, role)

    async def share(self) -> None:
        made, user, wanted = self.any_made(), self.any_user(), self.choose.choice(("PROJECT", "PRIVATE"))
        if made is None or made.kind != "conversation":
            return
        if await self.tried(SHARE, user, id=made.id, visibility=wanted) is not None:
            made.put((made.scope[0], None if wanted == "PROJECT" else user))

    async def move(self) -> None:
        made, user, to = self.any_made(), self.any_user(), self.any_project()
        if made is not None and self.roles[to]:
            user = self.choose.choice(sorted(self.roles[to]))
        if made is not None and await self.tried(MOVE, user, ids=[made.id], to=to) is not None:
            made.put((to, made.scope[1]))

    async def delete(self) -> None:
        made, user = self.any_made(), self.any_user()
        if made is not None and await self.tried(DELETE[made.kind], user, id=made.id) is not None:
            made.deleted = True

    async def restore(self) -> None:
        made, user = self.any_made(), self.any_user()
        if made is not None and await self.tried(RESTORE, user, id=made.id) is not None:
            made.deleted = False

    async def check(self, user: str) -> None:
        """All lists, the search, the context, and each record by its id."""
        texts = [*WORDS[:2], *(each.word for each in self.choose.choices(list(self.made.values()), k=3))]
        for text in texts:
            for project in (None, self.any_project()):
                if project is None or user in self.roles[project]:
                    await self.check_lists(user, text, project)
        for made in self.made.values():
            visible = self.sees(user, made.scope)
            for id in sorted(made.ids):
                found = await self.tried(NODE, user, id=id)
                if not made.deleted or not visible:
                    assert (found is not None) == visible, (user, made, id)
            traced = await self.tried(TRACE, user, id=made.id)
            self.check_events(user, traced)
            if made.kind == "decision" and not visible:
                assert await self.tried(REVERSAL, user, id=made.id) is None

    async def check_lists(self, user: str, text: str, project: str | None) -> None:
        asked = [await self.api.data(part, user, text=text, project=project) for part in LISTS]
        shown, answer = asked[0], json.dumps(asked, ensure_ascii=False)
        answer = answer.replace(f'"text": "{text}"', "")  # the context has the question itself
        for made in self.made.values():
            if not self.sees(user, made.scope):
                leaked = [each for each in (made.word, *made.ids) if f'"{each}' in answer or f"{each} " in answer]
                assert leaked == [], (user, made, answer)
        intents = {
            each.id
            for each in self.made.values()
            if each.kind == "intent" and not each.deleted and self.sees(user, each.scope)
            if project in (None, each.scope[0])
        }
        assert shown["intents"]["totalCount"] == len(intents)
        assert {each["node"]["id"] for each in shown["intents"]["edges"]} == intents
        listed = {each["node"]["id"] for each in shown["projects"]["edges"]}
        assert listed & set(self.roles) == {each for each in self.roles if user in self.roles[each]}

    def check_events(self, user: str, events: Any) -> None:
        """Events show only records that were in a scope that the user sees now."""
        answer = json.dumps(events, ensure_ascii=False)
        for made in self.made.values():
            if not any(self.sees(user, scope) for scope in made.past):
                leaked = [each for each in (made.word, *made.ids) if each in answer]
                assert leaked == [], (user, made, answer)

    async def check_delivery(self, user: str, start: str) -> None:
        """What a subscription delivers from a cursor before everything."""
        end = await self.api.data(MUTATIONS["intent"], user, text="the end", to=await default_of(self.api, user))
        context = await self.api.context(user)
        responses = self.api.executor.subscribe(
            self.api.executor.prepare(
                "subscription($after: String) { eventAppended(after: $after) { subjectId causedBy payload } }"
            ),
            {"after": start},
            lambda: context,
        )
        delivered: list[Any] = []
        async with asyncio.timeout(TIMEOUT), aclosing(responses):
            async for response in responses:
                delivered.append(response)
                if end["createIntent"]["id"] in json.dumps(response[1]):
                    break
        self.check_events(user, [each[1] for each in delivered])


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_nobody_is_shown_what_they_may_not_see(api: Api, seed: int) -> None:
    await api.database.pool.execute("INSERT INTO users (id, display_name, role) VALUES ('cat', 'Cat', 'member')")
    await api.database.pool.execute("UPDATE users SET name = id")
    world = World(api, random.Random(seed))
    for user in USERS:
        world.roles[(await saved(api, user, name=f"of {user} {uuid4()}"))["id"]] = {user: "ADMIN"}
    async with Bus("memory://").running() as bus, EventHub(api.database, bus, poll_seconds=0.1).running() as hub:
        api.events, start = hub, await hub.latest("ann")
        for number in range(1, 91):
            await world.step()
            if number % 30 == 0:
                for user in USERS:
                    await world.check(user)
        for user in USERS:
            await world.check_delivery(user, start)
