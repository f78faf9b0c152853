"""What an import added, and what it left out and why."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sql.sentences import Params, Sentence, nested, sentence

MOST_NAMED = 50
NAME_CHARACTERS = 80


@dataclass(slots=True)
class ImportReport:
    """Numbers of rows, what was changed on the way, and each entry that was left out.

    `notes` counts by key and parameters: their sentences have the parameter `count`.
    """

    added: int = 0
    existing: int = 0
    updated: int = 0
    notes: Counter[tuple[str, tuple[tuple[str, str], ...]]] = field(default_factory=Counter)
    left_out: list[Sentence] = field(default_factory=list)
    unnamed: int = 0

    def note(self, key: str, count: int = 1, **params: str) -> None:
        """Count something that a reader should know; entries with the same key and params are added up."""
        if count:
            self.notes[key, tuple(sorted(params.items()))] += count

    def leave_out(self, key: str, reason: Sentence, **params: object) -> None:
        """Name an entry that was not imported; only the first fifty are named, the others are counted."""
        if len(self.left_out) < MOST_NAMED:
            self.left_out.append(sentence(key, reason=nested(reason), **params))
        else:
            self.unnamed += 1

    def add(self, other: "ImportReport") -> None:
        """Add the numbers of another report, which has no entries that were left out."""
        self.added += other.added
        self.existing += other.existing
        self.updated += other.updated
        self.notes += other.notes

    def sentences(self) -> Iterator[Sentence]:
        """The report: first the counts, then the entries that were left out."""
        yield sentence("import.done", added=self.added, existing=self.existing)
        if self.updated:
            yield sentence("import.updated", count=self.updated)
        for (key, named), count in self.notes.items():
            params: Params = dict(named)
            yield Sentence(key, {**params, "count": count})
        yield from self.left_out
        if self.unnamed:
            yield sentence("import.more_left_out", count=self.unnamed)
