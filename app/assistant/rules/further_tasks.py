"""Tasks after a task that was added, and tasks that were said before: "also the changelog", "add that to my list"."""

import re
from dataclasses import replace

from app.assistant.rules.sentence import Sentence
from app.assistant.rules.situation import Situation, call
from app.language.catalogue import stored_text
from app.language.data import read_data
from app.tools.calls import ToolCall

DATA = read_data(__file__, "further_tasks.toml")
FURTHER, NOUN = (
    {
        language == "japanese": re.compile(DATA[f"{name}_{language}"], re.IGNORECASE)
        for language in ("english", "japanese")
    }
    for name in ("further", "noun")
)
SPLIT = {
    True: re.compile(r"(?:と|や)?、|(?<=[一-龯ァ-ヶー])(?:と|や)(?=[一-龯ァ-ヶーA-Za-z])|も[、,]"),
    False: re.compile(r",? and (?:also )?|, "),
}
ADDS_THAT = [re.compile(each, re.IGNORECASE) for each in DATA["adds_that"]]
POINTS_BACK = [re.compile(each, re.IGNORECASE) for each in DATA["points_back"]]
SEVERAL = re.compile(
    r"[2-9２-９二三四五](?:つ|件|個)|全部|以上|\b(?:these|those|them|all|two|three|four|five)\b", re.IGNORECASE
)
LATEST = 3
MOST = 6


def read_further_tasks(sentence: Sentence, situation: Situation) -> list[ToolCall] | None:
    """A call for each task of 「あとBGMの差し替えも」, if one was added just before; None for other sentences."""
    match = FURTHER[sentence.japanese].fullmatch(sentence.text.rstrip(" 。.!！"))
    if match is None or sentence.question or not _added_before(situation):
        return None
    parts = [part.strip(" 、,") for part in SPLIT[sentence.japanese].split(match["list"])]
    items = [part for part in parts if part]
    if not 0 < len(items) <= MOST or not all(NOUN[sentence.japanese].search(each) for each in items):
        return None
    doubt = None if sentence.japanese else stored_text("assistant.probably_task")
    return [call("create_intent", {"description": each, "intentType": "TASK"}, propose=doubt) for each in items]


def read_tasks_said_before(sentence: Sentence, situation: Situation) -> list[ToolCall] | None:
    """The tasks that were said just before: "Let customers pay later. Add that to my list."."""
    if not situation.earlier or not adds_that(sentence):
        return None
    before = situation.earlier[-1]
    if before.question:
        return None
    if _confirms(situation):
        return []
    parts = [part.strip(" 、,・") for part in SPLIT[before.japanese].split(before.core)]
    items = [part for part in parts if part]
    listed = (
        len(items) > 1 and all(NOUN[before.japanese].search(each) for each in items) and SEVERAL.search(sentence.core)
    )
    tasks = items[:MOST] if listed else [before.core]
    return [call("create_intent", {"description": each, "intentType": "TASK"}) for each in tasks]


def confirms_before(sentence: Sentence, situation: Situation) -> bool:
    """Whether it only points at what was said before: "Please add that."; a task that was unsure is sure then."""
    if not any(each.fullmatch(sentence.core) for each in POINTS_BACK):
        return False
    _confirms(situation)
    return True


def _confirms(situation: Situation) -> bool:
    last = situation.calls[-1] if situation.calls else None
    if last is None or last.tool != "create_intent" or not last.propose:
        return False
    situation.calls[-1] = replace(last, propose=False, reason=None, confidence=0.9)
    return True


def adds_that(sentence: Sentence) -> bool:
    """Whether it makes tasks of what was said before: "Add that to my list."."""
    return any(each.fullmatch(sentence.core) for each in ADDS_THAT)


def _added_before(situation: Situation) -> bool:
    if situation.calls:
        return situation.calls[-1].tool == "create_intent"
    return any(
        each.tool == "create_intent" and each.arguments.get("intentType") != "REMINDER"
        for each in situation.record.actions[-LATEST:]
    )
