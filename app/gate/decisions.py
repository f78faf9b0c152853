"""Reads an accepted decision once for all comparisons."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from app.gate.likeness import marks_of
from app.gate.reading import Sentence, read_sentence
from app.gate.statements import chosen_label, rejected_labels
from app.gate.words import A_FEATURE, ACTOR, ALL_BUT, NEUTRAL, ONLY_SOME, PARTS, PHASES, STOP
from app.language.topics import CONCEPTS, TOPICS, terms_of, wider
from app.language.words import WORD, normalised
from sql.rows import DecisionRow

TEXT_CHARACTERS = 400
MONEY = frozenset({"yen", "dollar", "euro", "pound"})
COSTS = frozenset({"budget", "price", "cost"})
REASON = re.compile(
    r"(?<![a-z])(?:because|since|so that|due to|in order to|to protect|to avoid|to keep)(?![a-z]).*$"
    r"|^[^。]{2,60}?(?:ため(?:に)?|ので|から)、",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DecisionReading:
    """`topic` are the parts of the topic key; `marks` are those of all texts.

    `title` is its sentence without the reason; `text` is that sentence as it was read, for a scope without the words
    that say when it applies.
    """

    kind: str
    title: str
    topic: tuple[str, ...]
    text: Sentence
    chosen: Sentence | None
    rejected: tuple[Sentence, ...]
    value: Sentence | None
    marks: frozenset[str]

    @property
    def concepts(self) -> frozenset[str]:
        """All that the decision is about."""
        options = self.chosen.closure if self.chosen else frozenset()
        named = {concept for part in self.topic for each in TOPICS.get(part, ()) for concept in each}
        return self.text.closure | self.text.about | options | frozenset(self.topic) | named

    def is_topic_of(self, statement: Sentence) -> bool:
        """Whether the statement names the whole topic, in either language."""
        parts = self._comparable(statement)
        if any(each.unit in MONEY for each in statement.amounts):  # "8,000 yen each for the party" names its budget
            parts = [each for each in parts if each not in COSTS] or parts
        base, *qualifiers = parts or [""]
        alternatives = TOPICS.get(base, [[base]])
        return (
            bool(base)
            and any(statement.closure.issuperset(each) for each in [*alternatives, [base]])
            and all(each in statement.closure or each in NEUTRAL for each in qualifiers)
        )

    def applies_to(self, statement: Sentence) -> bool:
        """Whether the statement is about the part that the topic is limited to, if it is limited."""
        own = self.chosen.closure if self.chosen else frozenset()
        limits = [each for each in self.topic if each not in TOPICS and each not in own and each not in STOP]
        if len(limits) == len(self.topic):
            limits = limits[1:]
        if self._is_for_other_part(statement):
            return False
        # A word that is only in the topic names an aspect ("email delivery"), not a part.
        comparable = (each for each in limits if each in CONCEPTS or each.isascii() != statement.japanese)
        return all(each in statement.closure for each in comparable if each in self.text.names)

    def _is_for_other_part(self, statement: Sentence) -> bool:
        """Whether the statement is about the client, and the decision about the server, or the like."""
        own, other = PARTS & self.concepts, PARTS & statement.closure
        return bool(own) and bool(other) and not own & other

    def _comparable(self, statement: Sentence) -> list[str]:
        """The parts of the topic without words that the other language would write differently."""
        return [
            each for each in self.topic if each in TOPICS or each in CONCEPTS or each.isascii() != statement.japanese
        ]


def read_decision(row: DecisionRow) -> DecisionReading:
    """A decision's topic, sentence and options."""
    return _read(
        row.title,
        row.kind,
        row.topic_key,
        chosen_label(row),
        tuple(rejected_labels(row)),
        row.value,
    )


@lru_cache(maxsize=8192)
def _read(
    title: str,
    kind: str,
    topic_key: str,
    chosen: str | None,
    rejected: tuple[str, ...],
    value: str | None,
) -> DecisionReading:
    said = _without_reason(title[:TEXT_CHARACTERS])
    text = read_sentence(_without_phases(said) if kind == "scope" else said)
    topic = tuple(topic_key.split(", ")) if topic_key else ()
    return DecisionReading(
        kind=kind,
        title=normalised(said),
        topic=topic,
        text=text,
        chosen=read_sentence(chosen[:TEXT_CHARACTERS]) if chosen else None,
        rejected=tuple(read_sentence(each[:TEXT_CHARACTERS]) for each in rejected),
        value=read_sentence(value[:TEXT_CHARACTERS]) if value else None,
        marks=marks_of(normalised(" ; ".join([said, *topic, chosen or "", *rejected]))),
    )


def outline_of(row: DecisionRow) -> frozenset[str]:
    """The words and concepts of a decision: enough to see that a statement has nothing to do with it, and quick."""
    return _outline(row.id, row.version, row.title, row.value, _Labels(row))


class _Labels:
    """The options of a decision, identified in the cache by its id and version."""

    def __init__(self, row: DecisionRow) -> None:
        self.row = row

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Labels)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=20_000)
def _outline(decision_id: UUID, version: int, title: str, value: str | None, labels: _Labels) -> frozenset[str]:
    row = labels.row
    del labels.row  # the cache keeps the labels, and should not keep the row
    text = " ; ".join([title[:TEXT_CHARACTERS], *(str(each["label"])[:100] for each in row.options), value or ""])
    found = set(WORD.findall(text.lower()))
    found.update(concept for term in terms_of(text) for concept in wider(term.name))
    if ONLY_SOME.search(normalised(title)):
        found.add(ACTOR)
    if ALL_BUT.search(normalised(title)):
        found.add(A_FEATURE)
    parts = row.topic_key.split(", ")
    found.update(parts)
    found.update(concept for part in parts for each in TOPICS.get(part, ()) for concept in each)
    return frozenset(found) | marks_of(normalised(text))


def _without_phases(title: str) -> str:
    """Without when the scope applies; in its case, by which "Edge" is a browser."""
    cased = unicodedata.normalize("NFKC", title)
    plain = normalised(title)
    if len(plain) != len(cased):
        return PHASES.sub(" ", plain)
    for match in reversed(list(PHASES.finditer(plain))):
        cased = f"{cased[: match.start()]} {cased[match.end() :]}"
    return cased


def _without_reason(title: str) -> str:
    rest = REASON.sub("", title).strip()
    return rest or title
