"""Translations of the question's words, so that words find texts of the other language, if a dictionary is installed.

A text of the other language that contains a translation of every word scores a share of what the question allows. The
translations come from app/language/dictionary; in a memory of one language hardly any occur, and they weigh little.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from app.language.dictionary.package import DictionaryUnreadable
from app.language.words import CJK_RUN, normalised, word_spans
from app.memory.search.ranking import ENGLISH, JAPANESE, QueryWeights, idf
from app.models.embedders.daemon_thread import DaemonThread
from sql.repositories.search import QueryWord, Totals

if TYPE_CHECKING:
    from app.language.dictionary.jmdict import Jmdict

log = structlog.get_logger()

Translations = Sequence[tuple[str, ...]]

SHARE = 0.5  # of the highest score of a question
SHARE_WITH_MEANING = 0.2  # the same where vectors find other languages, which they do better
DECAY = 0.9  # the weight of a translation, compared with that of the one before


class Dictionary:
    """Translates questions in a thread of its own; `path` is None when no dictionary is installed."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._opened: Jmdict | None = None
        self._thread = DaemonThread("dictionary")

    async def translate(self, question: str, words: Sequence[QueryWord]) -> Translations:
        """For each word its translations; empty without a dictionary. An unreadable one is logged once."""
        if self._path is None or not words:
            return []
        try:
            return await self._thread.run(lambda: self._translate(question, [each.word for each in words]))
        except DictionaryUnreadable as error:
            log.error(
                "the dictionary is unreadable; search does not translate", file=str(self._path), reason=str(error)
            )
            self._path = None
            return []

    def _translate(self, question: str, words: Sequence[str]) -> Translations:
        # Imported with the first question, so that a server without a dictionary does not load SQLite.
        from app.language.dictionary.jmdict import Jmdict
        from app.language.dictionary.translations import translate

        if self._opened is None:
            if self._path is None:
                return []
            self._opened = Jmdict(self._path)
        return translate(self._opened, question, words)


def text_of(translations: Translations) -> str:
    """All translations as one text, for the terms of all of them."""
    return "\n".join(dict.fromkeys(form for forms in translations for form in forms))


def weigh_translations(
    weights: QueryWeights, translations: Translations, words: Sequence[QueryWord], totals: Totals, share: float
) -> dict[int, float]:
    """The weight of each key of the translations that occur; `words`: the terms of all translations.

    The best translations of all words weigh together this share of what the question allows at most, or less where few
    words have a translation that occurs: "TV" for 「テレビ」 in a memory of Japanese texts is chance.
    """
    balance = ENGLISH if weights.japanese else JAPANESE
    known = {each.word: each for each in words}
    found, best = dict[int, float](), list[float]()
    for forms in translations:
        sums = [0.0]
        for place, form in enumerate(forms):
            own = [known[part] for part in _parts(form) if part in known]
            occurring = {
                each.word: idf(each.documents, totals.documents) ** balance.power * DECAY**place / len(own)
                for each in own
                if each.documents > 0
            }
            sums.append(sum(occurring.values()))
            for each in own:
                for key in each.keys if each.word in occurring else ():
                    found[key] = max(found.get(key, 0.0), occurring[each.word])
        best.append(max(sums))
    if not any(best):
        return {}
    covered = sum(each > 0 for each in best) / len(best)
    scale = share * weights.most * covered**2 / sum(best)
    return {key: weight * scale for key, weight in found.items() if key not in weights.by_key}


def _parts(form: str) -> set[str]:
    """The words of a form as search counts them: also the single kanji, because 書く is written 書い too."""
    plain = normalised(form)
    return {plain[start:end] for start, end in word_spans(plain)} | {
        letter for run in CJK_RUN.findall(plain) for letter in run
    }
