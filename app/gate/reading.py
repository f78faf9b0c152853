"""Reads a sentence once for all comparisons: its concepts, technologies, amounts and what it asks for."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.gate.words import (
    A_FEATURE,
    ABOUT,
    ACTOR,
    ACTORS,
    AFTER_ADOPTED,
    AFTER_AWAY,
    AFTER_LEFT,
    BEFORE_ADOPTED,
    BEFORE_AWAY,
    BEFORE_LEFT,
    BEFORE_PART_AWAY,
    BUILDS,
    BYPASS_AFTER,
    BYPASS_BEFORE,
    CLASS_CONCEPTS,
    CLASSES,
    EMPTY,
    LEGACY,
    OPPOSITES,
    QUESTION,
    REQUEST,
    STOP,
    UNDO,
    VERBS,
)
from app.language.quantities import Quantity, quantities
from app.language.technologies import PURPOSES, Mention, mentions_of
from app.language.text import is_japanese, split_sentences
from app.language.topics import TOPIC_OF_PURPOSE, Term, terms_of, wider
from app.language.words import WORD, normalised

READ_CHARACTERS = 2000
SENTENCE_CHARACTERS = 400
MAX_SENTENCES = 12
COUNTED = frozenset({"time", "item", "person"})  # their names are things: "two approvals"
CONCEPT_OF_UNIT = {"character": "length", "byte": "size"}
# Purposes whose technologies are services of other companies.
HOSTED = frozenset(
    {
        "analytics",
        "payments",
        "mail_delivery",
        "error_tracking",
        "identity_provider",
        "cloud",
        "hosting",
    }
)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a class of words that exclude each other, such as a weekday, and its place."""

    group: str
    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """`terms` are without words of grammar; `closure` also has all that they belong to.
    `proper` are the places of names.

    `about` are the concepts of the groups of words by which the sentence examines a thing; "" for the general group.
    """

    plain: str
    terms: tuple[Term, ...]
    names: frozenset[str]
    known: frozenset[str]
    closure: frozenset[str]
    technologies: tuple[Mention, ...]
    amounts: tuple[Quantity, ...]
    members: tuple["Member", ...]
    verbs: frozenset[str]
    about: frozenset[str]
    is_question: bool
    japanese: bool
    proper: tuple[tuple[int, int], ...]
    triggers: frozenset[str]

    @property
    def undoes(self) -> bool:
        """Whether it asks that something is removed or prevented."""
        return UNDO.search(self.plain) is not None

    def is_place(self, term: Term) -> bool:
        """Whether the term only says where something is or goes: "in the log", ログに."""
        if BEFORE_PLACE.search(self.plain[max(0, term.start - 40) : term.start]):
            return True
        return AFTER_PLACE.match(self.plain[term.end : term.end + 8]) is not None

    def examines(self, concepts: frozenset[str]) -> bool:
        """Whether it only asks about, compares, documents or tests; not when the decision is about that itself."""
        return self.is_question or any(concept not in concepts for concept in self.about)

    def done_first(self) -> "Sentence | None":
        """What is done before it is examined: 「本番にログインして」 of 「本番にログインして調べて」."""
        if self.is_question:
            return None
        for match in THEN.finditer(self.plain):
            done = read_sentence(self.plain[: match.end()].rstrip("、, "))
            if not done.about:
                return done
        return None

    def avoids(self, start: int, end: int) -> bool:
        """Whether what is at this place is left, replaced or removed."""
        before = self.plain[max(0, start - 70) : start]
        if CARRIED.search(before):
            return False
        if LEGACY.search(before):
            return True
        if BEFORE_AWAY.search(before) or BEFORE_LEFT.search(before) or BEFORE_PART_AWAY.search(before):
            return True
        return AFTER_AWAY.match(self.plain[end : end + 45]) is not None

    def leaves(self, start: int, end: int) -> bool:
        """Whether what is in use at this place is abandoned."""
        if BEFORE_LEFT.search(self.plain[max(0, start - 70) : start]):
            return not self._is_attribute(end)
        return AFTER_LEFT.match(self.plain[end : end + 60]) is not None

    def adopts(self, start: int, end: int) -> bool:
        """Whether it asks to use what is at this place."""
        before, after = (
            self.plain[max(0, start - 70) : start],
            self.plain[end : end + 20],
        )
        return BEFORE_ADOPTED.search(before) is not None or AFTER_ADOPTED.match(after) is not None

    def bypasses(self, start: int, end: int) -> bool:
        """Whether it asks to do without what is at this place, which is required."""
        before, after = self.plain[max(0, start - 60) : start], self.plain[end : end + 30]
        return BYPASS_BEFORE.search(before) is not None or BYPASS_AFTER.match(after) is not None

    def _is_attribute(self, end: int) -> bool:
        """Whether a noun follows directly: "remove the React warning" does not remove React."""
        following = self.plain[end : end + 20].lstrip(" ")
        word = following.split(" ")[0].strip(",.;:")
        return self.plain[end : end + 1] == " " and word.isalpha() and word not in _AFTER_OBJECT


