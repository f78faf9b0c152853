"""Whether a sentence is about what a rule is limited to: days, places, old things, and what its requirement is for."""

import re

from app.gate.calendar_days import HOURS, is_in_hours, times_of
from app.gate.choices import is_deadline
from app.gate.likeness import content_of, is_known, likeness, shares_no_thing
from app.gate.reading import Sentence
from app.gate.words import ACTORS, CONTRASTS
from app.language.topics import wider

TO_DAY = re.compile(r"(?:日|曜日)?(?:の?[^、。をは]{0,6})?(?:に|へ)")
PAGE = re.compile(
    r"(?<![a-z])(?P<english>[a-z][a-z-]+) (?:page|screen|form)s?(?![a-z])"
    r"|(?P<japanese>(?:[一-龯ァ-ヶー]{1,8}|問い合わせ))の?(?:ページ|画面|フォーム)"
)
CONDITIONS = frozenset({"weekday", "part of day"})  # classes of words that say when a rule holds
GENERAL = frozenset({"c:approval", "c:testing", "c:permission", "c:consent"})  # required for many things
OLD = re.compile(r"(?<![a-z])(?:legacy|old|outdated|obsolete)(?![a-z])|レガシー|旧|古い")
STREAK = re.compile(r"(?<![a-z])(?:in a row|consecutive\w*|back to back)(?![a-z])|連続|続けて")
AGAIN = re.compile(rf"{STREAK.pattern}|(?<![a-z])(?:again|also|too|once more|another)(?![a-z])|も|また|引き続き")
# "Show patients the record" shows it to people, and to no log.
TO_PERSON = re.compile(
    r"^(?:please )?(?:show|tell|give|hand) (?P<who>(?:[a-z]+ ){1,3}?)(?:the|their|his|her|a)(?![a-z])"
)


def has_members(statement: Sentence, text: Sentence) -> bool:
    """Whether the sentence is for the weekday and the hours that the rule is for, if it is for any."""
    members = list(text.members)
    hours = HOURS.search(text.plain)
    if hours and times_of(hours[0]) and times_of(statement.plain):
        if not is_in_hours(statement.plain, hours):
            return False
        members = [each for each in members if each.end <= hours.start() or hours.end() <= each.start]
    for group in {each.group for each in members} & CONDITIONS:
        wanted = {each.name for each in members if each.group == group}
        if not any(
            each.group == group and each.name in wanted and not is_deadline(statement.plain, each.start, each.end)
            for each in statement.members
        ):
            return False
        others = (each for each in statement.members if each.group == group and each.name not in wanted)
        if any(
            statement.plain[: each.start].endswith("to ") or TO_DAY.match(statement.plain, each.end) for each in others
        ):
            return False  # moved to another day
    return True


def is_about_contrast(statement: Sentence, text: Sentence) -> bool:
    """Whether it names the contrast of what the rule is limited to: "my own branch", not the shared ones."""
    return _names_other_page(statement, text) or any(
        limit.search(text.plain)
        and not other.search(text.plain)
        and other.search(statement.plain)
        and not limit.search(statement.plain)
        for limit, other in CONTRASTS
    )


def _names_other_page(statement: Sentence, text: Sentence) -> bool:
    """Whether it is about the contact page, where the rule is about the payment page."""
    said = [match["english"] or match["japanese"] for match in PAGE.finditer(statement.plain)]
    limits = [match["english"] or match["japanese"] for match in PAGE.finditer(text.plain)]
    if not said or not limits or not all(any(map(is_known, content_of(each))) for each in (*said, *limits)):
        return False
    words = content_of(statement.plain)
    return not any(likeness(content_of(each), words).found for each in limits)


def is_about_new(statement: Sentence, text: Sentence) -> bool:
    """Whether the rule is limited to what is old, and the sentence is not."""
    return OLD.search(text.plain) is not None and OLD.search(statement.plain) is None


def is_no_streak(statement: Sentence, text: Sentence) -> bool:
    """Whether the rule forbids what is done several times in a row, and the sentence does it once."""
    return STREAK.search(text.plain) is not None and not statement.amounts and AGAIN.search(statement.plain) is None


def names_other_place(statement: Sentence, places: frozenset[str]) -> bool:
    """Whether it names another place than the rule: a registry, not a branch."""
    return any(
        (each.known or any(start <= each.start < end for start, end in statement.proper))
        and not places & wider(each.name)
        and statement.is_place(each)
        for each in statement.terms
    )


def shows_to_person(statement: Sentence) -> bool:
    """Whether it shows something to people, who are no place."""
    shown = TO_PERSON.search(statement.plain)
    return shown is not None and any(pattern.search(shown["who"]) for pattern in ACTORS.values())


def is_for_other_thing(statement: Sentence, text: Sentence, start: int, end: int) -> bool:
    """Whether it does without what many things need, for another thing: the approval of a release, not of a change."""
    words = content_of(statement.plain)
    without = [each for each in words if each.start < end and start < each.end]
    if not any(GENERAL.intersection(each.wider) for each in without):
        return False
    heads = frozenset(head for each in without for head in each.head | each.wider)
    subject = [each for each in content_of(text.plain) if heads.isdisjoint(each.head | each.meanings)]
    return shares_no_thing(subject, [each for each in words if each not in without])
