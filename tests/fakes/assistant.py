"""An assistant with scripted answers. Implements app.models.ports.Assistant."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator

from app.models.ports import AnswerPart, AssistantError, Finished, Piece, Prompt, ToolUse

Step = str | float | ToolUse | Finished | AssistantError | Exception


class ScriptedAssistant:
    """Plays one script per answer: texts are pieces, numbers are pauses in seconds, errors are raised,
    calls of tools are calls.

    A script may end with a `Finished`.

    Without a script it answers "echo: " and the text of the user. `prompts` records the prompts.
    """

    name = "Scripted"
    model = "scripted-1"

    def __init__(self) -> None:
        self.prompts: list[Prompt] = []
        self.cancelled = 0
        self.offline = False
        self._scripts: deque[list[Step]] = deque()

    def script(self, *steps: Step) -> None:
        self._scripts.append(list(steps))

    def token_counts(self, model: str | None = None) -> None:
        return None

    async def answer(self, prompt: Prompt) -> AsyncGenerator[AnswerPart, None]:
        self.prompts.append(prompt)
        steps: list[Step] = self._scripts.popleft() if self._scripts else ["echo: ", prompt.turns[-1].text]
        calls = 0
        try:
            for step in steps:
                if isinstance(step, str):
                    yield Piece(step)
                elif isinstance(step, float):
                    await asyncio.sleep(step)
                elif isinstance(step, ToolUse):
                    calls += 1
                    yield step
                elif isinstance(step, Finished):
                    yield step
                    return
                else:
                    raise step
        except (asyncio.CancelledError, GeneratorExit):  # during a pause, or while the caller handles a piece
            self.cancelled += 1
            raise
        yield Finished(
            "tool_use" if calls else "end_turn", self.model, {"input_tokens": 1, "output_tokens": len(steps)}
        )

    async def close(self) -> None:
        pass
