"""The thing to do of a reminder whose description is the sentence that asked for it."""

from datetime import datetime

from app.assistant.record import Record
from app.assistant.rules.request_times import REMINDING
from app.assistant.rules.requests import read_request
from app.assistant.rules.sentence import sentences_of, without, zone_name
from app.assistant.rules.situation import Situation
from app.assistant.rules.terms import terms_of
from app.language.times.reading import read_time

LONGEST = 300  # characters; a longer text says more than one thing to do


def reminder_text(description: str, now: datetime) -> str:
    """「水を飲む」 of 「30分後に水を飲むようにリマインドして」; the description when it asks for no reminder.

    `now` is aware.
    """
    if len(description) > LONGEST:
        return description
    sentences = sentences_of(description)
    if len(sentences) != 1:
        return description
    calls = read_request(sentences[0], Situation(Record(), now)) or []
    if len(calls) != 1 or calls[0].arguments.get("intentType") != "REMINDER":
        return description
    text: str = calls[0].arguments["description"]
    rest = REMINDING.sub("", without(text, read_time(text, now, zone_name(now))))
    return text if terms_of(rest) else description
