"""Memories that the rules keep from 60 dialogues, half of them of talk that must not be kept

Precision: kept statements that have to be kept. Recall: statements to keep that are kept, verbatim.
"""

from dataclasses import dataclass

from app.language.data import read_data
from app.memory.extraction.statements import find_statements
from tests.bench.figures import Figure
from tests.processes import ROOT

DATA = str(ROOT / "tests/data/memory_dialogues.toml")


@dataclass(frozen=True, slots=True)
class Extracted:
    """The statements kept rightly, kept wrongly, and missed."""

    right: list[str]
    wrong: list[str]
    missed: list[str]

    @property
    def precision(self) -> float:
        return len(self.right) / max(len(self.right) + len(self.wrong), 1)

    @property
    def recall(self) -> float:
        return len(self.right) / (len(self.right) + len(self.missed))


def extracted() -> Extracted:
    """Only what the user says is read: the indexer queues no message of the assistant."""
    result = Extracted([], [], [])
    for dialogue in read_data(DATA, "memory_dialogues.toml")["dialogue"]:
        said = [turn.removeprefix("u: ") for turn in dialogue["turns"] if turn.startswith("u: ")]
        kept = [each.content for text in said for each in find_statements(text)]
        result.right.extend(each for each in kept if each in dialogue["keep"])
        result.wrong.extend(each for each in kept if each not in dialogue["keep"])
        result.missed.extend(each for each in dialogue["keep"] if each not in kept)
    return result


async def measure() -> list[Figure]:
    result = extracted()
    return [
        Figure("precision of the memories kept", result.precision, "", at_least=0.95),
        Figure("recall of the statements to keep", result.recall, "", at_least=0.8),
    ]
