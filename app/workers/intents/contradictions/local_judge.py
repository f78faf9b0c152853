"""Finds contradictions without a model: the gate compares decisions, rules of wording the other records."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from app.gate.statements import NAME as GATE
from app.gate.statements import Statement
from app.language.catalogue import to_stored_text
from app.language.technologies import Mention, mentions_of
from app.language.text import language_of, shortened
from app.workers.intents.contradictions.ports import Candidate, Contradiction, PriorRecord
from app.workers.intents.contradictions.wording import Wording, find_absolute_claim, read_wording
from sql.repositories.contradictions import ContradictionKind
from sql.sentences import Sentence, nested, sentence

NAME = "local rules"
QUESTION = re.compile(
    r"[?？]\s*$|^(?:what|why|how|when|where|which|who|is|are|does|do|did|can|could|should)\b|(?:ですか|ますか|のか|だろうか)。?$",
    re.I,
)
# Texts that write about a technology or evaluate it do not use it.
ABOUT = re.compile(
    r"\b(?:about|explain|describe|compar\w+|learn|differen\w+|history of|versus|vs\.?|blog|article|evaluat\w+|research|investigat\w+)\b|"
    r"について|比較|違い|調べ|調査|説明|紹介|記事|評価",
    re.I,
)
SENTENCES = re.compile(r"[^。.!?！？\n]+(?:\.(?=\S)[^。.!?！？\n]+)*[。.!?！？]?")
READ_CHARACTERS = 2000
DECIDED_CHARACTERS = 20_000
MAX_SENTENCES = 200  # of one record
SIMILAR = 0.8  # cosine of two embeddings, for texts whose terms overlap too
# The confidences and shares in this module were set by hand on the labelled pairs of tests/data and are measured by
# `python -m tests.bench judgement`. Shares are of terms (stems without stop words).
OPPOSITE_SHARE = 0.66  # of the shorter text, for "speed up X" and "slow down X"
OPPOSITE_TERMS = 3  # or this many shared terms, for long texts
NEGATED_SHARE = 0.75  # of the negated text: "no X in Y" has few terms, and the request must contain most of them
ADDED_SHARE = 0.34  # of all terms: one text only adds details to the other
REWORDED_SHARE = 0.5  # of all terms differ, and the embeddings are similar


@dataclass(frozen=True, slots=True)
class _NewIntent:
    """The new intent, read once for all comparisons."""

    candidate: Candidate
    wording: Wording
    mentions: Sequence[Mention]
    is_question: bool

    @property
    def purposes(self) -> frozenset[str]:
        return frozenset(mention.purpose for mention in self.mentions)


class LocalJudge:
    """Implements app.workers.intents.contradictions.ports.Judge without model calls; never fails."""

    async def judge(self, candidate: Candidate, records: Sequence[PriorRecord]) -> list[Contradiction]:
        # In a thread: the event loop must renew leases while many long specifications are read.
        return await asyncio.to_thread(_judge, Candidate(candidate.text[:READ_CHARACTERS], candidate.kind), records)


def _judge(candidate: Candidate, records: Sequence[PriorRecord]) -> list[Contradiction]:
    is_question = candidate.kind == "question" or QUESTION.search(candidate.text.strip()) is not None
    new = _NewIntent(
        candidate, read_wording(candidate.text), () if is_question else mentions_of(candidate.text), is_question
    )
    found = [each for record in records if record.decision is None and (each := _compare(new, record))]
    if not is_question and (words := find_absolute_claim(candidate.text)):
        found.append(_found(new, "dogma", 0.7, None, _explain_claim(words)))
    found = [*_drop_technologies_in_use(found, new, records), *_against_decisions(candidate, records)]
    return sorted(found, key=lambda each: -each.confidence)


def _against_decisions(candidate: Candidate, records: Sequence[PriorRecord]) -> list[Contradiction]:
    decisions = {record.id: record for record in records if record.decision is not None}
    if not decisions:
        return []
    # Imported with the first decision, because it takes 2 MB; this runs in a thread.
    from app.gate.compare import compare

    statement = Statement(candidate.text, intent_type=candidate.kind)
    rows = [record.decision for record in decisions.values() if record.decision is not None]
    return [
        Contradiction(each.kind, each.confidence, each.explanation, GATE, decisions[each.decision.id])
        for each in compare(statement, rows)
    ]


def _compare(new: _NewIntent, record: PriorRecord) -> Contradiction | None:
    if record.kind == "intent" and (contradiction := _duplicate(new, record)):
        return contradiction
    if new.is_question or (record.kind == "intent" and QUESTION.search(_ends(record.text))):
        return None
    return _tech_stack(new, record) or _policy_shift(new, record)


def _ends(text: str) -> str:
    """The beginning and the end of a text, which show whether it is a question."""
    plain = text.strip()
    return plain if len(plain) <= READ_CHARACTERS else f"{plain[:100]} {plain[-100:]}"


def _found(
    new: _NewIntent, kind: ContradictionKind, confidence: float, record: PriorRecord | None, reason: Sentence
) -> Contradiction:
    text = to_stored_text(reason, language_of(new.candidate.text))
    return Contradiction(kind, confidence, text, NAME, record)


# --- technologies ---


def _tech_stack(new: _NewIntent, record: PriorRecord) -> Contradiction | None:
    """The intent names another technology than the decided one for the same purpose."""
    if not new.mentions or ABOUT.search(new.candidate.text) or ABOUT.search(record.decided[:600]):
        return None
    decided = [mention for mention in mentions_of(_decided(record), new.purposes) if not mention.source]
    for old in decided:
        same = [mention for mention in new.mentions if mention.purpose == old.purpose]
        names_decided = any(mention.name == old.name and not mention.source for mention in same)
        rivals = [mention for mention in same if mention.name != old.name and not mention.source]
        several = len({mention.name for mention in decided if mention.purpose == old.purpose}) > 1
        if rivals and not names_decided and not several:
            confidence = 0.92 if record.kind == "specification" else 0.78
            reason = _explain_tech_stack(record, wanted=rivals[0].name, decided=old.name, purpose=old.purpose)
            return _found(new, "tech_stack", confidence, record, reason)
    return None


def _drop_technologies_in_use(
    found: list[Contradiction], new: _NewIntent, records: Sequence[PriorRecord]
) -> list[Contradiction]:
    """Drop a contradiction with an earlier intent when another earlier record uses the new technology too."""
    if not any(each.kind == "tech_stack" for each in found):
        return found
    used = {
        (mention.purpose, mention.name)
        for record in records
        for mention in mentions_of(_decided(record), new.purposes)
        if not mention.source and not ABOUT.search(record.decided[:600])
    }
    if not any((mention.purpose, mention.name) in used for mention in new.mentions if not mention.source):
        return found
    return [
        each
        for each in found
        if each.kind != "tech_stack" or (each.record is not None and each.record.kind == "specification")
    ]


# --- reversed decisions ---


def _decided(record: PriorRecord) -> str:
    return record.decided[:DECIDED_CHARACTERS]


def _sentences(record: PriorRecord, terms: frozenset[str]) -> Iterator[str]:
    """The sentences of the record that contain one of the terms."""
    beginnings = [term.removesuffix("i") for term in terms]  # "query" has the stem "queri"
    sentences = (match[0] for match in SENTENCES.finditer(_decided(record)))
    yield from islice(
        (each for each in sentences if any(beginning in each.lower() for beginning in beginnings)), MAX_SENTENCES
    )


def _policy_shift(new: _NewIntent, record: PriorRecord) -> Contradiction | None:
    """The intent asks for the opposite direction, or for what a record excludes, on the same subject."""
    for statement in _sentences(record, new.wording.terms):
        old = read_wording(statement)
        if _is_reversal(new.wording, old, negated=old.negated):
            confidence = 0.82 if record.kind == "specification" else 0.75
            return _found(new, "policy_shift", confidence, record, _explain_policy_shift(record, statement.strip()))
    return None


def _is_reversal(new: Wording, old: Wording, *, negated: bool) -> bool:
    shared, least = new.terms & old.terms, min(len(new.terms), len(old.terms))
    if (
        not shared
        or new.artefacts != old.artefacts
        or (new.numbers and old.numbers and new.numbers - old.numbers and not (set(new.directions) & {"size"}))
    ):
        return False
    opposite = any(
        axis in old.directions and old.directions[axis] != direction for axis, direction in new.directions.items()
    )
    if opposite:
        return len(shared) / least >= OPPOSITE_SHARE or len(shared) >= OPPOSITE_TERMS
    # Without a direction: one text negates what the other asks for.
    if negated == new.negated:
        return False
    no, yes = (old, new) if negated else (new, old)
    return (
        len(shared) >= 2
        and len(shared) / max(1, len(no.terms)) >= NEGATED_SHARE
        and no.actions <= yes.actions | {"change", "make"}
    )


# --- duplicates ---


def _duplicate(new: _NewIntent, record: PriorRecord) -> Contradiction | None:
    if new.is_question and not record.open:
        return None  # an answered question may be asked again
    old = read_wording(record.text)
    confidence = _sameness(new.candidate.text, new.wording, record, old)
    return _found(new, "duplicate", confidence, record, _explain_duplicate(record)) if confidence else None


def _sameness(text: str, new: Wording, record: PriorRecord, old: Wording) -> float:
    """The confidence that both texts ask for the same; 0 when they do not."""
    if " ".join(text.lower().split()) == " ".join(record.text.lower().split()):
        return 0.99
    if new.numbers != old.numbers or new.names != old.names or new.artefacts != old.artefacts:
        return 0.0
    if new.negated != old.negated or any(
        old.directions.get(axis, direction) != direction for axis, direction in new.directions.items()
    ):
        return 0.0
    if new.actions and old.actions and not new.actions & old.actions:
        return 0.0
    only_new, only_old, shared = new.terms - old.terms, old.terms - new.terms, new.terms & old.terms
    if not shared:
        return 0.0
    if not only_new and not only_old:
        return 0.95
    left, whole = len(only_new) + len(only_old), len(new.terms | old.terms)
    if not (only_new and only_old) and left / whole <= ADDED_SHARE:
        return 0.85
    similarity = record.similarity or 0.0
    return 0.75 if similarity >= SIMILAR and left / whole <= REWORDED_SHARE else 0.0


# --- explanations ---


def _name_of(record: PriorRecord) -> dict[str, object]:
    """The record as a parameter: its kind and its shortened text."""
    return nested(Sentence(f"record.{record.kind}", {"text": shortened(record.text)}))


def _explain_claim(claim: str) -> Sentence:
    return sentence("contradiction.absolute_claim", claim=claim)


def _explain_duplicate(record: PriorRecord) -> Sentence:
    return sentence("contradiction.duplicate", record=_name_of(record))


def _explain_tech_stack(record: PriorRecord, *, wanted: str, decided: str, purpose: str) -> Sentence:
    return sentence(
        "contradiction.tech_stack",
        wanted=wanted,
        decided=decided,
        purpose=nested(Sentence(f"purpose.{purpose}")),
        record=_name_of(record),
    )


def _explain_policy_shift(record: PriorRecord, statement: str) -> Sentence:
    """`statement`: what the intent reverses. It is shown for a specification, which has many statements."""
    if record.kind != "specification":
        return sentence("contradiction.policy_shift", record=_name_of(record))
    return sentence("contradiction.policy_shift_statement", record=_name_of(record), statement=shortened(statement))
