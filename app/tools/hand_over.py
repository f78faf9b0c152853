"""Hands work that no configured model can do to the person when it is created, with the records found for it.

What can only be told by the meaning of texts is left to the intent bridge: the type of untyped work, and which of
several specifications is to be revised. The bridge hands such work over when it claims it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from app.intent_types import INTENT_TYPES
from app.language.catalogue import to_stored_text
from app.language.data import read_data
from app.language.text import is_japanese, language_of, one_line
from app.language.topics import terms_of
from app.memory.context.decision_states import decision_states
from app.memory.context.distinct import DistinctTexts
from app.memory.search.specifications import NEW, Meant, find_named
from app.tools.drafts import draft_of, draft_title
from app.tools.tool import Change, ToolContext
from sql.repositories.intents import NewIntent, add_intent_metadata
from sql.repositories.members import has_other_members
from sql.repositories.nearest import SearchFilter
from sql.repositories.projects import find_project_of_new
from sql.repositories.specifications import SpecificationText, find_specifications, insert_specification
from sql.rows import IntentRow, JsonObject
from sql.sentences import sentence

MAX_RELATED = 5  # records that a to-do names
RELATED_CHARACTERS = 200
CANDIDATES = 15
REASON = sentence("intent.needs_model")
COMMON = frozenset(term.name for word in read_data(__file__, "hand_over.toml")["common"] for term in terms_of(word))


@dataclass(frozen=True, slots=True)
class Related:
    """A record that was found for the work. `text` says what it is worth when it is a decision."""

    kind: str
    id: UUID
    text: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class HandOver:
    """The work as a to-do. `draft`: whether a draft of a specification belongs to it."""

    new: NewIntent
    related: Sequence[Related]
    draft: bool = False


def needs_model(intent_type: str | None) -> bool:
    """Whether the assistant writes the result of this type; False for an unknown type."""
    known = INTENT_TYPES.get(intent_type or "")
    return known is not None and known.needs_model


def related_json(kind: str, record_id: object, text: str) -> JsonObject:
    """A record as the metadata of a to-do names it."""
    return {"kind": kind, "id": str(record_id), "text": one_line(text, RELATED_CHARACTERS)}


async def plan_hand_over(context: ToolContext, new: NewIntent) -> HandOver | None:
    """How new work becomes a to-do; None when the assistant may do it, or when the bridge has to find out."""
    if context.model_configured or new.assignee != "assistant" or not needs_model(new.intent_type):
        return None
    project_id = await find_project_of_new(context.connection, context.user_id, new.project_id, new.conversation_id)
    metadata, draft = new.metadata or {}, False
    if new.intent_type == "specification":
        meant = await _meant(context, new, project_id)
        if meant is None or meant.candidates:
            return None
        draft = meant.specification is None
        if meant.specification is not None:
            metadata = {**metadata, "specificationId": str(meant.specification.id)}
    related = await _related(context, new.description, project_id)
    metadata = {**metadata, "related": [related_json(each.kind, each.id, each.text) for each in related]}
    reason = to_stored_text(REASON, language_of(new.description)).as_reason()
    return HandOver(replace(new, assignee="person", metadata=metadata, **reason), related, draft)


async def attach_draft(context: ToolContext, intent: IntentRow, handed: HandOver) -> tuple[IntentRow, list[Change]]:
    """The intent with the draft that belongs to it, if one does."""
    if not handed.draft:
        return intent, []
    content = draft_of(intent.description, [(each.recorded_at, each.text) for each in handed.related])
    text = SpecificationText(draft_title(intent.description), content, "draft", (), context.actor, intent.id)
    saved = await insert_specification(context.connection, context.user_id, text)
    links: JsonObject = {
        "specificationId": str(saved.id),
        "specificationVersion": saved.version,
        "specificationTitle": saved.title,
    }
    row = await add_intent_metadata(context.connection, intent.id, links)
    return row, [Change("specification", saved.id)]


async def _meant(context: ToolContext, new: NewIntent, project_id: UUID) -> Meant | None:
    """The specification to revise, nothing for a new one; None when that cannot be told here."""
    given = (new.metadata or {}).get("specificationId")
    if not given:
        return await find_named(context.connection, context.user_id, project_id, new.description)
    if given == NEW:
        return Meant()
    try:
        found = await find_specifications(context.connection, context.user_id, [UUID(str(given))])
    except ValueError:
        return None
    return Meant(found[0]) if found else None


def _names(text: str) -> frozenset[str]:
    """The concepts and names in a text, which are the same in both languages."""
    return frozenset(term.name for term in terms_of(text)) - COMMON


async def _related(context: ToolContext, description: str, project_id: UUID) -> list[Related]:
    """The records of the project that name something of the work: decisions in force first, those that are not last.

    The work is seen by all members, so that it names only what they may see.
    """
    shared = context.shared or await has_other_members(context.connection, project_id, context.user_id)
    within = SearchFilter(project_id=project_id, shared=shared)
    found = await context.searcher.search_words(context.connection, context.user_id, description, within, CANDIDATES)
    japanese = is_japanese(description)
    named = _names(description)
    hits = [hit for hit in found if hit.subject_id != context.message_id and named & _names(hit.content)]
    decisions = [hit.subject_id for hit in hits if hit.kind == "decision"]
    states = await decision_states(context.connection, context.user_id, decisions, japanese=japanese)
    places = {subject_id: 0 if state.in_force else 2 for subject_id, state in states.items()}
    hits.sort(key=lambda hit: places.get(hit.subject_id, 1))
    texts, related = DistinctTexts([description]), list[Related]()
    for hit in hits:
        if len(related) < MAX_RELATED and texts.add(hit.content):
            state = states.get(hit.subject_id)
            text = hit.snippet if state is None else f"{state.text} {hit.snippet}"
            related.append(Related(hit.kind, hit.subject_id, text, hit.occurred_at))
    return related
