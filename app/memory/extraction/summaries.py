"""Summarises conversations, every 20 messages or after an hour without one, and surplus memories."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from math import log as logarithm
from uuid import UUID

import structlog

from app.language.citations import without_citations
from app.language.text import truncate
from app.language.words import words_of
from app.memory.extraction.claude import condense, summarise
from app.models.ports import Assistant, AssistantError
from app.text_process import InThisProcess, TextWork
from sql.pool import Database
from sql.repositories.contexts import find_summary, list_cited
from sql.repositories.memories import (
    NewMemory,
    archive_expired_memories,
    archive_memories,
    count_memories,
    insert_memory,
    list_least_important,
)
from sql.repositories.memory_work import (
    SummaryMessage,
    SummaryWork,
    claim_summary_work,
    list_messages_to_summarize,
    mark_summarized,
    save_summary,
)

log = structlog.get_logger()

EVERY_MESSAGES = 20
PAUSE_SECONDS = 3600.0
LEASE_SECONDS = 120.0
BATCH = 5
MOST_TURNS = 200
READ_CHARACTERS = 4000  # of each text
LENGTH = 1000
SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")
LONGEST_SENTENCE = 200
FULL = 0.9  # of the capacity: archiving starts
TARGET = 0.8  # of the capacity: archiving stops
CONDENSED_BATCH = 50  # memories per summary
CONDENSED_LENGTH = 1200


class Summariser:
    """Writes rolling summaries: each from the previous one and the messages since then."""

    def __init__(self, database: Database, assistant: Assistant, work: TextWork | None = None) -> None:
        self._database = database
        self._assistant = assistant
        self._work = work or InThisProcess()

    async def process_due(self) -> set[str]:
        """Summarise the conversations that are due; their users. A failed one is logged and retried after its lease."""
        async with self._database.connection() as connection:
            due = await claim_summary_work(
                connection,
                count=BATCH,
                lease_seconds=LEASE_SECONDS,
                messages=EVERY_MESSAGES,
                pause_seconds=PAUSE_SECONDS,
            )
        users = set[str]()
        for work in due:
            try:
                await self._summarise(work)
                users.add(work.user_id)
            except Exception:
                log.exception("a conversation could not be summarised", conversation=str(work.conversation_id))
        return users

    async def _summarise(self, work: SummaryWork) -> None:
        async with self._database.connection() as connection:
            previous = await find_summary(connection, work.user_id, work.conversation_id)
            turns = await list_messages_to_summarize(connection, work, MOST_TURNS)
            cited = await list_cited(connection, work.user_id, [turn.id for turn in turns])
        # The numbers mean other records where the summary is read.
        turns = [replace(each, content=without_citations(each.content, cited.get(each.id, ()))) for each in turns]
        summary = await self._write(previous, turns) if turns else previous
        async with self._database.transaction() as connection:
            current = await mark_summarized(connection, work, turns[-1].id if turns else work.summarized_up_to)
            if current and summary and summary != previous:
                await save_summary(connection, work, summary)

    async def _write(self, previous: str | None, turns: Sequence[SummaryMessage]) -> str:
        turns = [replace(turn, content=truncate(turn.content, READ_CHARACTERS)) for turn in turns]
        if not self._assistant.offline:
            try:
                return await summarise(self._assistant, previous, turns)
            except AssistantError as failure:
                log.warning("the model could not summarise; using extracted sentences", reason=failure.reason)
        texts = [*([previous] if previous else []), *(turn.content for turn in turns)]
        return await self._work.run(sum(map(len, texts)), extract_summary, texts, LENGTH)


def extract_summary(texts: Sequence[str], length: int) -> str:
    """A summary without a model: the sentences whose words occur most often, in order, at most `length` characters."""
    sentences = list(
        dict.fromkeys(
            truncate(" ".join(match[0].split()), LONGEST_SENTENCE, ellipsis="")
            for text in texts
            for match in SENTENCE.finditer(text)
            if len(match[0].strip()) > 3
        )
    )
    words = [_words(sentence) for sentence in sentences]
    counts = Counter(word for each in words for word in each)
    worth = [sum(logarithm(1 + counts[word]) for word in each) / (4 + len(each)) for each in words]
    chosen, left = set[int](), length
    for place in sorted(range(len(sentences)), key=lambda place: (-worth[place], place)):
        if len(sentences[place]) + 1 <= left:
            chosen.add(place)
            left -= len(sentences[place]) + 1
    return " ".join(sentences[place] for place in sorted(chosen))


def _words(sentence: str) -> set[str]:
    return {word for word in words_of(sentence) if len(word) > 1}


async def archive_expired(database: Database) -> set[str]:
    """Archive memories that have expired; their users."""
    async with database.transaction() as connection:
        return await archive_expired_memories(connection, 500)


async def archive_surplus(
    database: Database, assistant: Assistant, user_id: str, capacity: int, work: TextWork | None = None
) -> int:
    """At 90 % of the capacity replace the least important memories by summaries, down to 80 %; how many.

    Each scope has this capacity: what the members of a project share, what one of them has alone, and the profile.
    Archived memories can be restored. No transaction is open while the model writes.
    """
    async with database.connection() as connection:
        counts = await count_memories(connection, user_id)
    archived = 0
    for scope_id, count in counts.items():
        surplus = count - int(capacity * TARGET)
        if surplus >= capacity * (FULL - TARGET):
            archived += await _archive(database, assistant, user_id, scope_id, surplus, work)
    return archived


async def _archive(
    database: Database,
    assistant: Assistant,
    user_id: str,
    scope_id: UUID,
    surplus: int,
    work: TextWork | None,
) -> int:
    archived = 0
    while surplus > 0:
        async with database.connection() as connection:
            candidates = await list_least_important(connection, scope_id, min(CONDENSED_BATCH, surplus + 1))
        if len(candidates) < 2:
            break
        summary = await _condense(
            assistant, [truncate(row.content, READ_CHARACTERS) for row in candidates], work or InThisProcess()
        )
        async with database.transaction() as connection:
            of = candidates[0]
            new = NewMemory(
                summary,
                tags=("summary",),
                project_id=of.project_id,
                profile=of.project_id is None,
                private=of.project_id is not None and of.project_id != scope_id,
            )
            inserted = await insert_memory(connection, user_id, new)
            if inserted is not None:
                await archive_memories(connection, user_id, [row.id for row in candidates], inserted.id)
        archived += len(candidates)
        surplus -= len(candidates) - 1
    return archived


async def _condense(assistant: Assistant, contents: list[str], work: TextWork) -> str:
    if not assistant.offline:
        try:
            return await condense(assistant, contents)
        except AssistantError as failure:
            log.warning("the model could not condense memories; using extracted sentences", reason=failure.reason)
    summary = await work.run(sum(map(len, contents)), extract_summary, contents, CONDENSED_LENGTH)
    return summary or contents[0]
