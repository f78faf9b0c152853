"""Reading wishes without a model: sentence by sentence, by rules that give their reason."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from app.assistant.classification.rules import Verdict, judge
from app.assistant.classification.times import SaidTime, find_time
from app.assistant.ports import Classified, RaisedIntent, Reading, Turn

NAME = "local rules"
MAX_INTENTS = 5
# A wish is said early and briefly; a pasted log must not keep the rules busy.
READ_CHARACTERS = 10_000
SENTENCE_CHARACTERS = 400
CODE_BLOCK = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
# A full stop ends a sentence only before a space: "v1.2" and "app.py" are words.
SENTENCE = re.compile(r".+?(?:[。!?！？]+|\.(?=\s|$)|\n|$)")
URGENT = re.compile(
    r"\b(?:urgent(?:ly)?|asap|immediately|right away|top priority|critical|at once|emergency)\b|"
    r"至急|緊急|大至急|急ぎ|最優先|今すぐ|すぐに",
    re.IGNORECASE,
)
RELAXED = re.compile(
    r"\b(?:no rush|no hurry|low priority|whenever|when you have time|someday|eventually)\b|"
    r"いつでも|急がな|急ぎでは|ゆっくり|時間があるとき|時間のあるとき|暇なとき",
    re.IGNORECASE,
)
IMPORTANT = re.compile(r"\b(?:important|high priority|soon)\b|重要|優先|早めに|なるはや", re.IGNORECASE)


def find_priority(text: str) -> int:
    """0 when nothing was said (or that there is no hurry), 5 for important, 9 for urgent."""
    if RELAXED.search(text):
        return 0
    if URGENT.search(text):
        return 9
    return 5 if IMPORTANT.search(text) else 0


def _sentences(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", CODE_BLOCK.sub(" ", text[:READ_CHARACTERS]))
    found = (match[0].strip(" \t\r\n-*・>#")[:SENTENCE_CHARACTERS] for match in SENTENCE.finditer(plain))
    return [sentence for sentence in found if sentence]


def _decide(sentence: str, said: SaidTime | None) -> tuple[Verdict, float, str]:
    rule = judge(sentence, timed=said is not None)
    if rule is None:
        return "none", 0.6, "states something and asks for nothing"
    reason = f"It {rule.reason}."
    if rule.verdict == "reminder" and said is not None:
        reason = f"It {rule.reason}; the time said is {said.at:%Y-%m-%d %H:%M %Z}."
    return rule.verdict, rule.confidence, reason


def _raise_intent(sentence: str, whole: str, now: datetime) -> RaisedIntent | None:
    said = find_time(sentence, now)
    verdict, confidence, reason = _decide(sentence, said)
    if verdict == "none" or verdict == "question":
        return None
    # "Summarise it. By Friday, please." A time that stands alone belongs to what is asked for.
    said = said or (find_time(whole[:READ_CHARACTERS], now) if verdict in ("task", "specification") else None)
    return RaisedIntent(
        description=sentence,
        intent_type=verdict,
        priority=find_priority(whole),
        due_at=said.at if said and verdict != "remember" else None,
        confidence=confidence,
        reason=reason,
    )


class LocalClassifier:
    """Implements app.assistant.ports.Classifier; never fails."""

    async def read_message(self, text: str, recent: Sequence[Turn], now: datetime) -> Reading:
        raised = [intent for sentence in _sentences(text) if (intent := _raise_intent(sentence, text, now))]
        reason = raised[0].reason if raised else "It asks for an answer at most."
        return Reading(raised[:MAX_INTENTS], NAME, reason)

    async def classify_intent(self, description: str, now: datetime) -> Classified:
        """The first sentence that says what it wants decides; an intent that says nothing plain is a task."""
        for sentence in _sentences(description):
            said = find_time(sentence, now)
            verdict, confidence, reason = _decide(sentence, said)
            if verdict != "none":
                return Classified(verdict, confidence, reason, NAME, said.at if said else None)
        said = find_time(description[:READ_CHARACTERS], now)
        return Classified(
            "task", 0.5, "It was written down as an intent and is of no other kind.", NAME, said.at if said else None
        )
