"""Writes a reply without a model."""

from contextlib import aclosing

from app.models.answers import read_answer
from app.models.ports import Assistant, AssistantError, Finished, Piece
from app.workers.replies.job import ReplyJob
from app.workers.replies.output import ReplyOutput
from app.workers.replies.prompts import ReplyPrompts


class OfflineWriter:
    """Implements app.workers.replies.job.ReplyWriter."""

    def __init__(self, prompts: ReplyPrompts, output: ReplyOutput, assistant: Assistant) -> None:
        self._prompts = prompts
        self._output = output
        self._assistant = assistant

    async def write(self, job: ReplyJob) -> None:
        if job.claim.kept:
            raise AssistantError("reply.no_model_to_continue", retryable=False)
        prompt = await self._prompts.make(job)
        async with aclosing(read_answer(self._assistant, prompt)) as parts:
            async for part in parts:
                if isinstance(part, Piece):
                    await self._output.append(job, part.text)
                elif isinstance(part, Finished):
                    job.draft.finished = part
