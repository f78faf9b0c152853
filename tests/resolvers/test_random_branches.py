"""Random changes of branches, compared with a model that has no flags."""

import random
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from sql.paging import PageRange
from sql.repositories import branches
from sql.repositories.conversations import insert_conversation
from sql.repositories.messages import insert_exchange, insert_pending_reply, list_messages_of_conversations
from sql.repositories.trash import move_to_trash
from sql.statements import Connection
from tests.resolvers.conftest import Api


@dataclass
class Branch:
    """A model of a branch: messages, and the versions of the message after them, each with its own branch."""

    items: list[UUID] = field(default_factory=list)
    versions: list[tuple[UUID, "Branch"]] = field(default_factory=list)
    selected: UUID | None = None

    def shown(self) -> list[UUID]:
        if not self.versions:
            return self.items
        chosen = dict(self.versions)[self.selected] if self.selected else Branch()
        return [*self.items, *([self.selected] if self.selected else []), *chosen.shown()]

    def end(self) -> "Branch":
        return dict(self.versions)[self.selected].end() if self.selected else self

    def path_to(self, message: UUID) -> list["Branch"]:
        """The branches from here to the one of the message; empty when it is not below."""
        if message in self.items or message in dict(self.versions):
            return [self]
        for _, branch in self.versions:
            if found := branch.path_to(message):
                return [self, *found]
        return []

    def everything(self) -> list[UUID]:
        return [*self.items, *(each for version, branch in self.versions for each in [version, *branch.everything()])]


class Model:
    """What a person sees, without flags: a tree that is changed by copying lists."""

    def __init__(self) -> None:
        self.root = Branch()
        self.answers: dict[UUID, UUID] = {}

    def select(self, message: UUID) -> None:
        path = self.root.path_to(message)
        for branch, below in zip(path, [*path[1:], None], strict=True):
            for version, inner in branch.versions:
                if inner is below or version == message:
                    branch.selected = version

    def add_version(self, message: UUID, new: UUID, *following: UUID) -> None:
        branch = self.root.path_to(message)[-1]
        if message in branch.items:
            place = branch.items.index(message)
            rest = Branch(branch.items[place + 1 :], branch.versions, branch.selected)
            branch.items, branch.versions = branch.items[:place], [(message, rest)]
        branch.versions.append((new, Branch(list(following))))
        self.select(new)

    def delete(self, message: UUID) -> None:
        branch = self.root.path_to(message)[-1]
        if message in dict(branch.versions) and len(branch.versions) > 1:
            branch.versions = [each for each in branch.versions if each[0] != message]
            if branch.selected == message:
                branch.selected = branch.versions[-1][0]
            return
        if message in dict(branch.versions):
            self._join(branch, branch.versions[0][1])
        else:
            branch.items.remove(message)
        for reply in [reply for reply, asked in self.answers.items() if asked == message]:
            for inner in self.root.path_to(reply)[-1:]:
                if reply in inner.items:
                    inner.items.remove(reply)
                else:
                    self._join(inner, dict(inner.versions)[inner.selected or reply])

    @staticmethod
    def _join(branch: Branch, rest: Branch) -> None:
        branch.items, branch.versions, branch.selected = branch.items + rest.items, rest.versions, rest.selected


async def _change(connection: Connection, model: Model, chat: UUID, dice: random.Random) -> None:
    """One random change, of the database and of the model."""
    known = model.root.everything()
    if not known or dice.random() < 0.3:
        sent, reply = await insert_exchange(connection, "ann", chat, "text", title="")
        model.root.end().items += [sent.id, reply.id]
        model.answers[reply.id] = sent.id
        return
    message = await branches.lock_branches(connection, "ann", dice.choice(known))
    match dice.choice(["version", "version", "select", "select", "delete"]):
        case "version" if message.message_type == "user":
            version = await branches.insert_version(connection, message, "edited")
            reply = await insert_pending_reply(connection, version)
            model.add_version(message.id, version.id, reply.id)
            model.answers[reply.id] = version.id
        case "version":
            await connection.execute("UPDATE messages SET status = 'complete' WHERE id = $1", message.id)
            message = await branches.lock_branches(connection, "ann", message.id)
            version = await branches.insert_version(connection, message)
            model.add_version(message.id, version.id)
            model.answers[version.id] = model.answers[message.id]
        case "select":
            await branches.select_version(connection, message)
            model.select(message.id)
        case _:
            await branches.prepare_deletion(connection, "ann", message)
            await move_to_trash(connection, "ann", "message", message.id, actor="ann")
            model.delete(message.id)


@pytest.mark.parametrize("seed", range(4))
async def test_random_changes_keep_exactly_one_shown_path(api: Api, seed: int) -> None:
    dice, model = random.Random(seed), Model()
    async with api.database.transaction() as connection:
        chat = (await insert_conversation(connection, "ann", "random", None)).id
        page = PageRange(1000)
        for _ in range(60):
            await _change(connection, model, chat, dice)
            rows = await list_messages_of_conversations(connection, "ann", [chat], page)
            assert [row.id for row in rows] == model.root.shown()
            everything = await list_messages_of_conversations(connection, "ann", [chat], page, all_versions=True)
            assert {row.id for row in everything} == set(model.root.everything())
            for row in everything:
                versions = [each for each in everything if row.version_of and each.version_of == row.version_of]
                assert not versions or len({each.branch for each in versions}) == 1
