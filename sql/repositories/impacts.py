"""What depends on a decision: the records that were made because of it, directly or through others."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sql.repositories.decision_reads import get_decision
from sql.repositories.nodes import list_private
from sql.rows import EffectRow, NamedRecordRow
from sql.sentences import Sentence, nested, sentence
from sql.statements import Connection, statements

MAX_DISTANCE = 10
MAX_RECORDS = 500
MAX_IMPACTS = 200
MAX_PER_CAUSE = 50
CAUSES_AT_ONCE = 50
NAME_CHARACTERS = 80
KINDS = ("intent", "specification", "decision", "memory", "message")
"""In the order in which they are listed: what has to be done comes before what was said."""
ENDED = frozenset({"cancelled", "archived", "superseded", "rejected", "withdrawn"})
SETTLED = frozenset({"reworded", "refused"})
"""Reasons for which a record that ended still depends on the decision."""
REASONS: Mapping[tuple[str, str], str] = {
    ("answered", "message"): "impact.answered",
    ("asked", "intent"): "impact.asked",
    ("given", "message"): "impact.given.message",
    ("given", "intent"): "impact.given.intent",
    ("source", "decision"): "impact.source.decision",
    ("source", "memory"): "impact.source.memory",
    ("written", "specification"): "impact.written",
    ("allowed", "intent"): "impact.allowed",
    ("reworded", "intent"): "impact.reworded",
    ("reworded", "decision"): "impact.reworded",
    ("refused", "intent"): "impact.refused",
    ("refused", "decision"): "impact.refused",
}
CAUSES: Mapping[str, str] = {
    "intent": "impact.cause.intent",
    "specification": "impact.cause.specification",
    "memory": "impact.cause.memory",
    "message": "impact.cause.message",
}


@dataclass(frozen=True, slots=True)
class Impact:
    """A record that depends on a decision. `distance` counts causes: 1 is direct. `text` is its beginning."""

    kind: str
    id: UUID
    text: str
    distance: int
    reason: Sentence


@dataclass(frozen=True, slots=True)
class Impacts:
    """What depends on a decision, nearest first. `is_cut`: a limit was reached, so that there may be more."""

    listed: list[Impact]
    is_cut: bool

    @property
    def notice(self) -> Sentence | None:
        """What to tell a person about the limits; None when everything is listed."""
        return Sentence("impact.cut", {"maximum": MAX_IMPACTS, "each": MAX_PER_CAUSE}) if self.is_cut else None


async def list_impacts(connection: Connection, user_id: str, decision_id: UUID, *, shared: bool = False) -> Impacts:
    """The intents, specifications, decisions, memories and answers that were made with the decision.

    At most 200, found among at most 500 records in at most ten steps. Records that were deleted or are no longer in use
    are not listed, but what was made with them is. `shared`: nor is what only the user sees. Raises NotFound.
    """
    await get_decision(connection, user_id, decision_id)
    found, is_cut = await _walk(connection, user_id, decision_id)
    ids = [decision_id, *(effect.effect_id for effect, _ in found)]
    records = statements.list_named_records(connection, user_id=user_id, ids=ids)
    private = await list_private(connection, ids) if shared else set[UUID]()
    named = {record["id"]: NamedRecordRow(**record) async for record in records if record["id"] not in private}
    impacts = [
        Impact(effect.effect_kind, effect.effect_id, record.name, distance, _reason(effect, named))
        for effect, distance in found
        if (record := named.get(effect.effect_id)) is not None
        and (record.status not in ENDED or effect.reason in SETTLED)
    ]
    impacts.sort(key=lambda each: (each.distance, KINDS.index(each.kind)))
    return Impacts(impacts[:MAX_IMPACTS], is_cut or len(impacts) > MAX_IMPACTS)


async def _walk(connection: Connection, user_id: str, start: UUID) -> tuple[list[tuple[EffectRow, int]], bool]:
    """The effects with their distances, breadth first, each by the first way to it; and whether any is left out.

    One more row than the limit is read of each cause and kind, and one more step is made, to know what is left out.
    """
    known = {start}
    found = list[tuple[EffectRow, int]]()
    frontier: Sequence[UUID] = [start]
    is_cut = False
    for distance in range(1, MAX_DISTANCE + 2):
        reached = list[UUID]()
        for start_at in range(0, len(frontier), CAUSES_AT_ONCE):
            rows = statements.list_effects(
                connection,
                cause_ids=frontier[start_at : start_at + CAUSES_AT_ONCE],
                known_ids=list(known),
                count=MAX_PER_CAUSE + 1,
            )
            of_cause = Counter[tuple[UUID, str]]()
            async for record in rows:
                effect = EffectRow(**record)
                of_cause[effect.cause_id, effect.effect_kind] += 1
                if effect.effect_id in known:
                    continue
                if distance > MAX_DISTANCE or len(found) == MAX_RECORDS:
                    return found, True
                if of_cause[effect.cause_id, effect.effect_kind] > MAX_PER_CAUSE:
                    is_cut = True
                    continue
                known.add(effect.effect_id)
                reached.append(effect.effect_id)
                found.append((effect, distance))
        if not reached:
            break
        frontier = reached
    return found, is_cut


def _reason(effect: EffectRow, named: Mapping[UUID, NamedRecordRow]) -> Sentence:
    key = REASONS.get((effect.reason, effect.effect_kind), "impact.made")
    return Sentence(key, {"cause": nested(_cited(effect.cause_kind, named.get(effect.cause_id)))})


def _cited(kind: str, record: NamedRecordRow | None) -> Sentence:
    if record is None:
        return sentence("impact.cause.deleted")
    text = _shortened(record.name)
    if record.number is not None:
        return sentence("record.decision_cited", number=str(record.number), text=text)
    return Sentence(CAUSES[kind], {"text": text})


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= NAME_CHARACTERS else f"{line[: NAME_CHARACTERS - 1]}…"
