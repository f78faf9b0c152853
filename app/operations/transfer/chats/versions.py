"""Which imported messages are versions of each other, and which branch each of them is in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from app.operations.transfer.chats.branches import Message, newest_below, newest_of, siblings_of
from sql.repositories.chat_imports import Continuation, KnownMessage


@dataclass(slots=True)
class Versions:
    """The places of the messages of a tree. `first` are messages that get versions now, in the order of their ids.

    `version_of` has the key of the versions of a message, and `branch` the nearest message above it that has versions.
    `chosen` are the versions to show of all messages, and `new` those of messages that were not imported before.
    """

    version_of: dict[str, UUID] = field(default_factory=dict)
    branch: dict[str, UUID | None] = field(default_factory=dict)
    first: list[UUID] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)


def versions_in(
    messages: list[Message],
    shown: list[Message],
    ids: Mapping[str, UUID],
    known: Mapping[str, KnownMessage],
    continuations: Mapping[str, Continuation],
) -> Versions:
    """Where the messages are. A message that was continued here has what follows there as another version."""
    found = Versions()
    newest, path = newest_below(messages), {message.id for message in shown}
    for siblings in siblings_of(messages):
        above = siblings[0].above if siblings else None
        own = continuations.get(above.id) if above else None
        key = _key(siblings, ids, known, own)
        if key is None:
            continue
        if own is not None and own.version_of is None:
            found.first.append(own.id)
        found.first += [known[each.id].id for each in siblings if each.id in known and not known[each.id].version_of]
        found.version_of |= {each.id: key for each in siblings}
        wanted = next((each for each in siblings if each.id in path), None) or newest_of(siblings, newest)
        if wanted is not None:
            found.chosen.append(wanted.id)
            if own is None and not any(each.id in known for each in siblings):
                found.new.append(wanted.id)
    found.first.sort()
    for message in messages:  # parents first
        above = message.above
        if above is None:
            found.branch[message.id] = None
        else:
            found.branch[message.id] = ids[above.id] if above.id in found.version_of else found.branch[above.id]
    return found


def _key(
    siblings: list[Message], ids: Mapping[str, UUID], known: Mapping[str, KnownMessage], own: Continuation | None
) -> UUID | None:
    """The id that the versions share; None when there is only one."""
    before = [known[each.id].version_of for each in siblings if each.id in known]
    if own is not None and siblings:
        before.append(own.version_of or own.id)
    shared = min((each for each in before if each is not None), default=None)
    if shared is None and len(siblings) > 1:
        return min(ids[each.id] for each in siblings)
    return shared
