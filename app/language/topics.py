"""What a text is about: concepts and topics, the same in English and Japanese."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from app.language.data import read_data
from app.language.technologies import mentions_of
from app.language.words import CJK_RUN, WORD, normalised, stem

READ_CHARACTERS = 1000
LONGEST_TERM = 5  # words

_DATA = read_data(__file__, "topics.toml")
CONCEPTS: Mapping[str, Sequence[str]] = _DATA["concepts"] | read_data(__file__, "vocabulary.toml")["concepts"]
TOPICS: Mapping[str, Sequence[Sequence[str]]] = _DATA["topics"]
TOPIC_OF_PURPOSE: Mapping[str, str] = _DATA["purposes"]
KINDS: Mapping[str, Sequence[str]] = _DATA["kinds"]


@dataclass(frozen=True, slots=True)
class Term:
    """A concept in a normalised text, or a word that names none of the known concepts."""

    name: str
    start: int
    end: int
    known: bool


def topic_key(topic: str) -> str:
    """The topic in a form that is equal for equal topics: データベース, DB and "the database" are "database".

    Words that the data file does not have are kept as stems: "DB for invoices" is "database, invoice".
    """
    terms = _terms(topic[:READ_CHARACTERS])
    names = {term.name for term in terms}
    found = _topic_of_concepts({term.name for term in terms if term.known})
    if found is not None:
        topic_name, used = found
        return ", ".join([topic_name, *sorted(names - used - {topic_name})])
    if not names or all(not term.known for term in terms):
        mention = next(iter(mentions_of(topic[:READ_CHARACTERS])), None)
        # "Python version" is another topic than the programming language.
        if mention is not None and all(mention.start <= each.start and each.end <= mention.end for each in terms):
            return TOPIC_OF_PURPOSE[mention.purpose]
    return ", ".join(sorted(names)) or normalised(topic).strip()


def topic_of(text: str) -> str | None:
    """The topic that a sentence speaks about, by its words or by the technologies in it; None when it names none."""
    text = text[:READ_CHARACTERS]
    concepts = [term.name for term in _terms(text) if term.known]
    found = _topic_of_concepts(concepts)
    if found is not None and len(found[1]) > 1:
        return found[0]
    mentions = sorted(mentions_of(text), key=lambda mention: mention.source)
    if mentions:
        return TOPIC_OF_PURPOSE[mentions[0].purpose]
    if found is not None:
        return found[0]
    return concepts[0] if concepts else None


def terms_of(text: str) -> tuple[Term, ...]:
    """The concepts and the other words of a text in order; positions are those in the normalised text."""
    return _terms(text[:READ_CHARACTERS])


@lru_cache(maxsize=4096)
def wider(concept: str) -> frozenset[str]:
    """The concept and all that it belongs to: an iOS app is a mobile app."""
    found, new = {concept}, [concept]
    while new:
        new = [parent for each in new for parent in KINDS.get(each, ()) if parent not in found]
        found.update(new)
    return frozenset(found)


def mixed_terms(plain: str) -> list[Term]:
    """The concepts of a normalised text that are written in Latin letters and Japanese: mainブランチ."""
    pattern, words = _mixed_vocabulary()
    return [Term(words[match[0].replace(" ", "")], *match.span(), known=True) for match in pattern.finditer(plain)]


def _topic_of_concepts(concepts: Iterable[str]) -> tuple[str, set[str]] | None:
    """The topic that needs most of the concepts, and those that it needs."""
    present = set(concepts)
    best: tuple[str, set[str]] | None = None
    for name, alternatives in TOPICS.items():
        for needed in alternatives:
            if present.issuperset(needed) and (best is None or len(needed) > len(best[1])):
                best = name, set(needed)
    if best is None:
        return None
    name, needed_concepts = best
    related = {concept for alternative in TOPICS[name] for concept in alternative}
    return name, needed_concepts | related & present


@lru_cache(maxsize=8192)
def _terms(text: str) -> tuple[Term, ...]:
    plain = normalised(text)[: 2 * READ_CHARACTERS]
    mixed = mixed_terms(plain)
    plain = _mixed_vocabulary()[0].sub(lambda match: " " * len(match[0]), plain)
    return tuple(sorted([*mixed, *_english_terms(plain), *_japanese_terms(plain)], key=lambda term: term.start))


def _english_terms(plain: str) -> Iterator[Term]:
    spans = [match.span() for match in WORD.finditer(plain)]
    stems = [stem(plain[start:end]) for start, end in spans]
    vocabulary, generic = _english_vocabulary(), _generic()
    place = 0
    while place < len(spans):
        for length in range(min(LONGEST_TERM, len(spans) - place), 0, -1):
            words = [plain[start:end] for start, end in spans[place : place + length]]
            if concept := vocabulary.get(" ".join(words)) or vocabulary.get(" ".join(stems[place : place + length])):
                yield Term(concept, spans[place][0], spans[place + length - 1][1], known=True)
                break
        else:
            length = 1
            if stems[place] not in generic and not stems[place].isdigit():
                yield Term(stems[place], *spans[place], known=False)
        place += length


def _japanese_terms(plain: str) -> Iterator[Term]:
    words, longest = _japanese_vocabulary()
    for run in CJK_RUN.finditer(plain):
        place, end, rest = run.start(), run.end(), run.start()
        while place < end:
            found = next(
                (
                    length
                    for length in range(min(longest, end - place), 0, -1)
                    if plain[place : place + length] in words
                ),
                0,
            )
            if not found:
                place += 1
                continue
            yield from _other_words(plain, rest, place)
            concept = words[plain[place : place + found]]
            if concept:
                yield Term(concept, place, place + found, known=True)
            place = rest = place + found
        yield from _other_words(plain, rest, end)


def _other_words(plain: str, start: int, end: int) -> Iterator[Term]:
    """The runs of katakana and of kanji between known words; hiragana is grammar."""
    first = start
    for place in range(start, end + 1):
        script = _script(plain[place]) if place < end else ""
        if place > first and script != _script(plain[first]):
            if _script(plain[first]) and place - first > 1:
                yield Term(plain[first:place], first, place, known=False)
            first = place


def _script(character: str) -> str:
    if "ァ" <= character <= "ー":
        return "katakana"
    return "kanji" if "㐀" <= character <= "鿿" or character in "々〆" else ""


@cache
def _english_vocabulary() -> dict[str, str]:
    """The concepts by their stems, and by their words as written: "customer" and "customize" have one stem."""
    words = {
        " ".join(WORD.findall(normalised(term))): concept
        for concept, terms in CONCEPTS.items()
        for term in (concept, *terms)
        if not CJK_RUN.search(term)
    }
    stems: dict[str, str] = {}
    for each, concept in words.items():
        stems.setdefault(" ".join(map(stem, each.split())), concept)
    plurals = {f"{each}s": concept for each, concept in words.items()}
    return stems | plurals | words


@cache
def _japanese_vocabulary() -> tuple[dict[str, str | None], int]:
    """The Japanese words with their concepts, None for generic words, and the length of the longest one."""
    words: dict[str, str | None] = {word: None for word in _DATA["generic"] if CJK_RUN.search(word)}
    for concept, terms in CONCEPTS.items():
        for term in terms:
            if CJK_RUN.fullmatch(term):
                words[term] = concept
    return words, max(map(len, words))


@cache
def _mixed_vocabulary() -> tuple[re.Pattern[str], dict[str, str]]:
    """The words of Latin letters or digits with Japanese: e2eテスト, with or without spaces between the scripts."""
    words = {
        normalised(term).replace(" ", ""): concept
        for concept, terms in CONCEPTS.items()
        for term in terms
        if CJK_RUN.search(term) and not CJK_RUN.fullmatch(term)
    }
    longest_first = sorted(words, key=len, reverse=True)
    alternatives = (re.sub(r"(?<=[a-z0-9])(?=[^a-z0-9])", " ?", word) for word in longest_first)
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(alternatives)})"), words


@cache
def _generic() -> frozenset[str]:
    return frozenset(stem(word) for word in _DATA["generic"] if not CJK_RUN.search(word))
