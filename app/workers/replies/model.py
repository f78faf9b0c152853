"""Writes a reply with a model: a loop of answers and calls of tools, until an answer calls none."""

from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from app.language.catalogue import render
from app.language.text import is_blank, language_of
from app.models.answers import COMPLETE, continuing, read_answer
from app.models.ports import Assistant, AssistantError, Finished, Piece, Prompt, ToolUse
from app.settings.assistant import ModelSettings
from app.tools.tool import Tool
from app.workers.replies.acting import Acting, Actor, StoppedByUser
from app.workers.replies.declarations import to_spec
from app.workers.replies.job import ReplyJob
from app.workers.replies.output import ReplyOutput
from app.workers.replies.prompts import ReplyPrompts
from app.workers.replies.rounds import planned, separator, text_after

TOOLS_REFUSED = "model.tools_refused"
NO_MORE_CALLS = "\nNo further tool calls are possible in this reply. Answer now, and say what is left undone."
NO_TOOLS = (
    "\nNo tools are available in this reply: you cannot record, create, change or cancel anything. Do not claim to."
)


@dataclass(slots=True)
class Answer:
    """One answer of the model: its text without what separates it from the text before it."""

    text: str = ""
    uses: list[ToolUse] = field(default_factory=list)
    end: Finished | None = None


class ModelWriter:
    """Implements app.workers.replies.job.ReplyWriter."""

    def __init__(
        self,
        prompts: ReplyPrompts,
        output: ReplyOutput,
        assistant: Assistant,
        actor: Actor,
        tools: Mapping[str, Tool],
        settings: ModelSettings,
    ) -> None:
        self._prompts = prompts
        self._output = output
        self._assistant = assistant
        self._actor = actor
        self._specs = [to_spec(tool) for tool in tools.values()]
        self._settings = settings

    async def write(self, job: ReplyJob) -> None:
        acting = await self._actor.load(job, self._prompts.caller_of(job))
        prompt = replace(await self._prompts.make(job, acting), tools=self._specs)
        job.draft.model = prompt.model or self._assistant.model
        try:
            await self._resume(job, acting)
            await self._write(job, acting, prompt)
        except StoppedByUser:
            job.stop.set()
        except AssistantError as refusal:
            if refusal.key != TOOLS_REFUSED:
                raise
            await self._write_without_tools(job, prompt)

    async def _resume(self, job: ReplyJob, acting: Acting) -> None:
        """Show the text of the stored rounds again, and perform the calls that an earlier worker did not reach."""
        if acting.rounds:
            job.draft.resumable = True
            written = text_after(acting.kept, acting.rounds)
            if job.draft.scanner is not None:
                job.draft.scanner.skip(written)
            await self._output.append(job, written)
            await self._actor.perform(job, acting)

    async def _write(self, job: ReplyJob, acting: Acting, prompt: Prompt) -> None:
        while True:
            sent = self._next_prompt(acting, prompt)
            answer = await self._answer(job, acting.spent, sent)
            if answer.end is None or answer.end.stop_reason not in continuing(sent, len(answer.uses)):
                break
            await self._output.save(job)  # calls and the next answer may take long
            end = len(job.draft.text)
            new = planned(job.claim, acting.rounds, answer.text, answer.uses, answer.end, end=end)
            await self._actor.store(job, acting, new)
            job.draft.resumable = True
            await self._actor.perform(job, acting)
        if is_blank(job.draft.text):
            await self._output.append(job, "\n".join(action.summary for action in acting.actions))
        if is_blank(job.draft.text):
            raise AssistantError("model.empty_answer", retryable=False)

    def _next_prompt(self, acting: Acting, prompt: Prompt) -> Prompt:
        """The prompt with the rounds so far. The last one that the limits permit allows no calls."""
        spent = sum(count for each in acting.rounds for count in each.usage.values())
        last = len(acting.rounds) + 1 >= self._settings.model_max_rounds
        final = last or spent >= self._settings.model_max_reply_tokens
        rounds = [each.to_round() for each in acting.rounds]
        moment = prompt.moment + NO_MORE_CALLS if final else prompt.moment
        return replace(prompt, rounds=rounds, calls_allowed=not final, moment=moment)

    async def _answer(self, job: ReplyJob, earlier: Sequence[Mapping[str, int]], prompt: Prompt) -> Answer:
        answer, follows_calls = Answer(), bool(prompt.rounds and prompt.rounds[-1].uses)
        if follows_calls and job.draft.scanner is not None:
            job.draft.scanner.skip("\n\n")  # what separates the texts, so that lines begin where they are shown to
        try:
            async with aclosing(read_answer(self._assistant, prompt)) as parts:
                async for part in parts:
                    if isinstance(part, Piece):
                        await self._append(job, answer, _checked(job, part.text), follows_calls)
                    elif isinstance(part, ToolUse):
                        answer.uses.append(part)
                    else:
                        answer.end = part
                        job.draft.finished = replace(part, usage=_total([*earlier, part.usage]))
                        cut = part.stop_reason not in COMPLETE | continuing(prompt, len(answer.uses))
                        await self._append(job, answer, job.draft.unchecked(cut=cut), follows_calls)
        except AssistantError as failure:
            if answer.end is None or answer.end.stop_reason != "tool_use" or prompt.calls_allowed:
                raise
            raise AssistantError(
                "reply.too_many_rounds", retryable=False, count=self._settings.model_max_rounds
            ) from failure
        return answer

    async def _append(self, job: ReplyJob, answer: Answer, text: str, follows_calls: bool) -> None:
        if text:
            lead = separator(job.draft.text, text) if follows_calls and not answer.text else ""
            answer.text += text
            await self._output.append(job, lead + text)

    async def _write_without_tools(self, job: ReplyJob, prompt: Prompt) -> None:
        """Answer with a model that has no tools, and say that nothing was done and what to change."""
        await self._answer(job, (), replace(prompt, tools=(), moment=prompt.moment + NO_TOOLS))
        note = render("reply.without_tools", {"model": job.draft.model}, language_of(job.message.content))
        await self._output.append(job, f"\n\n{note}")


def _checked(job: ReplyJob, piece: str) -> str:
    """The text that can be shown now: without citations of what was not given."""
    return piece if job.draft.scanner is None else job.draft.scanner.add(piece)


def _total(usages: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """The token counts of all rounds."""
    names = {name for usage in usages for name in usage}
    return {name: sum(usage.get(name, 0) for usage in usages) for name in sorted(names)}
