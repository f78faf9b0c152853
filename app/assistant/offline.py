"""The assistant without a model: says that it is one, and answers with what it finds in memory."""

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence

from app.assistant.language import is_japanese
from app.assistant.ports import Finished, Piece, Prompt, Recollection

QUOTED_CHARACTERS = 200
WORDS = re.compile(r"\S+\s*|\s+")
CJK_RUN = 4

KINDS = {
    "message": ("you said", "あなたの発言"),
    "intent": ("your intent", "あなたの意図"),
}
NO_MODEL = (
    "No language model is configured, so I can only look things up in what you have told me. "
    "Set `ANTHROPIC_API_KEY` to get real answers.",
    "言語モデルが設定されていないため、これまでに伺った内容を探すことしかできません。"
    "`ANTHROPIC_API_KEY` を設定すると、実際に回答できるようになります。",
)
FOUND = ("This is what I found that may bear on it:", "関係がありそうな記録が見つかりました。")
NOTHING = (
    "I found nothing earlier that bears on it. What you wrote is kept and can be found later.",
    "関係する過去の記録は見つかりませんでした。書いていただいた内容は保存され、あとで探せます。",
)


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= QUOTED_CHARACTERS else line[: QUOTED_CHARACTERS - 1] + "…"


def _cited(found: Recollection, japanese: bool) -> str:
    kind = KINDS.get(found.kind, (found.kind, found.kind))[japanese]
    return f"- {found.said_at:%Y-%m-%d %H:%M} UTC, {kind}: {_quoted(found.text)}"


def write_answer(question: str, recollections: Sequence[Recollection]) -> str:
    """The whole answer, in the language of the question."""
    japanese = is_japanese(question)
    if not recollections:
        return f"{NO_MODEL[japanese]}\n\n{NOTHING[japanese]}"
    cited = "\n".join(_cited(found, japanese) for found in recollections)
    return f"{NO_MODEL[japanese]}\n\n{FOUND[japanese]}\n\n{cited}"


def _pieces(text: str) -> list[str]:
    """Words with the space behind them; a run of Japanese is cut every few characters, as it has no spaces."""
    pieces = []
    for word in WORDS.findall(text):
        step = CJK_RUN if is_japanese(word) else len(word)
        pieces += [word[start : start + step] for start in range(0, len(word), step)]
    return pieces


class OfflineAssistant:
    """Implements app.assistant.ports.Assistant. `pause` is the time between two pieces, in seconds."""

    name = "Kana (offline)"
    model = None
    offline = True

    def __init__(self, *, pause: float = 0.015) -> None:
        self._pause = pause

    async def answer(self, prompt: Prompt) -> AsyncGenerator[Piece | Finished, None]:
        """Never fails: there is nothing that could."""
        question = prompt.turns[-1].text if prompt.turns else ""
        for text in _pieces(write_answer(question, prompt.recollections)):
            yield Piece(text)
            await asyncio.sleep(self._pause)
        yield Finished("end_turn", None)

    async def close(self) -> None:
        """Nothing is held."""
