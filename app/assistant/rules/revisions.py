"""Changes of a specification that is still to be written: the open intent gets the addition."""

import re
from collections.abc import Sequence

from app.assistant.record import KnownIntent
from app.assistant.rules.matching import Found, find, shared_meanings
from app.assistant.rules.sentence import Sentence
from app.assistant.rules.situation import Situation, call
from app.assistant.rules.terms import containment, terms_of
from app.language.data import read_data
from app.language.text import is_japanese
from app.tools.calls import ToolCall

DATA = read_data(__file__, "requests.toml")
REVISES, SPECIFICATION = (re.compile(DATA[name], re.IGNORECASE) for name in ("revises", "specification"))
SURE_REVISION = 0.5
PARTLY = 0.4
MOST_CANDIDATES = 3
DOCUMENT_NOUN = re.compile(
    r"要求仕様書|要件定義書?|仕様書|設計書|\bdesign doc(?:ument)?\b|\brequirements\b|\bspec(?:ification)?\b|\brfc\b",
    re.IGNORECASE,
)
EXTENDS = {
    language == "japanese": re.compile(DATA[f"extends_{language}"], re.IGNORECASE)
    for language in ("english", "japanese")
}
ADDS_TO_ITEM = [re.compile(each, re.IGNORECASE) for each in DATA["adds_to_item"]]
# Words that any specification has.
DOCUMENT = terms_of(
    "the design doc, the spec, the specification document, the requirements, RFC, PRD 仕様書 設計書 要件 ドキュメント"
)


def read_extension(sentence: Sentence, situation: Situation) -> list[ToolCall] | None:
    """What a document should also say: "the design doc should also cover refunds"."""
    if sentence.question:
        return None
    for pattern in ADDS_TO_ITEM:
        if item := pattern.fullmatch(sentence.core):
            found = find(item["doc"], situation.record.open_intents, lambda each: each.description)
            return _added(found, sentence)
    match = EXTENDS[sentence.japanese].fullmatch(sentence.core)
    if match is None:
        return None
    return _added_to(match["doc"] or match.groupdict().get("doc2") or "", sentence, situation)


def read_revision(sentence: Sentence, situation: Situation) -> list[ToolCall] | None:
    """A change of a specification that is still to be written: the open intent gets the addition."""
    revises, names = REVISES.search(sentence.core), SPECIFICATION.search(sentence.core)
    if revises is None or names is None:
        return None
    return _added_to(_named_specification(sentence.core), sentence, situation)


def _added_to(named: str, sentence: Sentence, situation: Situation) -> list[ToolCall] | None:
    """The open specification that is named gets the addition; "the design doc" alone is the latest of the talk."""
    todo = [each for each in situation.record.open_intents if each.intent_type == "specification"]
    found = find(named, todo, lambda each: each.description, sure=SURE_REVISION)
    if found.one is None and not found.several:
        others = [each for each in situation.record.open_intents if each.intent_type == "task"]
        found = find(named, others, lambda each: each.description)
    subject = terms_of(named) - DOCUMENT
    if found.one is None and not found.several and (foreign := _in_other_language(named, todo)):
        # 「安否確認の仕様書」 may be "the family check-in spec".
        return [call("update_intent", {"description": sentence.core}, candidates=[each.id for each in foreign])]
    if subject and found.one is not None and containment(subject, terms_of(found.one.description)) < SURE_REVISION:
        return None  # only the word for the document is the same
    if not subject and SPECIFICATION.search(named):
        found = _only_or_latest(todo, sentence.core, situation) if todo else found
    return _added(found, sentence)


def _in_other_language(named: str, todo: Sequence[KnownIntent]) -> list[KnownIntent]:
    """The open specifications in the other language, if the words name a specification of a subject."""
    if SPECIFICATION.search(named) is None or not terms_of(named) - DOCUMENT:
        return []
    others = [each for each in todo if is_japanese(each.description) != is_japanese(named)]
    sharing = [each for each in others if shared_meanings(named, each.description, DOCUMENT)[0]]
    return (sharing or others)[:MOST_CANDIDATES]


def _added(found: Found[KnownIntent], sentence: Sentence) -> list[ToolCall] | None:
    if found.one is not None:
        description = f"{found.one.description}\n{sentence.core}"
        return [call("update_intent", {"id": str(found.one.id), "description": description})]
    if found.several:
        arguments = {"description": sentence.core}
        return [call("update_intent", arguments, candidates=[each.id for each in found.several])]
    return None


def _only_or_latest(todo: Sequence[KnownIntent], text: str, situation: Situation) -> Found[KnownIntent]:
    if len(todo) == 1:
        return Found(one=todo[0])
    if (said := DOCUMENT_NOUN.search(text)) is not None:  # 「要件定義書に」: the only one of that name
        same = [each for each in todo if said[0].lower() in each.description.lower()]
        if len(same) == 1:
            return Found(one=same[0])
    about = find(text, todo, lambda each: each.description, sure=PARTLY)
    if about.one is not None:
        return about
    for action in reversed(situation.record.actions):
        if latest := next((each for each in todo if each.id == action.subject_id), None):
            return Found(one=latest)
    return Found(several=tuple(todo))


def _named_specification(text: str) -> str:
    """The words that name the document: 「認証の設計書」 of 「認証の設計書に多要素認証を追加して」."""
    if match := re.search(r"[、,](?:に|と|へ)?(仕様書?|設計書|要件定義書?|ドキュメント)(?:に|へ|を)", text):
        return match[1]
    if match := re.match(r"(.{1,40}?(?:仕様書?|設計書|要件定義書?|ドキュメント))(?:に|へ|を)", text):
        return match[1]
    if match := re.search(
        r"\b(?:to|in|into|on|update|revise|extend|amend|rework|change) "
        r"((?:the|our|my) .{1,60}?\b(?:specs?|specifications?|docs?|documents?|design|requirements|rfc|prd))\b",
        text,
        re.IGNORECASE,
    ):
        return match[1]
    return text
