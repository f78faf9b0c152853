"""What a sentence after a request says of it: whose work it is, and what a document should contain."""

import re
from dataclasses import replace

from app.assistant.rules.patterns import reversal, strong
from app.assistant.rules.sentence import Sentence
from app.assistant.rules.situation import Situation
from app.language.data import any_of, read_data

DATA = read_data(__file__, "details.toml")
ASSIGNED = [re.compile(each, re.IGNORECASE) for each in DATA["assigned"]]
DETAIL = re.compile(any_of(DATA["detail"]), re.IGNORECASE)
SELF = re.compile(DATA["self"], re.IGNORECASE)

POLITE_ONLY = re.compile(
    r".{0,14}(?:お願い(?:いた)?し?ます|よろしく.{0,12}|助かります|急ぎ.{0,8})|"
    r"(?:no (?:rush|hurry)|thanks?|thank you|please|take your time|that would be .{2,20}).{0,20}",
    re.IGNORECASE,
)


def adds_detail(sentence: Sentence, situation: Situation) -> bool:
    """Whether it belongs to the request just before it; the description of that gets it."""
    last = situation.calls[-1] if situation.calls else None
    if last is None or last.tool != "create_intent" or sentence.question:
        return False
    description = str(last.arguments["description"])
    if who := _assignee(sentence):
        if SELF.fullmatch(who):
            return True
        added = f"{description}（担当：{who}）" if sentence.japanese else f"{description} (for {who})"
    elif last.arguments.get("intentType") == "SPECIFICATION" and DETAIL.search(sentence.core):
        added = f"{description}\n{sentence.core}"
    else:
        return False
    situation.calls[-1] = replace(last, arguments={**last.arguments, "description": added})
    return True


def adds_statement(sentence: Sentence, situation: Situation) -> bool:
    """What a specification is to say: "Write a spec for saving. Autosave after each chapter, three slots."."""
    last = situation.calls[-1] if situation.calls else None
    if last is None or last.arguments.get("intentType") != "SPECIFICATION" or sentence.question or sentence.supposed:
        return False
    if POLITE_ONLY.fullmatch(sentence.core):
        return False
    description = f"{last.arguments['description']}\n{sentence.text}"
    situation.calls[-1] = replace(last, arguments={**last.arguments, "description": description})
    return True


def is_detail(sentence: Sentence, situation: Situation) -> bool:
    """Whether it only says what the specification before it is about: "No text on screen."."""
    last = situation.calls[-1] if situation.calls else None
    if last is None or last.arguments.get("intentType") != "SPECIFICATION":
        return False
    return not sentence.firm and strong().search(sentence.core) is None and reversal().search(sentence.core) is None


def _assignee(sentence: Sentence) -> str | None:
    match = next((match for each in ASSIGNED if (match := each.fullmatch(sentence.core))), None)
    return match["who"].strip() if match else None
