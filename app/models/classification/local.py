"""Reading wishes without a model: sentence by sentence, by rules that give their reason, then by nearest examples."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast, get_args

import structlog

from app.language.dates import SaidTime, find_time
from app.language.detection import is_japanese
from app.language.sentences import split_sentences
from app.models.classification import english, japanese
from app.models.classification.examples import Likeness, NearestExamples
from app.models.classification.priority import find_priority
from app.models.classification.rules import Rule, Verdict, judge, rule
from app.models.ports import Classified, IntentKind, RaisedIntent, Reading, Turn

log = structlog.get_logger()

NAME = "local rules"
NAME_OF_EXAMPLES = "labelled examples"
NEAR_ENOUGH = 0.6  # cosine
# What is written down as an intent wants something; a message mostly states something. Of the train split, each left
# out in turn, messages that ask for nothing come as near as 0.77 to an example that does.
AS_GOOD_AS_SAID = 0.9
READ_CHARACTERS = 1000
INTENT_KINDS = frozenset[Verdict](get_args(IntentKind))
MAX_INTENTS = 5
WORK = ("task", "specification", "code_execution", "reminder")
STATES_SOMETHING = rule("none", "", "states something and asks for nothing", 0.6)
ENDS_LIKE_QUESTION = rule("question", "", "ends like a question", 0.75)


@dataclass(frozen=True, slots=True)
class Heard:
    """A sentence, the time said in it, and the rule that decides what it wants."""

    sentence: str
    said: SaidTime | None
    rule: Rule

    @property
    def verdict(self) -> Verdict:
        return self.rule.verdict

    @property
    def raises(self) -> bool:
        return self.verdict not in ("none", "question")

    def reason(self, said: SaidTime | None) -> str:
        return f"It {self.rule.reason}" + (f"; the time said is {said.at:%Y-%m-%d %H:%M %Z}." if said else ".")


def _hear(sentence: str, now: datetime) -> Heard:
    said = find_time(sentence, now)
    timed = said is not None
    decides = judge(japanese.core_of(sentence), japanese.RULES, timed=timed) if is_japanese(sentence) else None
    decides = decides or judge(english.core_of(sentence), english.RULES, timed=timed)
    # The Japanese rules see no question mark: it tells 「直せる？」 from nothing, but 「直してくれる？」 is a request.
    decides = decides or (ENDS_LIKE_QUESTION if sentence.endswith("?") else STATES_SOMETHING)
    if said and decides.verdict in WORK:
        # Work wanted "on Friday" is wanted by its end; a reminder "by Friday" is wanted in its morning.
        said = find_time(sentence, now, deadline=decides.verdict != "reminder") or said
    return Heard(sentence, said, decides)


def _raise_intents(heard: Sequence[Heard]) -> list[RaisedIntent]:
    """An intent for each sentence that raises one; what is said beside them (a time, an urgency) holds for all."""
    beside = [other for other in heard if not other.raises]
    time_beside = next((other.said for other in beside if other.said and other.verdict == "none"), None)
    priority_beside = find_priority(" ".join(other.sentence for other in beside if other.verdict == "none")) or 0
    intents = []
    for one in heard:
        if one.verdict == "none" or one.verdict == "question":
            continue
        priority = find_priority(one.sentence)
        said = one.said or (time_beside if one.verdict in ("task", "specification") else None)
        intents.append(
            RaisedIntent(
                description=one.sentence,
                intent_type=one.verdict,
                priority=priority_beside if priority is None else priority,
                due_at=said.at if said and one.verdict != "remember" else None,
                confidence=one.rule.confidence,
                reason=one.reason(said if one.verdict != "remember" else None),
            )
        )
    return intents[:MAX_INTENTS]


def _confidence(alike: Likeness) -> float:
    return round(min(0.5 + 0.4 * alike.similarity, 0.9), 2)


def _likeness(alike: Likeness) -> str:
    return f"It is most like “{alike.example}”."


class LocalClassifier:
    """Implements app.models.ports.Classifier; never fails. Without `examples` the rules alone decide."""

    def __init__(self, examples: NearestExamples | None = None) -> None:
        self._examples = examples

    async def read_message(self, text: str, recent: Sequence[Turn], now: datetime) -> Reading:
        heard = [_hear(sentence, now) for sentence in split_sentences(text)]
        intents = _raise_intents(heard)
        if intents:
            return Reading(intents, NAME, intents[0].reason)
        stated = [one for one in heard if one.rule is STATES_SOMETHING][:MAX_INTENTS]
        if alike := [raised for one in stated if (raised := await self._raised_by_likeness(one)) is not None]:
            return Reading(alike, NAME_OF_EXAMPLES, alike[0].reason)
        reason = heard[0].reason(None) if heard else "It has no words of the writer's own."
        return Reading((), NAME, reason)

    async def _raised_by_likeness(self, heard: Heard) -> RaisedIntent | None:
        """What a sentence without a rule raises, because it says nearly the same as a labelled example."""
        alike = await self._alike(heard.sentence, kinds=None)
        if alike is None or alike.kind in ("none", "question") or alike.similarity < AS_GOOD_AS_SAID:
            return None
        if alike.kind == "reminder" and heard.said is None:
            return None
        return RaisedIntent(
            description=heard.sentence,
            intent_type=cast(IntentKind, alike.kind),
            priority=find_priority(heard.sentence) or 0,
            due_at=heard.said.at if heard.said and alike.kind != "remember" else None,
            confidence=_confidence(alike),
            reason=_likeness(alike),
        )

    async def classify_intent(self, description: str, recent: Sequence[Turn], now: datetime) -> Classified:
        """The first sentence that asks for something decides; an intent that asks for nothing plain is a task."""
        heard = [_hear(sentence, now) for sentence in split_sentences(description)]
        said = next((one.said for one in heard if one.said), None)
        due_at = said.at if said else None
        decides = next((one for one in heard if one.verdict != "none"), None)
        if decides is None or decides.verdict == "none":
            return await self._by_likeness(description, due_at)
        return Classified(decides.verdict, decides.rule.confidence, decides.reason(decides.said), NAME, due_at)

    async def _by_likeness(self, description: str, due_at: datetime | None) -> Classified:
        """No rule says what it is: what the nearest labelled examples are, when they are near enough; else a task."""
        alike = await self._alike(description, INTENT_KINDS)
        if alike is not None and alike.kind != "none" and alike.similarity >= NEAR_ENOUGH:
            return Classified(alike.kind, _confidence(alike), _likeness(alike), NAME_OF_EXAMPLES, due_at)
        return Classified("task", 0.5, "It was written down as an intent and is of no other kind.", NAME, due_at)

    async def _alike(self, description: str, kinds: frozenset[Verdict] | None) -> Likeness | None:
        if self._examples is None or not description.strip():
            return None
        try:
            return await self._examples.find(description[:READ_CHARACTERS], kinds)
        except Exception as failure:
            # Whatever the embedder says: a wish is classified by the rules then.
            log.warning("the examples could not be asked", reason=str(failure), exc_info=failure)
            return None
