"""Joins the continuation of an answer to the text so far, without what a model sends a second time."""

from dataclasses import replace

from app.models.ports import AnswerPart, Piece, Prompt, Turn

# Shorter text may be meant twice, such as a row of a table.
SHORTEST_REPETITION = 16
LONGEST_REPETITION = 2000
GO_ON = (
    "Your last answer was cut off. Continue it exactly where it ends, with the next character. "
    "Do not repeat any of it, do not apologise and do not begin with an introduction."
)


def is_continued(prompt: Prompt) -> bool:
    """Whether the answer continues one that was cut off, which is then the last turn."""
    return bool(prompt.turns) and prompt.turns[-1].role == "assistant" and not prompt.rounds


def begun(prompt: Prompt) -> Prompt:
    """The prompt for a model that takes the beginning of its answer. The API refuses white space at its end."""
    return replace(prompt, turns=[*prompt.turns[:-1], Turn("assistant", prompt.turns[-1].text.rstrip())])


def asked_to_go_on(prompt: Prompt) -> Prompt:
    """The prompt for a model that takes no beginning: the user asks for the rest."""
    return replace(prompt, turns=[*prompt.turns, Turn("user", GO_ON)])


class Continuation:
    """The parts of an answer that does not continue another one: all of them, unchanged."""

    def join(self, part: AnswerPart | None) -> list[AnswerPart]:
        """What can be used now, given the next part."""
        text = self.add(part.text) if isinstance(part, Piece) else self.rest() if part else ""
        parts: list[AnswerPart] = [Piece(text)] if text else []
        return parts if part is None or isinstance(part, Piece) else [*parts, part]

    def add(self, piece: str) -> str:
        """The text that can be used now."""
        return piece

    def rest(self) -> str:
        """The text that was held back until the end of the answer."""
        return ""


class Prefilled(Continuation):
    """The continuation of a text that the model was given as the beginning of its answer.

    It was given without its trailing white space, so the model may send that white space again.
    """

    def __init__(self, kept: str) -> None:
        self._space = kept[len(kept.rstrip()) :]

    def add(self, piece: str) -> str:
        common = 0
        while common < min(len(self._space), len(piece)) and self._space[common] == piece[common]:
            common += 1
        if piece:
            self._space = self._space[common:] if common == len(piece) else ""
        return piece[common:]


class Asked(Continuation):
    """The continuation that a model was asked for in a turn of the user; it may first repeat the end of the text."""

    def __init__(self, kept: str) -> None:
        self._kept = kept
        self._held = ""
        self._decided = False

    def add(self, piece: str) -> str:
        if self._decided:
            return piece
        self._held += piece
        if len(self._held) < LONGEST_REPETITION and self._held.lstrip() in self._kept[-LONGEST_REPETITION:]:
            return ""
        return self.rest()

    def rest(self) -> str:
        self._decided, held, self._held = True, self._held, ""
        said = held.lstrip()
        for length in range(min(len(said), LONGEST_REPETITION), SHORTEST_REPETITION - 1, -1):
            if self._kept.endswith(said[:length]):
                return said[length:]
        return Prefilled(self._kept).add(held)
