"""Judging without a model: technologies by purpose, ways by axis, the same wish by its terms."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.language.detection import is_japanese
from app.workers.intents.contradictions.absolute_claims import find_dogma
from app.workers.intents.contradictions.explanation import explain
from app.workers.intents.contradictions.ports import Candidate, Contradiction, PriorRecord
from app.workers.intents.contradictions.statements import SAYS_NO, Wording, read_wording
from app.workers.intents.contradictions.technologies import Mention, mentions_of

NAME = "local rules"
QUESTION = re.compile(
    r"[?？]\s*$|^(?:what|why|how|when|where|which|who|is|are|does|do|did|can|could|should)\b|(?:ですか|ますか|のか|だろうか)。?$",
    re.I,
)
# To write about a technology, or to look at it, is not to use it.
ABOUT = re.compile(
    r"\b(?:about|explain|describe|compar\w+|learn|differen\w+|history of|versus|vs\.?|blog|article|evaluat\w+|research|investigat\w+)\b|"
    r"について|比較|違い|調べ|調査|説明|紹介|記事|評価",
    re.I,
)
SENTENCES = re.compile(r"[^。.!?！？\n]+(?:\.(?=\S)[^。.!?！？\n]+)*[。.!?！？]?")
WISH_CHARACTERS = 2000
DECIDED_CHARACTERS = 20_000
ALIKE = 0.8  # of two embeddings, when the rest says the same too


@dataclass(frozen=True, slots=True)
class _New:
    """The new wish, read once for all comparisons."""

    wish: Candidate
    wording: Wording
    mentions: Sequence[Mention]
    asks: bool

    @property
    def purposes(self) -> frozenset[str]:
        return frozenset(mention.purpose for mention in self.mentions)


class LocalJudge:
    """Implements app.workers.intents.contradictions.ports.Judge; never fails, and costs no model call."""

    async def judge(self, wish: Candidate, standings: Sequence[PriorRecord]) -> list[Contradiction]:
        # Beside the event loop: leases are renewed while many long specifications are read.
        return await asyncio.to_thread(_judge, Candidate(wish.text[:WISH_CHARACTERS], wish.kind), standings)


def _judge(wish: Candidate, standings: Sequence[PriorRecord]) -> list[Contradiction]:
    asks = wish.kind == "question" or QUESTION.search(wish.text.strip()) is not None
    new = _New(wish, read_wording(wish.text), () if asks else mentions_of(wish.text), asks)
    clashes = [clash for standing in standings if (clash := _clash(new, standing))]
    if not asks and (words := find_dogma(wish.text)):
        clashes.append(_found(new, "dogma", 0.7, None, words))
    clashes = _without_used_already(clashes, new, standings)
    return sorted(clashes, key=lambda clash: -clash.confidence)


def _clash(new: _New, standing: PriorRecord) -> Contradiction | None:
    if standing.kind == "intent" and (clash := _duplicate(new, standing)):
        return clash
    if new.asks or (standing.kind == "intent" and QUESTION.search(standing.text.strip())):
        return None
    return _tech_stack(new, standing) or _rejected_option(new, standing) or _policy_shift(new, standing)


def _found(new: _New, kind: str, confidence: float, standing: PriorRecord | None, *words: str) -> Contradiction:
    sentence = explain(kind, words, standing, japanese=is_japanese(new.wish.text))
    return Contradiction(kind, confidence, sentence, NAME, standing)  # type: ignore[arg-type]


# --- technologies ---


def _tech_stack(new: _New, standing: PriorRecord) -> Contradiction | None:
    """Another technology than the one that stands for the same purpose."""
    if not new.mentions or ABOUT.search(new.wish.text) or ABOUT.search(standing.decided[:600]):
        return None
    decided = [mention for mention in mentions_of(_decided(standing), new.purposes) if not mention.source]
    for old in decided:
        same = [mention for mention in new.mentions if mention.purpose == old.purpose]
        kept = any(mention.name == old.name and not mention.source for mention in same)
        rivals = [mention for mention in same if mention.name != old.name and not mention.source]
        several = len({mention.name for mention in decided if mention.purpose == old.purpose}) > 1
        if rivals and not kept and not several:
            sure = 0.92 if standing.is_decision else 0.78
            return _found(new, "tech_stack", sure, standing, rivals[0].name, old.name, old.purpose)
    return None


def _without_used_already(
    clashes: list[Contradiction], new: _New, standings: Sequence[PriorRecord]
) -> list[Contradiction]:
    """What only an earlier wish stands for gives way when another earlier wish used the new technology too."""
    if not any(clash.kind == "tech_stack" for clash in clashes):
        return clashes
    used = {
        (mention.purpose, mention.name)
        for standing in standings
        for mention in mentions_of(_decided(standing), new.purposes)
        if not mention.source and not ABOUT.search(standing.decided[:600])
    }
    if not any((mention.purpose, mention.name) in used for mention in new.mentions if not mention.source):
        return clashes
    return [
        clash
        for clash in clashes
        if clash.kind != "tech_stack" or (clash.standing is not None and clash.standing.is_decision)
    ]


# --- decisions reversed ---


def _rejected_option(new: _New, standing: PriorRecord) -> Contradiction | None:
    """An option that was not chosen, wished for in the matter that was decided."""
    chosen, topic = read_wording(standing.decided), read_wording(standing.text)
    for option in standing.rejected:
        wanted = read_wording(option).terms
        if not wanted or not wanted <= new.wording.terms or wanted <= chosen.terms:
            continue
        beside = new.wording.terms - wanted
        if beside & (topic.terms - wanted):
            return _found(new, "policy_shift", 0.8, standing, option)
    return None


def _decided(standing: PriorRecord) -> str:
    return standing.decided[:DECIDED_CHARACTERS]


def _sentences(standing: PriorRecord, terms: frozenset[str]) -> Iterator[str]:
    """What stands, sentence by sentence, as far as it has one of the terms."""
    if standing.kind == "choice_point":
        yield f"{standing.text[:WISH_CHARACTERS]} {_decided(standing)}"
        return
    for match in SENTENCES.finditer(_decided(standing)):
        plain = match[0].lower()
        if any(term in plain for term in terms):
            yield match[0]


def _policy_shift(new: _New, standing: PriorRecord) -> Contradiction | None:
    """The other way on the same axis, or yes where no stands, in the same matter."""
    for sentence in _sentences(standing, new.wording.terms):
        old = read_wording(sentence)
        negated = old.negated or (standing.kind == "choice_point" and SAYS_NO.search(standing.decided) is not None)
        if _is_reversal(new.wording, old, negated=negated):
            return _found(new, "policy_shift", 0.82 if standing.is_decision else 0.75, standing, sentence.strip())
    return None


def _is_reversal(new: Wording, old: Wording, *, negated: bool) -> bool:
    shared, least = new.terms & old.terms, min(len(new.terms), len(old.terms))
    if (
        not shared
        or new.artefacts != old.artefacts
        or (new.numbers and old.numbers and new.numbers - old.numbers and not (set(new.ways) & {"size"}))
    ):
        return False
    opposite = any(axis in old.ways and old.ways[axis] != way for axis, way in new.ways.items())
    if opposite:
        return len(shared) / least >= 0.66 or len(shared) >= 3
    # No word for a way: what is said not to be done is to be done, or the other way round.
    if negated == new.negated:
        return False
    no, yes = (old, new) if negated else (new, old)
    return (
        len(shared) >= 2
        and len(shared) / max(1, len(no.terms)) >= 0.75
        and no.actions <= yes.actions | {"change", "make"}
    )


# --- the same again ---


def _duplicate(new: _New, standing: PriorRecord) -> Contradiction | None:
    if new.asks and not standing.open:
        return None  # a question may be asked again once it was answered
    old = read_wording(standing.text)
    sure = _sameness(new.wish.text, new.wording, standing, old)
    return _found(new, "duplicate", sure, standing) if sure else None


def _sameness(text: str, new: Wording, standing: PriorRecord, old: Wording) -> float:
    """How sure it is that both wish for the same, 0 when they do not."""
    if " ".join(text.lower().split()) == " ".join(standing.text.lower().split()):
        return 0.99
    if new.numbers != old.numbers or new.names != old.names or new.artefacts != old.artefacts:
        return 0.0
    if new.negated != old.negated or any(old.ways.get(axis, way) != way for axis, way in new.ways.items()):
        return 0.0
    if new.actions and old.actions and not new.actions & old.actions:
        return 0.0
    only_new, only_old, shared = new.terms - old.terms, old.terms - new.terms, new.terms & old.terms
    if not shared:
        return 0.0
    if not only_new and not only_old:
        return 0.95
    left, whole = len(only_new) + len(only_old), len(new.terms | old.terms)
    if not (only_new and only_old) and left / whole <= 0.34:
        return 0.85
    alike = standing.similarity or 0.0
    return 0.75 if alike >= ALIKE and left / whole <= 0.5 else 0.0
