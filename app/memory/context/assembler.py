"""Puts together what a model is given: layers fetched side by side, no piece twice, within a budget."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from uuid import UUID

import structlog

from app.memory.context.budget import fit
from app.memory.context.tokens import estimate_tokens
from app.memory.context.variety import Variety
from app.memory.search.searcher import Search
from resolvers.ports import Hit
from sql.pool import Database
from sql.repositories.contexts import AssembledContext, ContextItem, find_summary, list_profile
from sql.repositories.nearest import SearchFilter
from sql.rows import MessageRow

log = structlog.get_logger()

SHARE_OF_BUDGET = 0.8
PROFILE_TAGS = ("preference", "profile")
PROFILE_COUNT = 12
DECISIONS = ("choice_point", "specification")
RECORDS = ("message", "intent", "memory")
MOST = {"decision": 4, "semantic": 8}
CANDIDATES = 24
LEAST_SCORE = 0.35  # below, a hit shares neither words nor meaning to speak of
LONGEST = 2000  # characters of one finding
WHY = {
    "system": "The assistant's instructions.",
    "profile": "Always known: a preference of yours.",
    "summary": "The summary of this conversation so far.",
    "working": "Said in this conversation before.",
    "user": "What is asked now.",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a context is for. `turns` is the conversation before the words that are asked, oldest first.

    What is younger than `asked_at` is left out, so that a reply which is written anew knows no more than the first;
    so is the message `came_from` that an intent was raised from, as it says the same.
    """

    user_id: str
    system: str
    asked: str
    asked_at: datetime
    asked_id: UUID | None = None
    came_from: UUID | None = None
    conversation_id: UUID | None = None
    turns: Sequence[MessageRow] = ()


class ContextAssembler:
    """One a process; `connections` is how many layers may hold a connection at once, over all contexts."""

    def __init__(self, database: Database, search: Search, *, max_tokens: int, connections: int) -> None:
        self._database = database
        self._search = search
        self._budget = int(max_tokens * SHARE_OF_BUDGET)
        self._room = asyncio.Semaphore(max(connections, 1))

    async def assemble(self, wanted: Wanted) -> AssembledContext:
        """The same for the same input and the same rows. A layer that fails is named and logged, the others stand."""
        began = perf_counter()
        failed = list[str]()
        profile, summary, decisions, findings = await asyncio.gather(
            self._layer("profile", lambda: self._profile(wanted), failed),
            self._layer("summary", lambda: self._summary(wanted), failed),
            self._layer("decision", lambda: self._found(wanted, "decision", DECISIONS), failed),
            self._layer("semantic", lambda: self._found(wanted, "semantic", RECORDS), failed),
        )
        system = [_item("system", wanted.system)]
        working = [_turn(row) for row in wanted.turns]
        user = [_item("user", wanted.asked, kind="message" if wanted.asked_id else None, source_id=wanted.asked_id)]
        told = _told_apart(decisions, findings, [*profile, *working, *user])
        items, dropped = fit([*system, *profile, *summary, *told, *working, *user], self._budget)
        return AssembledContext(
            items=items,
            token_count=sum(item.tokens for item in items),
            token_budget=self._budget,
            dropped_layers=dropped,
            failed_layers=sorted(failed),
            assembled_ms=(perf_counter() - began) * 1000,
        )

    async def _layer(
        self, name: str, fetch: Callable[[], Awaitable[list[ContextItem]]], failed: list[str]
    ) -> list[ContextItem]:
        try:
            async with self._room:
                return await fetch()
        except Exception:
            log.exception("a layer of the context could not be read", layer=name)
            failed.append(name)
            return []

    async def _profile(self, wanted: Wanted) -> list[ContextItem]:
        async with self._database.connection() as connection:
            known = await list_profile(connection, wanted.user_id, PROFILE_TAGS, PROFILE_COUNT)
        return [
            _item("profile", each.content, kind="memory", source_id=each.id, said_at=each.created_at) for each in known
        ]

    async def _summary(self, wanted: Wanted) -> list[ContextItem]:
        if wanted.conversation_id is None:
            return []
        async with self._database.connection() as connection:
            summary = await find_summary(connection, wanted.user_id, wanted.conversation_id)
        return [_item("summary", summary)] if summary else []

    async def _found(self, wanted: Wanted, layer: str, kinds: Sequence[str]) -> list[ContextItem]:
        hits = await self._search.search(wanted.user_id, wanted.asked, SearchFilter(kinds=kinds), CANDIDATES)
        return [
            _finding(layer, hit)
            for hit in hits
            if hit.score >= LEAST_SCORE
            and hit.occurred_at < wanted.asked_at
            and hit.subject_id not in (wanted.asked_id, wanted.came_from)
        ]


def _item(
    layer: str,
    text: str,
    *,
    kind: str | None = None,
    source_id: UUID | None = None,
    said_at: datetime | None = None,
    speaker: str | None = None,
) -> ContextItem:
    return ContextItem(
        layer,
        text,
        estimate_tokens(text),
        WHY[layer],
        kind=kind,
        source_id=source_id,
        said_at=said_at,
        speaker=speaker,
    )


def _turn(row: MessageRow) -> ContextItem:
    speaker = "assistant" if row.message_type in ("kana", "yuno") else "user"
    return _item("working", row.content, kind="message", source_id=row.id, said_at=row.created_at, speaker=speaker)


def _finding(layer: str, hit: Hit) -> ContextItem:
    text = hit.content if len(hit.content) <= LONGEST else hit.snippet
    near = "" if hit.similarity is None else f", {max(hit.similarity, 0):.0%} alike in meaning"
    reason = f"It matches what is asked (score {hit.score:.2f}{near})."
    return ContextItem(
        layer,
        text,
        estimate_tokens(text),
        reason,
        score=hit.score,
        kind=hit.kind,
        source_id=hit.subject_id,
        said_at=hit.occurred_at,
    )


def _told_apart(
    decisions: Sequence[ContextItem], findings: Sequence[ContextItem], standing: Sequence[ContextItem]
) -> list[ContextItem]:
    """The best decisions and findings that are neither there already nor say what another says."""
    variety, there = Variety(item.text for item in standing), {item.source_id for item in standing if item.source_id}
    told = list[ContextItem]()
    for layer, items in (("decision", decisions), ("semantic", findings)):
        for item in items:
            room = MOST[layer] - sum(1 for each in told if each.layer == layer)
            if room > 0 and item.source_id not in there and variety.admits(item.text):
                told.append(item)
    return told
