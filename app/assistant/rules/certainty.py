"""How sure it is that a sentence asks for work: it is done, only proposed, or nothing."""

import re
from collections.abc import Sequence

from app.assistant.rules.sentence import Sentence
from app.language.catalogue import StoredText, stored_text
from app.language.data import any_of, read_data
from app.models.classification.local import ReadSentence

DATA = read_data(__file__, "certainty.toml")
SURE, SURE_WITH_TIME = frozenset(DATA["sure"]), frozenset(DATA["sure_with_time"])
OBLIGED, UNSURE, CONDITION, TOLD = (
    re.compile(any_of(DATA[name]), re.IGNORECASE) for name in ("obliged", "unsure", "condition", "told")
)
STATES, TELLS, OTHERS, ASKS = (
    re.compile(DATA[name], re.IGNORECASE) for name in ("states", "tells", "others_japanese", "asks_japanese")
)
BARE = re.compile(DATA["bare_japanese"])
GIVES_REASON = re.compile(r"(?:ので|ため(?:です)?|からです|んだから)$")
OF_OTHERS = re.compile(DATA["of_others_japanese"])
NEEDS = re.compile(DATA["needs_japanese"])
NEGATED = re.compile(DATA["negated"], re.IGNORECASE)
RECORD = {
    language == "japanese": re.compile(any_of(DATA[f"record_{language}"]), re.IGNORECASE)
    for language in ("english", "japanese")
}


def states_something(sentence: Sentence) -> bool:
    """Whether the sentence tells something, although it has the form of a request: "Deploy times went up"."""
    if not sentence.japanese:
        return STATES.fullmatch(sentence.core) is not None
    if BARE.fullmatch(sentence.core) or GIVES_REASON.search(sentence.core):
        return True
    if OF_OTHERS.match(sentence.core):
        return True
    if ASKS.search(sentence.core):
        return False
    return TELLS.search(_end(sentence.core)) is not None or OTHERS.search(sentence.core) is not None


def _end(text: str) -> str:
    """The last words, whose form decides; a pattern is searched in them."""
    return text[-12:]


def negates(sentence: Sentence) -> bool:
    """Whether it says that no reminder or task is wanted: "no need for tonight's reminder"."""
    return NEGATED.search(sentence.core) is not None


def tells_of_others(sentence: Sentence) -> bool:
    """Whether it tells what others say, or what was done before, so that it decides nothing."""
    return TOLD.search(sentence.core) is not None


def changes_record(sentence: Sentence) -> bool:
    """Whether its words are those of a change of the record, so that it is no sure request for something new."""
    return RECORD[sentence.japanese].fullmatch(sentence.core) is not None


def doubt_of_work(sentence: Sentence, found: ReadSentence) -> StoredText | None:
    """Why work is only proposed; None when the sentence asks for it in so many words."""
    if changes_record(sentence):
        return stored_text("assistant.probably_record")
    reason = found.rule.reason
    if reason in SURE and not (sentence.japanese and NEEDS.search(sentence.core)):
        return None
    if reason in SURE_WITH_TIME and (found.time is not None or OBLIGED.fullmatch(sentence.core)):
        return None
    return stored_text("assistant.probably_task")


def doubt_of_all(sentence: Sentence, tools: Sequence[str]) -> StoredText | None:
    """Why nothing of the sentence is done: it guesses, or depends on something that is not known."""
    if UNSURE.search(sentence.core):
        return stored_text("assistant.said_unsurely")
    if "create_intent" not in tools and "remember" not in tools and CONDITION.search(sentence.core):
        return stored_text("assistant.said_under_condition")
    return None