# Why something is asked for, which says nothing about what is: 調査しやすいように、…
REASON = re.compile(
    r"(?:,? so (?:that )?|,? because |,? since |,? in order to )(?=[a-z]).*$"
    r"|^[^。、]{2,40}(?:ように|ために?|ので|から)、"
)
# Where one thing is done and then another.
THEN = re.compile(
    r"(?<=[しっいんけえせびげ])(?<!につい)(?<!に関し)(?<!とし)(?<!に対し)(?<!を通し)(?<!によっ)[てで][、,]?(?![いおあくみしはもか、]|$)"
    r"|(?<=[一-龯]し)、"
)
# A sentence that is to be shown or written somewhere is not asked for.
QUOTED = re.compile(
    r"「[^「」]{8,80}」(?=と)"
    r"|(?<!\w)'(?:[^' \n]{1,20} ){3,12}[^' \n]{1,20}'(?!\w)"
    r"|\"(?:[^\" \n]{1,20} ){3,12}[^\" \n]{1,20}\""
)
# "Devices talk to the cloud over MQTT" uses it; "PostgreSQL over MySQL" does not.
CARRIED = re.compile(
    r"(?<![a-z])(?:talk|speak|communicat|report|sen[dt]|connect|stream|sync|serv|publish|transfer|transmit|access|call)"
    r"[a-z]*(?: [a-z-]+){0,6} over (?:the |our )?$"
)
NAME = re.compile(r"(?<![A-Za-z0-9_/.-])[A-Za-z0-9]*[A-Z][A-Za-z0-9]+(?:[.+#-][A-Za-z0-9]+)*(?![A-Za-z0-9_/])")
BEFORE_PLACE = re.compile(
    r"(?<![a-z])(?:in|on|to|into|onto|from|at|via|through|inside|under|within|outside)"
    r" (?:(?:the|a|an|our|your|their|its|any|all|public|production|local|shared|internal) )*$"
)
AFTER_PLACE = re.compile(r" ?(?:上|内|側|中)?(?:に(?!つ|関|対)|で(?!き)|へ|から|には|では|への|での)")
_AFTER_OBJECT = frozenset(
    [
        "and",
        "or",
        "to",
        "with",
        "for",
        "in",
        "from",
        "on",
        "at",
        "by",
        "as",
        "because",
        "since",
        "so",
        "then",
        "instead",
        "entirely",
        "completely",
        "everywhere",
        "now",
        "today",
        "before",
        "after",
        "until",
        "when",
        "where",
        "while",
        "it",
        "that",
        "which",
        "but",
        "via",
        "into",
    ]
)


def _blank(quoted: re.Match[str]) -> str:
    return f"{quoted[0][0]}{' ' * (len(quoted[0]) - 2)}{quoted[0][-1]}"


def read_sentences(text: str) -> list[Sentence]:
    """The sentences of a statement, bounded."""
    found = split_sentences(QUOTED.sub(_blank, text[:READ_CHARACTERS]))
    return [read_sentence(each) for each in found[:MAX_SENTENCES]]


