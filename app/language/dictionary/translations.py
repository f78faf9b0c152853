"""Translates the words of a question into the other language, each into its most common translations."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from app.language.dictionary.inflection import english_forms, japanese_forms
from app.language.dictionary.jmdict import Jmdict, Meaning, Written
from app.language.text import is_japanese
from app.language.words import CJK_RUN, WORD, normalised

READ_CHARACTERS = 200  # of a question
MOST_WORDS = 24  # of a question that are translated
MOST_FORMS = 6  # translations of a word, the most common ones
LONGEST_WORD = 10  # characters of a Japanese word
LONGEST_PHRASE = 3  # English words that have a translation of their own
MOST_ENTRIES = 3  # of a Japanese word, the most common ones
MOST_SENSES = 4  # of an entry
MOST_GLOSSES = 4  # of a sense
LONGEST_GLOSS = 3  # words; a longer one explains instead of translating
SHORTEST_HIRAGANA = 3  # a shorter run of hiragana is grammar in most cases

# In marks of common words: how much less common a later sense or translation is, and how much more a technical one.
LATER_SENSE = 0.7
LATER_GLOSS = 0.2
COMPUTING = 3.0
LOANWORD = 3.0

HIRAGANA = re.compile("[ぁ-ゖー]+")
KATAKANA = re.compile("[ァ-ヺー]+")
PARENTHESES = re.compile(r"\([^)]*\)")


def translate(dictionary: Jmdict, question: str, words: Iterable[str]) -> list[tuple[str, ...]]:
    """For each word of the question that the dictionary has, its translations, the most common first.

    `words`: the English words that search counts, which are all but those such as "the".
    """
    plain = normalised(question[:READ_CHARACTERS])
    found = from_japanese(dictionary, plain) if is_japanese(question) else from_english(dictionary, plain, set(words))
    return [tuple(forms[:MOST_FORMS]) for forms in found if forms][:MOST_WORDS]


def from_english(dictionary: Jmdict, plain: str, words: set[str]) -> list[list[str]]:
    asked = {phrase: list(_glosses_of(phrase)) for phrase in _phrases(plain, words)}
    meanings = dictionary.meanings({gloss for glosses in asked.values() for gloss in glosses})
    forms = _written_forms(dictionary, {meaning.entry for meaning in meanings})
    by_gloss = defaultdict[str, list[Meaning]](list)
    for meaning in meanings:
        by_gloss[meaning.gloss].append(meaning)
    return [
        _commonest(scored for gloss in glosses for meaning in by_gloss[gloss] for scored in _japanese(meaning, forms))
        for glosses in asked.values()
    ]


def _phrases(plain: str, words: set[str]) -> Iterator[tuple[str, ...]]:
    """The words of the question, and the phrases that begin and end with one of them."""
    spoken = [match[0] for match in WORD.finditer(plain)]
    for start, first in enumerate(spoken):
        for end in range(start + 1, min(start + LONGEST_PHRASE, len(spoken)) + 1):
            if first in words and spoken[end - 1] in words:
                yield tuple(spoken[start:end])


def _glosses_of(phrase: Sequence[str]) -> Iterator[str]:
    for last in english_forms(phrase[-1]):
        gloss = " ".join([*phrase[:-1], last])
        yield from (gloss, f"to {gloss}", gloss.capitalize())


def _written_forms(dictionary: Jmdict, entries: set[int]) -> Mapping[int, tuple[Written | None, Written]]:
    """The most common form in kanji, if there is one, and that in kana."""
    kanji = _commonest_by_entry(dictionary.kanji_of(entries))
    return {entry: (kanji.get(entry), kana) for entry, kana in _commonest_by_entry(dictionary.kana_of(entries)).items()}


def _commonest_by_entry(forms: Iterable[Written]) -> dict[int, Written]:
    found = dict[int, Written]()
    for form in forms:
        if form.entry not in found or form.marks > found[form.entry].marks:
            found[form.entry] = form
    return found


def _japanese(
    meaning: Meaning, forms: Mapping[int, tuple[Written | None, Written]]
) -> Iterator[tuple[str, float, bool]]:
    """The forms of a meaning, each with how common it is, and whether any list calls it common."""
    if meaning.entry not in forms:
        return
    kanji, kana = forms[meaning.entry]
    marks = max(kana.marks, kanji.marks if kanji else 0) + COMPUTING * meaning.computing
    if kanji is None and KATAKANA.fullmatch(kana.text):
        marks += LOANWORD
    score = marks - LATER_SENSE * meaning.sense
    if kanji is None or meaning.in_kana:
        yield kana.text, score, marks > 0
    if kanji is not None:
        yield kanji.text, score, marks > 0


def _commonest(scored: Iterable[tuple[str, float, bool]]) -> list[str]:
    """The forms in order; those that no list calls common only where there are no others."""
    best, common = dict[str, float](), set[str]()
    for form, score, is_common in scored:
        best[form] = max(best.get(form, score), score)
        if is_common:
            common.add(form)
    return sorted((form for form in best if not common or form in common), key=lambda form: -best[form])


def from_japanese(dictionary: Jmdict, plain: str) -> list[list[str]]:
    runs = [match[0] for match in CJK_RUN.finditer(plain)]
    asked = {form for run in runs for start in range(len(run)) for _, form in _words_at(run, start)}
    kana = {form for form in asked if HIRAGANA.fullmatch(form) or KATAKANA.fullmatch(form)}
    entries = defaultdict[str, list[Written]](list)
    for each in dictionary.entries_of(asked - kana, kana):
        entries[each.text].append(each)
    used = [form for run in runs for form in _split(run, entries)]
    found = {form: _most_common(entries[form]) for form in dict.fromkeys(used)}
    glosses = _glosses(dictionary, {each.entry for chosen in found.values() for each in chosen})
    return [_commonest(_english(chosen, glosses)) for chosen in found.values()]


def _words_at(run: str, start: int) -> Iterator[tuple[int, str]]:
    """The words that may be at this place, the longest first: their length here, and their forms in a dictionary."""
    for length in range(min(LONGEST_WORD, len(run) - start), 0, -1):
        text = run[start : start + length]
        if HIRAGANA.fullmatch(text) and length < SHORTEST_HIRAGANA:
            return
        for form in japanese_forms(text):
            yield length, form


def _split(run: str, known: Mapping[str, Sequence[Written]]) -> Iterator[str]:
    """The words of the run that are known, the longest at each place."""
    place = 0
    while place < len(run):
        length, form = next(((length, form) for length, form in _words_at(run, place) if form in known), (1, None))
        if form is not None:
            yield form
        place += length


def _most_common(entries: Iterable[Written]) -> list[Written]:
    return sorted(entries, key=lambda each: -each.marks)[:MOST_ENTRIES]


def _glosses(dictionary: Jmdict, entries: set[int]) -> Mapping[int, list[list[str]]]:
    """The translations of each sense of the entries."""
    result = defaultdict[int, list[list[str]]](list)
    for (entry, _), rows in groupby(dictionary.glosses(entries), key=lambda row: row[:2]):
        result[entry].append([gloss for _, _, gloss in rows])
    return result


def _english(
    entries: Iterable[Written], glosses: Mapping[int, Sequence[Sequence[str]]]
) -> Iterator[tuple[str, float, bool]]:
    for each in entries:
        for sense, texts in enumerate(glosses[each.entry][:MOST_SENSES]):
            for place, text in enumerate(texts[:MOST_GLOSSES]):
                gloss = PARENTHESES.sub(" ", normalised(text)).strip().removeprefix("to ")
                if 0 < len(gloss.split()) <= LONGEST_GLOSS:
                    yield gloss, each.marks - LATER_SENSE * sense - LATER_GLOSS * place, True
