"""Reads what is decided anew: "We're going back on the map decision: it will be Google Maps"."""

import re
from datetime import datetime

from app.assistant.rules.objects import clean, is_noun_phrase, names_option, read_object
from app.assistant.rules.patterns import NO_OPTION
from app.assistant.rules.values import NO_TOPIC, Statement, english_value, read_date, value_of
from app.language.technologies import mentions_of

RECONSIDERED = re.compile(
    r"(?:we|i|the team)(?:'re|'ve|'s|'m| are| have| has| am)?(?: now| just| all)? "
    r"(?:(?:chang(?:ed|ing)|reconsider(?:ed|ing)|rethought|rethinking|revers(?:ed|ing)|revis(?:ed|ing)|revisit(?:ed|ing)|"
    r"overturn(?:ed|ing)|(?:going|gone|went|go) back on|tak(?:e|ing) back|took back|(?:had|having) second thoughts)"
    r"(?: (?:my|our|its) minds?)?(?: (?:about|on|regarding))?)"
    r"(?: (?:the |our |my )?(?P<about>[^,:;.]{2,40}?))?(?:[:,;]| [–—-]+) ?(?P<rest>[^:]{2,200})$",
    re.IGNORECASE,
)
DECISION_NOUN = re.compile(r" ?\b(?:decision|choice|question|plan|mind)$", re.IGNORECASE)
IT_WILL_BE = re.compile(
    r"^(?:it|that|we)(?:'s| is|'ll| will|'re| are)?(?: now)?(?: going to)?(?: be| use| go with| going with)? (?=\w)",
    re.IGNORECASE,
)
RECONSIDERED_JA = re.compile(
    r"^(?P<about>[^、。はを]{1,20}?)(?:の(?:決定|件|選択|選定|方針|話))?(?:を|は|について(?:は)?)[、,]?(?:見直し|考え直し|撤回し|再検討し|白紙に戻し|覆し|考えを改め)(?:て|まして|た結果)[、,]"
)
AGREED_FIRST_JA = re.compile(
    r"^[^、。は]{1,14}とも?(?:合意|相談|確認|調整|協議)(?:済みで|して|の上で?|のうえで?|した結果)[、,](?=[^、。]{1,30}は)"
)


def revised(match: re.Match[str], now: datetime) -> Statement | None:
    """ "We're going back on the map decision: it will be Google Maps": the new option, and what it is for."""
    about, rest = clean(DECISION_NOUN.sub("", match["about"] or "")), IT_WILL_BE.sub("", match["rest"])
    if about.lower() in NO_TOPIC:
        return None
    stated = f"The {about} is {rest}"
    if about and (found := read_date(stated, now, japanese=False, firm=True) or english_value(stated, firm=True)):
        return found
    choice = read_object(rest)
    if choice is None or not is_noun_phrase(choice.chosen) or choice.chosen.lower() in NO_OPTION:
        return None
    if not (choice.rejected or names_option(choice.chosen)) or value_of(choice.chosen):
        return None
    # "The Flutter decision" names the option that applied so far.
    named = bool(mentions_of(about))
    rejected = choice.rejected or ((about,) if named else ())
    topic = choice.topic or (about if about and not named else None)
    title = f"Use {choice.chosen} for {topic}" if topic else match.string
    return Statement("choice", title, topic, choice.chosen, rejected, why=choice.why)
