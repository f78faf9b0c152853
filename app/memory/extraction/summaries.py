"""Summaries of conversations, every 20 messages or after an hour's pause."""

import structlog

from app.memory.extraction.claude import SUMMARISE, ask
from app.memory.extraction.extractive_summary import extract_summary
from app.models.ports import Assistant, AssistantError
from sql.pool import Database
from sql.repositories.contexts import find_summary
from sql.repositories.memory_work import (
    SummaryWork,
    claim_summary_work,
    list_turns_to_sum_up,
    mark_summed_up,
    save_summary,
)

log = structlog.get_logger()

EVERY_MESSAGES = 20
PAUSE_SECONDS = 3600.0
LEASE_SECONDS = 120.0
BATCH = 5
MOST_TURNS = 200
LENGTH = 1000


class Summariser:
    """Rolling: each summary is made from the one before and from what was said since."""

    def __init__(self, database: Database, assistant: Assistant) -> None:
        self._database = database
        self._assistant = assistant

    async def work(self) -> set[str]:
        """Sum up what is due; whose conversations. One that cannot be is logged, and tried again after its lease."""
        async with self._database.connection() as connection:
            due = await claim_summary_work(
                connection,
                count=BATCH,
                lease_seconds=LEASE_SECONDS,
                messages=EVERY_MESSAGES,
                pause_seconds=PAUSE_SECONDS,
            )
        summed_up = set[str]()
        for work in due:
            try:
                await self._sum_up(work)
                summed_up.add(work.user_id)
            except Exception:
                log.exception("a conversation could not be summed up", conversation=str(work.conversation_id))
        return summed_up

    async def _sum_up(self, work: SummaryWork) -> None:
        async with self._database.connection() as connection:
            before = await find_summary(connection, work.user_id, work.conversation_id)
            turns = await list_turns_to_sum_up(connection, work, MOST_TURNS)
        texts = [before] if before else []
        texts += [turn.content for turn in turns]
        summary = await self._written(texts) if turns else before
        async with self._database.transaction() as connection:
            if summary and summary != before:
                await save_summary(connection, work, summary)
            await mark_summed_up(connection, work, turns[-1].id if turns else work.summarized_up_to)

    async def _written(self, texts: list[str]) -> str:
        if not self._assistant.offline:
            try:
                if written := await ask(self._assistant, SUMMARISE, "\n\n".join(texts)):
                    return written
            except AssistantError as failure:
                log.warning("the model could not sum up; the text itself does", reason=failure.reason)
        return extract_summary(texts, LENGTH)
