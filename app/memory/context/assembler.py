"""Assembles the context of a model call: fetches its layers concurrently, removes duplicates, fits the budget."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import perf_counter
from uuid import UUID

import structlog

from app.language.catalogue import stored_text
from app.language.citations import without_citations
from app.language.text import is_japanese
from app.language.tokens import estimate_tokens
from app.memory.context.attachments import attached_items
from app.memory.context.budget import corrected, fit_budget, missing_from
from app.memory.context.decision_states import DecisionState, decision_states
from app.memory.context.distinct import choose_distinct, let_others_run, to_left_out
from app.memory.search.searcher import Search
from app.models.ports import TokenCounts
from resolvers.ports import Hit
from sql.pool import Database
from sql.repositories.contexts import AssembledContext, ContextItem, find_summary, list_cited, list_profile
from sql.repositories.conversations import is_shared
from sql.repositories.members import has_other_members
from sql.repositories.nearest import SearchFilter, list_scopes
from sql.rows import MessageRow

log = structlog.get_logger()

SHARE_OF_BUDGET = 0.8
PROFILE_TAGS = ("preference", "profile")
PROFILE_COUNT = 12
DECISIONS = ("decision", "specification")
RECORDS = ("message", "intent", "memory")
CANDIDATES = 24
MIN_SCORE = 0.35  # a hit with a lower score shares hardly any words or meaning with the query
MAX_FINDING_CHARACTERS = 2000
REASONS = {
    "system": "context.system",
    "profile": "context.profile",
    "summary": "context.summary",
    "working": "context.working",
    "user": "context.user",
}


@dataclass(frozen=True, slots=True)
class ContextRequest:
    """The question that a context is assembled for. `turns` is the conversation before it, oldest first.

    Records newer than `asked_at` are left out, so that a regenerated reply gets the same context as the first one.
    The message that raised an intent (`source_message_id`) is left out too, because the intent has the same text.
    `timezone` is the IANA name of the zone of "yesterday"; None for that of the user. Only records of the project and
    profile memories are used; without a project, those of all projects.
    `is_work`: the result belongs to an intent, which all members of the project see; `made_in` is its conversation.
    A `shared` context has only what all members may see: that of a shared conversation, and that of work in a project
    with other members. The user's ratings of hits count in the others, which have nothing that the user marked as
    outdated.
    `tokens` counts the tokens of the model that answers; without it they are estimated.
    """

    user_id: str
    system: str
    asked: str
    asked_at: datetime
    asked_id: UUID | None = None
    source_message_id: UUID | None = None
    conversation_id: UUID | None = None
    turns: Sequence[MessageRow] = ()
    timezone: str | None = None
    project_id: UUID | None = None
    is_work: bool = False
    made_in: UUID | None = None
    shared: bool = False
    tokens: TokenCounts | None = None


class ContextAssembler:
    """One per process. `connections` limits how many layers of all contexts hold a connection at the same time."""

    def __init__(self, database: Database, search: Search, *, max_tokens: int, connections: int) -> None:
        self._database = database
        self._search = search
        self._budget = int(max_tokens * SHARE_OF_BUDGET)
        self._connections = asyncio.Semaphore(max(connections, 1))

    async def assemble(self, request: ContextRequest) -> AssembledContext:
        """The context; deterministic for the same request and rows. A failed layer is logged and named in it."""
        began = perf_counter()
        request = replace(request, shared=await self._is_shared(request))
        failed = list[str]()
        files, profile, summary, decisions, findings = await asyncio.gather(
            self._attachments(request, failed),
            self._layer("profile", lambda: self._profile(request), failed),
            self._layer("summary", lambda: self._summary(request), failed),
            self._layer("decision", lambda: self._search_layer(request, "decision", DECISIONS), failed),
            self._layer("semantic", lambda: self._search_layer(request, "semantic", RECORDS), failed),
        )
        system = [_item("system", request.system)]
        working = [item for row in request.turns for item in (await _turn(row), *files.pop(row.id, ()))]
        user = [item for items in files.values() for item in items]
        user += [_item("user", request.asked, kind="message" if request.asked_id else None, source_id=request.asked_id)]
        working, findings = (
            await self._without_citations(request, working),
            await self._without_citations(request, findings),
        )
        found, left_out = await choose_distinct(decisions, findings, [*profile, *working, *user])
        retrieved = [*system, *profile, *summary, *found, *working, *user]
        items, dropped = fit_budget(await corrected(retrieved, request.tokens, self._budget), self._budget)
        return AssembledContext(
            items=items,
            token_count=sum(item.tokens for item in items),
            token_budget=self._budget,
            dropped_layers=dropped,
            failed_layers=sorted(failed),
            assembled_ms=(perf_counter() - began) * 1000,
            left_out=[*left_out, *to_left_out(missing_from(items, retrieved), "budget")],
        )

    async def _without_citations(self, request: ContextRequest, items: Sequence[ContextItem]) -> list[ContextItem]:
        """The items; earlier replies among them without their citations, whose numbers mean other records here."""
        replies = [item.source_id for item in items if item.kind == "message" and item.source_id is not None]
        if not replies:
            return list(items)
        async with self._database.connection() as connection:
            cited = await list_cited(connection, request.user_id, replies)
        return [_without(item, cited[item.source_id]) if item.source_id in cited else item for item in items]

    async def _is_shared(self, request: ContextRequest) -> bool:
        async with self._database.connection() as connection:
            if await is_shared(connection, request.made_in or request.conversation_id):
                return True
            return request.is_work and await has_other_members(connection, request.project_id, request.user_id)

    async def _attachments(self, request: ContextRequest, failed: list[str]) -> dict[UUID, list[ContextItem]]:
        """The files of the turns and of the asked message, by message."""
        asked = [each for each in (request.asked_id, request.source_message_id) if each is not None]
        try:
            async with self._connections:
                return await attached_items(
                    self._database, request.user_id, asked, [row.id for row in request.turns], self._budget
                )
        except Exception:
            log.exception("the files of the context could not be read")
            failed.append("user")
            return {}

    async def _layer(
        self, name: str, fetch: Callable[[], Awaitable[list[ContextItem]]], failed: list[str]
    ) -> list[ContextItem]:
        try:
            async with self._connections:
                return await fetch()
        except Exception:
            log.exception("a layer of the context could not be read", layer=name)
            failed.append(name)
            return []

    async def _profile(self, request: ContextRequest) -> list[ContextItem]:
        async with self._database.connection() as connection:
            within = SearchFilter(project_id=request.project_id, shared=request.shared)
            scopes = await list_scopes(connection, request.user_id, within)
            known = await list_profile(
                connection,
                scopes,
                request.project_id,
                PROFILE_TAGS,
                PROFILE_COUNT,
                rated_by=None if request.shared else request.user_id,
            )
        return [
            _item("profile", each.content, kind="memory", source_id=each.id, said_at=each.created_at) for each in known
        ]

    async def _summary(self, request: ContextRequest) -> list[ContextItem]:
        if request.conversation_id is None:
            return []
        async with self._database.connection() as connection:
            summary = await find_summary(connection, request.user_id, request.conversation_id)
        return [_item("summary", summary)] if summary else []

    async def _search_layer(self, request: ContextRequest, layer: str, kinds: Sequence[str]) -> list[ContextItem]:
        within = SearchFilter(kinds=kinds, project_id=request.project_id, shared=request.shared)
        hits = await self._search.search(
            request.user_id, request.asked, within, CANDIDATES, timezone=request.timezone, rated=not request.shared
        )
        found = [
            hit
            for hit in hits
            if hit.score >= MIN_SCORE
            and hit.occurred_at < request.asked_at
            and hit.subject_id not in (request.asked_id, request.source_message_id)
            and (layer == "decision" or "MARKED_OUTDATED" not in hit.reasons)
        ]
        if layer != "decision":
            return [_finding(layer, hit) for hit in found]
        states = await self._states(request, [hit.subject_id for hit in found if hit.kind == "decision"])
        # What is in force comes first; what is not is given as history.
        found.sort(key=lambda hit: hit.subject_id in states and not states[hit.subject_id].in_force)
        return [_finding(layer, hit, states.get(hit.subject_id)) for hit in found]

    async def _states(self, request: ContextRequest, ids: Sequence[UUID]) -> dict[UUID, DecisionState]:
        if not ids:
            return {}
        async with self._database.connection() as connection:
            return await decision_states(connection, request.user_id, ids, japanese=is_japanese(request.asked))


def _without(item: ContextItem, numbers: frozenset[int]) -> ContextItem:
    text = without_citations(item.text, numbers)
    return replace(item, text=text, tokens=estimate_tokens(text))


def _item(
    layer: str,
    text: str,
    *,
    kind: str | None = None,
    source_id: UUID | None = None,
    said_at: datetime | None = None,
    speaker: str | None = None,
) -> ContextItem:
    reason = stored_text(REASONS[layer])
    return ContextItem(
        layer,
        text,
        estimate_tokens(text),
        reason.text,
        reason_key=reason.key,
        reason_params=reason.params,
        kind=kind,
        source_id=source_id,
        said_at=said_at,
        speaker=speaker,
    )


async def _turn(row: MessageRow) -> ContextItem:
    await let_others_run(row.content)
    speaker = "assistant" if row.message_type in ("kana", "yuno") else "user"
    return _item("working", row.content, kind="message", source_id=row.id, said_at=row.created_at, speaker=speaker)


def _finding(layer: str, hit: Hit, state: DecisionState | None = None) -> ContextItem:
    text = hit.content if len(hit.content) <= MAX_FINDING_CHARACTERS else hit.snippet
    if state is not None:
        text = f"{state.text}\n{text}"
    score = round(hit.score, 2)
    if hit.similarity is None:
        reason = stored_text("context.match", score=score)
    else:
        reason = stored_text("context.similar", score=score, similarity=round(100 * max(hit.similarity, 0)))
    return ContextItem(
        layer,
        text,
        estimate_tokens(text),
        reason.text,
        reason_key=reason.key,
        reason_params=reason.params,
        score=hit.score,
        kind=hit.kind,
        source_id=hit.subject_id,
        said_at=hit.occurred_at,
    )
