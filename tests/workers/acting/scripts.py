"""Answers of the model from data files, with the ids of records that exist when they are played."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from tests.fakes.messages_api import Scripted


def with_ids(value: Any, ids: Mapping[str, UUID]) -> Any:
    """The arguments with "$name" replaced by the id of that record."""
    if isinstance(value, dict):
        return {name: with_ids(each, ids) for name, each in value.items()}
    if isinstance(value, list):
        return [with_ids(each, ids) for each in value]
    return str(ids[value[1:]]) if isinstance(value, str) and value[1:] in ids and value.startswith("$") else value


def to_scripted(answer: Mapping[str, Any], ids: Mapping[str, UUID]) -> Scripted:
    """One answer: its text, its calls and the other fields of `Scripted`. One that `hangs` never ends."""
    given = dict(answer)
    calls = [(name, with_ids(arguments, ids)) for name, arguments in given.pop("calls", ())]
    pieces = [given.pop("text")] if "text" in given else []
    hangs = {"pieces": [*pieces, ""], "last_after": asyncio.Event()} if given.pop("hangs", False) else {}
    return Scripted(**{"pieces": pieces, "tools": calls, "continues": True, **hangs, **given})