@lru_cache(maxsize=8192)
def read_sentence(text: str) -> Sentence:
    plain = normalised(text)[:SENTENCE_CHARACTERS]
    amounts = tuple(quantities(plain))
    terms = tuple(term for term in terms_of(_without(plain, amounts)) if term.known or _says_something(term.name))
    cased = unicodedata.normalize("NFKC", text)[:SENTENCE_CHARACTERS]  # "Go" is a language, "go" is not
    technologies = tuple(mentions_of(cased))
    known = frozenset(term.name for term in terms if term.known)
    members = members_of(plain)
    classes = {CLASS_CONCEPTS[each.group] for each in members if each.group in CLASS_CONCEPTS}
    closure = _closure(terms, technologies, amounts) | classes
    asked = REASON.sub("", plain) or plain
    opposed = {name for name, each in OPPOSITES.items() if closure.intersection(each)}
    return Sentence(
        plain=plain,
        terms=terms,
        names=frozenset(term.name for term in terms),
        known=known,
        closure=closure,
        technologies=technologies,
        amounts=amounts,
        members=members,
        verbs=_verbs(plain, terms),
        about=frozenset(name for name, pattern in ABOUT.items() if pattern.search(asked)),
        is_question=QUESTION.search(plain.strip()) is not None and REQUEST.search(plain.strip("?？ ")) is None,
        japanese=is_japanese(plain),
        proper=_proper_names(cased) if len(cased) == len(plain) else (),
        triggers=closure | opposed | _rival_words(technologies, members) | frozenset(_markers(plain)),
    )


def _proper_names(cased: str) -> tuple[tuple[int, int], ...]:
    """The places of names of products and the like: "CoAP", but not the first word of a sentence."""
    return tuple(match.span() for match in NAME.finditer(cased) if match.start() > 0 or not match[0][1:].islower())


def _markers(plain: str) -> Iterator[str]:
    if any(pattern.search(plain) for pattern in ACTORS.values()):
        yield ACTOR
    if BUILDS.search(plain):
        yield A_FEATURE


def _says_something(name: str) -> bool:
    """Whether an unknown word names a thing: 直接編集 is made of words that name none."""
    if name in STOP or len(name) < 2:
        return False
    return name.isascii() or len(EMPTY.sub("", name)) > 1


def _rival_words(technologies: tuple[Mention, ...], members: tuple[Member, ...]) -> frozenset[str]:
    """The words by which a decision may name what excludes these technologies and members."""
    purposes = [name for mention in technologies for name in PURPOSES[mention.purpose]]
    siblings = [name for member in members for name in CLASSES[member.group]]
    return frozenset(word for name in (*purposes, *siblings) for word in WORD.findall(name.lower()))


def _verbs(plain: str, terms: tuple[Term, ...]) -> frozenset[str]:
    """The classes of verbs in a text; a word that names a concept ("deploy", "log") is compared as one."""
    taken = {place for term in terms if term.known for place in range(term.start, term.end)}
    return frozenset(
        name for name, pattern in VERBS.items() if any(match.start() not in taken for match in pattern.finditer(plain))
    )


def members_of(plain: str) -> tuple[Member, ...]:
    """The members of classes (weekdays, frequencies, ...) in a normalised text."""
    return tuple(
        Member(group, name, *match.span())
        for group, members in CLASSES.items()
        for name, pattern in members.items()
        if (match := pattern.search(plain))
    )


def _without(plain: str, amounts: tuple[Quantity, ...]) -> str:
    """The text with its amounts as blanks, so that "15 min" is no minimum."""
    for each in amounts:
        if each.unit and each.unit not in COUNTED:
            plain = f"{plain[: each.start]}{' ' * (each.end - each.start)}{plain[each.end :]}"
    return plain


def _closure(
    terms: tuple[Term, ...], technologies: tuple[Mention, ...], amounts: tuple[Quantity, ...]
) -> frozenset[str]:
    found = {concept for term in terms for concept in wider(term.name)}
    found.update(CONCEPT_OF_UNIT[each.unit] for each in amounts if each.unit in CONCEPT_OF_UNIT)
    for mention in technologies:
        found.update(wider(TOPIC_OF_PURPOSE[mention.purpose]))
        found.add(mention.purpose)
        if mention.purpose in HOSTED:
            found.add("third party")
    return frozenset(found)
