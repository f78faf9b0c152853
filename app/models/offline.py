"""The offline assistant: says that no model is configured and quotes matching records from memory."""

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from typing import Literal

from app.language.text import is_japanese, one_line
from app.models.ports import AnswerPart, Finished, Piece, Prompt, Recollection

QUOTED_CHARACTERS = 200
CITED = 5
WORDS = re.compile(r"\S+\s*|\s+")
CJK_RUN = 4

# Each text in English and in Japanese.
KINDS = {
    "message": ("you said", "あなたの発言"),
    "intent": ("your intent", "あなたのインテント"),
    "specification": ("specification", "仕様書"),
    "decision": ("decision", "決定"),
    "memory": ("memory", "記憶"),
}
NO_MODEL = {
    "reply": (
        "No language model is configured, so I can only look things up in what you have told me. "
        "Set `ANTHROPIC_API_KEY` to get real answers.",
        "言語モデルが設定されていないため、これまでに伺った内容を探すことしかできません。"
        "`ANTHROPIC_API_KEY` を設定すると、実際に回答できるようになります。",
    ),
    "work": (
        "**This was not done:** no language model is configured. Set `ANTHROPIC_API_KEY`, then ask again.",
        "**この作業は実行されていません。** 言語モデルが設定されていないためです。"
        "`ANTHROPIC_API_KEY` を設定してから、もう一度書いてください。",
    ),
}
FOUND = {
    "reply": ("I found these records, which may be related:", "関係がありそうな記録が見つかりました。"),
    "work": ("These records may help:", "参考になりそうな記録は次のとおりです。"),
}
NOTHING = {
    "reply": (
        "I found no related record. Your message is stored and can be found later.",
        "関係する過去の記録は見つかりませんでした。書いていただいた内容は保存され、あとで探せます。",
    ),
    "work": (
        "I found no related record. The request is stored and can be found later.",
        "関係する過去の記録は見つかりませんでした。この依頼そのものは保存され、あとで探せます。",
    ),
}


def _cited(found: Recollection, japanese: bool) -> str:
    kind = KINDS.get(found.kind, (found.kind, found.kind))[japanese]
    return f"- {found.recorded_at:%Y-%m-%d %H:%M %Z}, {kind}: {one_line(found.text, QUOTED_CHARACTERS)}"


def write_answer(
    question: str, recollections: Sequence[Recollection], purpose: Literal["reply", "work"] = "reply"
) -> str:
    """The answer as Markdown, in the language of the question."""
    japanese = is_japanese(question)
    if not recollections:
        return f"{NO_MODEL[purpose][japanese]}\n\n{NOTHING[purpose][japanese]}"
    best = sorted(recollections, key=lambda found: -found.score)[:CITED]
    cited = "\n".join(_cited(found, japanese) for found in best)
    return f"{NO_MODEL[purpose][japanese]}\n\n{FOUND[purpose][japanese]}\n\n{cited}"


def to_pieces(text: str) -> list[str]:
    """Words with the following space; Japanese has no spaces and is cut every four characters."""
    pieces = []
    for word in WORDS.findall(text):
        step = CJK_RUN if is_japanese(word) else len(word)
        pieces += [word[start : start + step] for start in range(0, len(word), step)]
    return pieces


class OfflineAssistant:
    """Implements app.models.ports.Assistant. `pause` is the time between two pieces of a reply in seconds."""

    name = "Kana (offline)"
    model = None
    offline = True

    def __init__(self, *, pause: float = 0.015) -> None:
        self._pause = pause

    async def answer(self, prompt: Prompt) -> AsyncGenerator[AnswerPart, None]:
        """Never fails. Only a reply is shown while it streams, so only a reply has pauses."""
        question = prompt.turns[-1].text if prompt.turns else ""
        is_reply = prompt.purpose == "reply"
        pause = self._pause if is_reply else 0.0
        for text in to_pieces(write_answer(question, prompt.recollections, "reply" if is_reply else "work")):
            yield Piece(text)
            await asyncio.sleep(pause)
        yield Finished("end_turn", None)

    async def close(self) -> None:
        """There is nothing to close."""
